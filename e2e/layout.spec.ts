import type { Page } from "@playwright/test";
import { findFaults } from "./support/layout.ts";
import { photographPath } from "./support/photos.ts";
import { type Locale, walkScreens } from "./support/screens.ts";
import { expect, test } from "./support/test.ts";

const screens = {
  "320 px wide": { width: 320, height: 640 },
  "400 % zoom": { width: 320, height: 256 },
  "a phone": { width: 390, height: 844 },
  "a phone on its side": { width: 844, height: 390 },
  "a desk": { width: 1440, height: 900 },
} as const;

async function faultsOf(page: Page): Promise<string[]> {
  // A frame in another process hears of its new size a little later.
  const frame = page.frames().at(1);
  const widthPx = await page.locator("iframe").evaluateAll(([element]) => element?.clientWidth);
  const inFramePx = await frame?.evaluate(() => window.innerWidth);
  if (widthPx !== inFramePx) return [`the frame is ${inFramePx} px wide and not yet ${widthPx}`];
  const found = await Promise.all(page.frames().map((frame) => frame.evaluate(findFaults)));
  return found.flat();
}

for (const locale of ["en", "ar"] satisfies Locale[]) {
  test(`nothing is cut off, small or out of reach on any screen: ${locale}`, async ({ bank, page }) => {
    test.setTimeout(240_000);
    const expectSoftly = expect.configure({ soft: true });
    await walkScreens(bank, locale, async (screen) => {
      for (const [name, size] of Object.entries(screens)) {
        await page.setViewportSize(size);
        const faults = expectSoftly.poll(() => faultsOf(page), { message: `${screen}, ${name}`, timeout: 10_000 });
        await faults.toEqual([]);
      }
    });
  });
}

test("on a phone on its side the card is left and the panel right; in Arabic the other way round", async ({
  bank,
  page,
}) => {
  await page.setViewportSize(screens["a phone on its side"]);
  for (const locale of ["en", "ar"] as const) {
    await bank.open({ locale });
    await bank.place(photographPath("march-pastoral"));
    const card = await bank.card.boundingBox();
    const panel = await bank.designer.getByRole("radio").first().boundingBox();
    if (card === null || panel === null) throw new Error("card and panel are not on the screen");
    if (locale === "en") expect(panel.x).toBeGreaterThan(card.x + card.width);
    else expect(card.x).toBeGreaterThan(panel.x + panel.width);
    expect(card.width).toBeGreaterThan(350);
  }
});
