import { clampPlacement, composeAffine, photoToRaster } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import { type Design, photoOf } from "#design/design.ts";
import { createSurface } from "./canvas.ts";
import { PhotoProblem } from "./protocol.ts";
import { readSurface } from "./read-surface.ts";

/** The card as the screen shows it, small: some 60 points for each field that is compared. */
const shownWidthPx = 48;
const fields = { across: 6, down: 4 } as const;
/**
 * By how much, of 255, a picture's fields differ from what the screen shows, all in all and each. The picture is made in linear
 * light, the preview is not: stripes of black and white too fine for both are 188 in one and 128 in the other.
 */
const maxMeanDifference = 70;
const maxDifference = 150;
/** Where the fields on the screen differ by more than this, those of the picture differ by a quarter of that at least. */
const flatShown = 12;

/** The card as the preview of its photo shows it. Undefined where there is nothing to see. Called where the preview is. */
export function drawShown(design: Design, preview: ImageBitmap, product: Product): ImageBitmap | undefined {
  const photo = photoOf(design);
  if (photo === null) return undefined;
  const scale = shownWidthPx / product.widthPx;
  const heightPx = Math.round(product.heightPx * scale);
  try {
    const context = createSurface(shownWidthPx, heightPx);
    context.fillStyle = design.ground;
    context.fillRect(0, 0, shownWidthPx, heightPx);
    const map = photoToRaster(clampPlacement(photo.placement, photo, product), photo, product);
    context.setTransform(...composeAffine([scale, 0, 0, scale, 0, 0], map));
    context.drawImage(preview, 0, 0, photo.widthPx, photo.heightPx);
    return context.canvas.transferToImageBitmap();
  } catch {
    return undefined;
  }
}

/** The mean R, G and B of each field, one behind the other. */
function meansOf(rgba: Uint8ClampedArray, widthPx: number): Float64Array {
  const heightPx = rgba.length / 4 / widthPx;
  const { across, down } = fields;
  const sums = new Float64Array(across * down * 3);
  const counts = new Float64Array(across * down);
  for (let y = 0; y < heightPx; y++) {
    const row = Math.floor((y * down) / heightPx) * across;
    for (let x = 0; x < widthPx; x++) {
      const field = row + Math.floor((x * across) / widthPx);
      const at = (y * widthPx + x) * 4;
      for (let channel = 0; channel < 3; channel++) {
        sums[field * 3 + channel] = (sums[field * 3 + channel] as number) + (rgba[at + channel] as number);
      }
      counts[field] = (counts[field] as number) + 1;
    }
  }
  return sums.map((sum, index) => sum / (counts[Math.floor(index / 3)] as number));
}

/** How far apart a channel's darkest and lightest fields are, of the channel in which that is most. */
function rangeOf(means: Float64Array): number {
  const ranges = [0, 1, 2].map((channel) => {
    const values = means.filter((_, index) => index % 3 === channel);
    return Math.max(...values) - Math.min(...values);
  });
  return Math.max(...ranges);
}

/**
 * Throws PhotoProblem "out-of-memory" when a picture (RGBA rows of the product's raster) is not what the screen shows of it, as
 * where a decoder or a canvas without memory gives white, black or whatever lay there, and says nothing.
 */
export async function compareShown(rgba: Uint8ClampedArray, { widthPx }: Product, shown: ImageBitmap): Promise<void> {
  const { width, height } = shown;
  const context = createSurface(width, height, { willReadFrequently: true });
  context.drawImage(shown, 0, 0);
  const wanted = meansOf(await readSurface(context, width, height), width);
  const means = meansOf(rgba, widthPx);
  const differences = means.map((mean, at) => Math.abs(mean - (wanted[at] as number)));
  const difference = differences.reduce((sum, each) => sum + each, 0) / means.length;
  const isBlank = rangeOf(wanted) > flatShown && rangeOf(means) < rangeOf(wanted) / 4;
  if (difference <= maxMeanDifference && Math.max(...differences) <= maxDifference && !isBlank) return;
  const cause = `the picture differs from the preview by ${difference.toFixed(1)} of 255${isBlank ? ", and is blank" : ""}`;
  throw new PhotoProblem("out-of-memory", { cause });
}
