// Runs in the browser: how far the stage and the preview are from the picture when light and colours are adjusted.
import { coverPlacement, photoToRaster } from "#card/placement.ts";
import { products } from "#card/products.ts";
import { colourBelow, createDesign } from "#design/design.ts";
import { adjustPhoto, putPhoto } from "#design/edits.ts";
import { type Adjustments, noAdjustments } from "#design/look.ts";
import { makeAdjustTable } from "#image/adjust.ts";
import { createImageClient } from "#image/client.ts";
import { applyColourTable } from "#design/colour-table.ts";

const looks: readonly Adjustments[] = [
  { ...noAdjustments, brightness: 60 },
  { ...noAdjustments, contrast: 100, lift: 100 },
  { brightness: -35, contrast: -60, warmth: 100, saturation: 100, lift: 40 },
];

function bytesOf(bitmap: ImageBitmap): Uint8ClampedArray {
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
  if (context === null) throw new Error("no canvas");
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
}

function mostApart(one: Uint8ClampedArray, other: Uint8ClampedArray): number {
  return one.reduce((most, level, at) => Math.max(most, Math.abs(level - (other[at] ?? 1000))), 0);
}

async function run(): Promise<string> {
  const [product] = products;
  const client = createImageClient();
  const photo = await client.openPhoto(await (await fetch("/photo")).blob(), product);
  const placement = coverPlacement(photo, product, 3);
  const plain = putPhoto(photo, placement)(createDesign(product), product);
  const levels: { stage: number; preview: number }[] = [];
  for (const adjust of looks) {
    const { png } = await client.renderPicture(adjustPhoto(adjust)(plain, product), [photo], product);
    const picture = bytesOf(await createImageBitmap(new Blob([png], { type: "image/png" })));
    const map = photoToRaster(placement, photo, product);
    const wanted = { map, raster: product, ground: colourBelow(plain), look: { adjust } };
    const stage = bytesOf(await photo.drawRegion(wanted, new AbortController().signal));
    const preview = bytesOf(photo.preview);
    applyColourTable(preview, makeAdjustTable(adjust));
    levels.push({
      stage: mostApart(stage, picture),
      preview: mostApart(bytesOf(await photo.adjustPreview({ adjust }, false)), preview),
    });
  }
  return JSON.stringify(levels);
}

await fetch("/done", { method: "POST", body: await run().catch((error: unknown) => String(error)) });
