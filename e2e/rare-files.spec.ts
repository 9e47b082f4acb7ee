import { photographPath } from "./support/photos.ts";
import { heicPhoto } from "./support/rare-photos.ts";
import { expect, test } from "./support/test.ts";

for (const [part, address] of [
  ["script", /\/heic-[^/]*\.js$/],
  ["decoder", /\/libheif-[^/]*\.wasm$/],
] as const) {
  test(`a HEIC whose ${part} does not load is said to be none's fault, keeps the design, and opens when it is chosen again`, async ({
    bank,
    page,
  }) => {
    const { path } = await heicPhoto(`unloaded-${part}`);
    await bank.open();
    await bank.place(photographPath("march-pastoral"));
    await page.route(address, (route) => route.abort());
    await bank.pick(path);
    await bank.expectSentence("What opens photos of this kind has not loaded");
    await expect(bank.card).toBeVisible();
    await page.unroute(address);
    // The browser tells nobody of the same file in the same field, which the dialog empties first.
    await bank.drop(path);
    await expect(bank.designer.getByText("1,512 × 2,016 px")).toBeVisible({ timeout: 90_000 });
  });
}
