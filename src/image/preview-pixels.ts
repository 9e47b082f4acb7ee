import type { PhotoSize } from "#card/placement.ts";
import { applyColourTable } from "#design/colour-table.ts";
import type { Look } from "#design/look.ts";
import { createSurface, makeBitmap } from "./canvas.ts";
import { findFilter } from "#design/filters/filters.ts";
import { makeKnownLookTable } from "./known-look.ts";
import { makeLookTable } from "./look-table.ts";
import { type OpenedPhoto, PhotoProblem, type PreviewGiven } from "./protocol.ts";
import { readSurface } from "./read-surface.ts";

interface Pixels {
  readonly whole: ImageData;
  /** Half as large in either direction. */
  readonly half: ImageData;
  /** As large as the half, for what is made of it: new memory each time would take as long as the work. */
  readonly scratch: ImageData;
}

/** By their photos' SHA-256: previews that nobody has wanted to be adjusted yet, 8 MB at most each, and the pixels of the others, 12 MB. */
const kept = new Map<string, ImageBitmap>();
const previews = new Map<string, Pixels>();

/** Keeps a copy of a preview: the page would need longer than a frame for one. Where there is no memory for it the page will have to. */
export async function keepPreview({ sha256, preview }: OpenedPhoto): Promise<void> {
  const copy = await createImageBitmap(preview).catch(() => null);
  forgetPreview(sha256);
  if (copy !== null) kept.set(sha256, copy);
}

async function readAt(preview: ImageBitmap, scale: number): Promise<ImageData> {
  const [width, height] = [Math.ceil(preview.width * scale), Math.ceil(preview.height * scale)];
  const context = createSurface(width, height, { clear: true, willReadFrequently: true });
  context.drawImage(preview, 0, 0, width, height);
  const pixels = new ImageData(await readSurface(context, width, height), width, height);
  // Some engines keep a canvas's memory for long after it.
  context.canvas.width = 0;
  return pixels;
}

async function readPreview({ sha256, preview: given }: PreviewGiven): Promise<Pixels> {
  const copy = kept.get(sha256);
  kept.delete(sha256);
  const preview = given ?? copy;
  try {
    if (preview !== undefined) {
      const [whole, half] = [await readAt(preview, 1), await readAt(preview, 0.5)];
      previews.set(sha256, { whole, half, scratch: new ImageData(half.width, half.height) });
    }
  } finally {
    given?.close();
    copy?.close();
  }
  const pixels = previews.get(sha256);
  if (pixels === undefined) throw new PhotoProblem("render-failed", { cause: "this worker has no such preview" });
  return pixels;
}

export function forgetPreview(sha256: string): void {
  kept.get(sha256)?.close();
  kept.delete(sha256);
  previews.delete(sha256);
}

/**
 * A preview with its colours changed as those of the picture are, half as large in either direction where it has to be there soon. Throws
 * PhotoProblem where neither it nor its pixels are there, or the filter is not known.
 */
export async function adjustPreview(given: PreviewGiven, look: Look, soon: boolean): Promise<ImageBitmap> {
  const { whole, half, scratch } = await readPreview(given);
  const table = makeKnownLookTable(look);
  const changed = soon ? scratch : new ImageData(whole.width, whole.height);
  changed.data.set((soon ? half : whole).data);
  applyColourTable(changed.data, table);
  return makeBitmap(changed);
}

/**
 * The middle of a preview, small, with each of these filters over it: beneath each other, in one bitmap, each of `size`. Throws as
 * `adjustPreview` does.
 */
export async function drawThumbnails(
  given: PreviewGiven,
  filterIds: readonly string[],
  { widthPx, heightPx }: PhotoSize,
): Promise<ImageBitmap> {
  const { half } = await readPreview(given);
  const small = await shrinkTo(half, widthPx, heightPx);
  const all = new ImageData(widthPx, heightPx * filterIds.length);
  for (const [index, id] of filterIds.entries()) {
    // No photo at all rather than one that the filter would not make.
    if (id !== "" && findFilter(id) === undefined) continue;
    const one = all.data.subarray(index * small.length, (index + 1) * small.length);
    one.set(small);
    applyColourTable(one, makeLookTable({ filter: { id, percent: 100 } }));
  }
  return makeBitmap(all);
}

/** As much of the middle as fills this size. */
async function shrinkTo(pixels: ImageData, width: number, height: number): Promise<Uint8ClampedArray> {
  const whole = createSurface(pixels.width, pixels.height, { clear: true });
  whole.putImageData(pixels, 0, 0);
  const small = createSurface(width, height, { clear: true, willReadFrequently: true });
  const scale = Math.max(width / pixels.width, height / pixels.height);
  const [shownWidth, shownHeight] = [pixels.width * scale, pixels.height * scale];
  small.imageSmoothingQuality = "high";
  small.drawImage(whole.canvas, (width - shownWidth) / 2, (height - shownHeight) / 2, shownWidth, shownHeight);
  whole.canvas.width = 0;
  return readSurface(small, width, height);
}
