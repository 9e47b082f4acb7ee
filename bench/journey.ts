// The cards by which the checks are judged, as pictures to look at.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { photoToRaster } from "#card/placement.ts";
import { readKernel } from "#image/testing/read-kernel.ts";
import { resampleIn } from "#image/testing/resample-cases.ts";
import { drawTemplate, drawTrimLine } from "#providers/thales/emulator/card-art.ts";
import { type Crop, crops } from "./journey/crops.ts";
import { makePhoto, placeCrop } from "./journey/make-crop.ts";

const folder = join(import.meta.dirname, "../.cache/bench/journey");
const kernel = readKernel();

/** The card with what is printed over it, as a PNG. */
async function drawCard(crop: Crop): Promise<Buffer> {
  const photo = await makePhoto(crop);
  const { product, placement } = placeCrop(crop, photo);
  const { widthPx: width, heightPx: height } = product;
  const rgba = await sharp(photo.png).ensureAlpha().raw().toBuffer();
  const pixels = { width: photo.widthPx, height: photo.heightPx, rgba: new Uint8ClampedArray(rgba) };
  const card = resampleIn(kernel, pixels, photoToRaster(placement, photo, product), { width, height });
  const over = [drawTemplate(product, "Design", width, height), drawTrimLine(product, width, height)];
  return sharp(card, { raw: { width, height, channels: 4 } })
    .composite(over.map((input) => ({ input })))
    .png()
    .toBuffer();
}

mkdirSync(folder, { recursive: true });
for (const [index, crop] of crops.entries()) {
  const file = join(folder, `${String(index).padStart(2, "0")}-${crop.photo}.png`);
  await sharp(await drawCard(crop)).toFile(file);
  console.log(file, JSON.stringify(crop.judged));
}
const judgements = crops.reduce((sum, { judged }) => sum + Object.keys(judged).length, 0);
console.log(`journey crops=${crops.length} judgements=${judgements}`);
