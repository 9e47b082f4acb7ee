// Runs in the browser: how far the stage and the preview are from the picture under each filter.
import { coverPlacement, photoToRaster } from "#card/placement.ts";
import { products } from "#card/products.ts";
import { applyColourTable } from "#design/colour-table.ts";
import { colourBelow, createDesign } from "#design/design.ts";
import { putPhoto } from "#design/edits.ts";
import { filterIds } from "#design/filters/filters.ts";
import type { Look } from "#design/look.ts";
import { createImageClient } from "#image/client.ts";
import { makeLookTable } from "#image/look-table.ts";

const adjust = { brightness: 20, contrast: 15, warmth: -30, saturation: 25, lift: 40 };
const looks: readonly Look[] = [
  ...filterIds.map((id) => ({ filter: { id, percent: 100 } })),
  ...filterIds.map((id) => ({ adjust, filter: { id, percent: 45 } })),
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
  const levels: { look: string; stage: number; preview: number }[] = [];
  for (const look of looks) {
    const { png } = await client.renderPicture({ ...plain, look }, [photo], product);
    const picture = bytesOf(await createImageBitmap(new Blob([png], { type: "image/png" })));
    const map = photoToRaster(placement, photo, product);
    const wanted = { map, raster: product, ground: colourBelow(plain), look };
    const stage = bytesOf(await photo.drawRegion(wanted, new AbortController().signal));
    const preview = bytesOf(photo.preview);
    applyColourTable(preview, makeLookTable(look));
    levels.push({
      look: `${look.filter?.id} ${look.filter?.percent}%`,
      stage: mostApart(stage, picture),
      preview: mostApart(bytesOf(await photo.adjustPreview(look, false)), preview),
    });
  }
  return JSON.stringify(levels);
}

await fetch("/done", { method: "POST", body: await run().catch((error: unknown) => String(error)) });
