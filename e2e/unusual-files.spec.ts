import { totalmem } from "node:os";
import sharp from "sharp";
import { fitPlacement } from "#card/placement.ts";
import { asPhoto, enormousPhoto, unusualKinds, unusualPhoto } from "./support/files.ts";
import { photographPath } from "./support/photos.ts";
import { pixelsOf } from "./support/pictures.ts";
import { psnr, renderReference } from "./support/reference.ts";
import { expect, test } from "./support/test.ts";

test("photos in every form that browsers know open and print as they are", async ({ bank }, { outputDir }) => {
  test.setTimeout(180_000);
  await bank.open();
  for (const [index, kind] of unusualKinds.entries()) {
    await test.step(kind, async () => {
      // Each has a width of its own, by which it is known once it is on the card.
      const widthPx = 1600 + index;
      const path = await unusualPhoto(kind, widthPx, outputDir);
      await bank.pick(path);
      await expect(bank.designer.getByText(`${widthPx.toLocaleString("en")} × 1,200 px`)).toBeVisible();
      if (kind === "png-transparent") await bank.expectSentence("Parts of this photo are transparent");
      await bank.preview();
      const shown = await pixelsOf(bank.designer.getByRole("img", { name: "Print preview of your card" }));
      const placement = fitPlacement({ widthPx, heightPx: 1200 }, bank.product);
      const likeness = psnr(shown.data, await renderReference(path, placement, bank.product));
      // Without the press's profile the colours of CMYK come near and no nearer; inverted they would be below 10.
      expect.soft(likeness, kind).toBeGreaterThanOrEqual(kind === "jpeg-cmyk" ? 18 : 33);
      await bank.press("Back to the design");
    });
  }
});

test("a photo of 108 megapixels opens and prints, or a small device is said to have too little memory", async ({
  bank,
}, { outputDir }) => {
  test.setTimeout(180_000);
  await bank.open();
  await bank.pick(await enormousPhoto(outputDir));
  const opened = bank.designer.getByText("12,000 × 9,000 px");
  const refused = bank.designer.getByText("This device ran out of memory").first();
  const isLarge = totalmem() >= 4 * 1024 ** 3;
  await expect(isLarge ? opened : opened.or(refused)).toBeVisible({ timeout: 90_000 });
  if (await opened.isVisible()) await bank.preview();
});

test("a copied picture is pasted on the card", async ({ bank }) => {
  await bank.open();
  await bank.paste(asPhoto(await sharp(photographPath("march-pastoral")).png().toBuffer(), "image.png"));
  await expect(bank.card).toBeVisible();
});
