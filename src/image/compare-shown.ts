import { cardToRaster, clampPlacement, composeAffine, photoToRaster } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import type { Region } from "#card/region.ts";
import { colourBelow, type Design, type Photo, photoOf } from "#design/design.ts";
import { createSurface } from "./canvas.ts";
import { PhotoProblem } from "./protocol.ts";
import { readSurface } from "./read-surface.ts";
import { scaleOf } from "./resampler/resampler.ts";

/** The card as the screen shows it, small: some 60 points for each field that is compared. */
const shownWidthPx = 48;
const fields = { across: 6, down: 4 } as const;
/**
 * By how much, of 255, a picture's fields differ from what the screen shows, all in all and each. The picture is made in linear
 * light, the preview is not: stripes of black and white too fine for both are 188 in one and 128 in the other.
 */
const maxMeanDifference = 80;
const maxDifference = 150;
/** Where the fields on the screen differ by more than this, a picture is not of one colour. */
const flatShown = 24;
/** Of a flat picture, how far apart a channel's values are at most. */
const maxFlat = 12;
/** Some browsers look at four pixels of a larger picture for each that they draw: it is drawn so many times as large, and halved. */
const maxHalvings = 4;

function clipTo(context: OffscreenCanvasRenderingContext2D, { xMm, yMm, widthMm, heightMm }: Region): void {
  context.beginPath();
  context.rect(xMm - widthMm / 2, yMm - heightMm / 2, widthMm, heightMm);
  context.clip();
}

/** Drawn last of a preview, and of which card: while somebody draws or writes on that, the photo below stays as it is. */
const drawnLast = new WeakMap<ImageBitmap, { readonly of: string; readonly pixels: ImageData }>();

/** The card as the preview of its photo shows it. Undefined where there is nothing to see. Called where the preview is. */
export function drawShown(design: Design, preview: ImageBitmap, product: Product): ImageBitmap | undefined {
  const photo = photoOf(design);
  if (photo === null) return undefined;
  const of = JSON.stringify([photo, colourBelow(design), product.id, product.widthPx]);
  const last = drawnLast.get(preview);
  try {
    const pixels = last?.of === of ? last.pixels : shrink(photo, colourBelow(design), preview, product);
    drawnLast.set(preview, { of, pixels });
    const copy = createSurface(pixels.width, pixels.height, { willReadFrequently: true });
    copy.putImageData(pixels, 0, 0);
    return copy.canvas.transferToImageBitmap();
  } catch {
    return undefined;
  }
}

/** Takes as long as a frame for a large preview. */
function shrink(photo: Photo, below: string, preview: ImageBitmap, product: Product): ImageData {
  const map = photoToRaster(clampPlacement(photo.placement, photo, product), photo, product);
  const scale = shownWidthPx / product.widthPx;
  const perShown = preview.width / (photo.widthPx * scaleOf(map) * scale);
  const halvings = Math.min(maxHalvings, Math.max(0, Math.ceil(Math.log2(perShown))));
  let [width, height] = [shownWidthPx, Math.round(product.heightPx * scale)].map((px) => px * 2 ** halvings) as [
    number,
    number,
  ];
  // It is read by the worker next: what lies in a graphics processor would have to be fetched from there.
  let context = createSurface(width, height, { willReadFrequently: true });
  context.fillStyle = below;
  context.fillRect(0, 0, width, height);
  const enlarge = scale * 2 ** halvings;
  if (photo.region !== undefined) {
    context.setTransform(...composeAffine([enlarge, 0, 0, enlarge, 0, 0], cardToRaster(product)));
    clipTo(context, photo.region);
  }
  context.setTransform(...composeAffine([enlarge, 0, 0, enlarge, 0, 0], map));
  context.drawImage(preview, 0, 0, photo.widthPx, photo.heightPx);
  for (; width > shownWidthPx; [width, height] = [width / 2, height / 2]) {
    const half = createSurface(width / 2, height / 2, { willReadFrequently: true });
    half.drawImage(context.canvas, 0, 0, width / 2, height / 2);
    context = half;
  }
  return context.getImageData(0, 0, width, height);
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

/** Whether a picture is of one colour. */
function isFlat(rgba: Uint8ClampedArray): boolean {
  const [least, most] = [
    [255, 255, 255],
    [0, 0, 0],
  ] as [number[], number[]];
  for (let at = 0; at < rgba.length; at += 4) {
    for (let channel = 0; channel < 3; channel++) {
      const value = rgba[at + channel] as number;
      if (value < (least[channel] as number)) least[channel] = value;
      if (value > (most[channel] as number)) most[channel] = value;
    }
  }
  return most.every((value, channel) => value - (least[channel] as number) <= maxFlat);
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
  const isBlank = rangeOf(wanted) > flatShown && isFlat(rgba);
  if (difference <= maxMeanDifference && Math.max(...differences) <= maxDifference && !isBlank) return;
  const cause = `the picture differs from the preview by ${difference.toFixed(1)} of 255${isBlank ? ", and is blank" : ""}`;
  throw new PhotoProblem("out-of-memory", { cause });
}
