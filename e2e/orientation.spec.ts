import { pixelsOf } from "./support/pictures.ts";
import { photoWithExif } from "./support/photos.ts";
import { psnr, renderReference } from "./support/reference.ts";
import { fitPlacement } from "#card/placement.ts";
import { expect, test } from "./support/test.ts";

test("a photo of every orientation is upright on the card, turned once and not twice", async ({ bank }) => {
  test.setTimeout(180_000);
  await bank.open();
  for (let orientation = 1; orientation <= 8; orientation++) {
    const path = await photoWithExif("march-pastoral", orientation);
    const turned = orientation >= 5;
    await test.step(`orientation ${orientation}`, async () => {
      await bank.pick(path);
      await expect(bank.designer.getByText(turned ? "1,200 × 1,600 px" : "1,600 × 1,200 px")).toBeVisible();
      await bank.preview();
      const shown = await pixelsOf(bank.designer.getByRole("img", { name: "Print preview of your card" }));
      const size = turned ? { widthPx: 1200, heightPx: 1600 } : { widthPx: 1600, heightPx: 1200 };
      const reference = await renderReference(path, fitPlacement(size, bank.product), bank.product);
      expect(psnr(shown.data, reference)).toBeGreaterThanOrEqual(33);
      await bank.press("Back to the design");
      await expect(bank.card).toBeVisible();
    });
  }
});
