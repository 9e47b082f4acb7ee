import { heicPhoto, tiffPhoto } from "./support/rare-photos.ts";
import { digestInNode } from "./support/pictures.ts";
import { expect, test } from "./support/test.ts";

for (const [kind, make] of [
  ["HEIC", heicPhoto],
  ["TIFF", tiffPhoto],
] as const) {
  test(`a ${kind} of 12 megapixels goes the whole way, and its picture is the same as in Node, to the byte`, async ({
    bank,
  }) => {
    const { path, pngPath } = await make("browsers");
    await bank.open();
    await bank.drop(path);
    await expect(bank.card).toBeVisible({ timeout: 90_000 });
    await bank.adjust({ Turn: 5 });
    await bank.preview();
    const { photo, sha256 } = await bank.send();
    await bank.expectHeading(/Approved/);
    expect(sha256).toBe(await digestInNode(pngPath, photo.placement, bank.product));
  });
}
