import { totalmem } from "node:os";
import sharp from "sharp";
import { asPhoto, enormousPhoto } from "./support/files.ts";
import { photographPath } from "./support/photos.ts";
import { expect, test } from "./support/test.ts";

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
