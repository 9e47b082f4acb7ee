import type { LightGrid } from "#card/light.ts";
import { type Adjustments, noAdjustments } from "#design/look.ts";
import { makeAdjustTable } from "./adjust.ts";
import { createSurface } from "./canvas.ts";
import { applyColourTable } from "./colour-table.ts";
import { type PreviewGiven, PhotoProblem } from "./protocol.ts";
import { readSurface } from "./read-surface.ts";

interface Pixels {
  readonly whole: ImageData;
  /** Half as large in either direction. */
  readonly half: ImageData;
  /** As large as the half, for what is made of it: new memory each time would take as long as the work. */
  readonly scratch: ImageData;
}

/** The pixels of previews, as they were given, by their photos' SHA-256: 12 MB at most for each that is open. */
const previews = new Map<string, Pixels>();

async function readAt(preview: ImageBitmap, scale: number): Promise<ImageData> {
  const [width, height] = [Math.ceil(preview.width * scale), Math.ceil(preview.height * scale)];
  const context = createSurface(width, height, { clear: true, willReadFrequently: true });
  context.drawImage(preview, 0, 0, width, height);
  const pixels = new ImageData(await readSurface(context, width, height), width, height);
  // Some engines keep a canvas's memory for long after it.
  context.canvas.width = 0;
  return pixels;
}

async function readPreview({ sha256, preview }: PreviewGiven): Promise<Pixels> {
  if (preview !== undefined) {
    const [whole, half] = [await readAt(preview, 1), await readAt(preview, 0.5)];
    preview.close();
    previews.set(sha256, { whole, half, scratch: new ImageData(half.width, half.height) });
  }
  const pixels = previews.get(sha256);
  if (pixels === undefined) throw new PhotoProblem("render-failed", { cause: "this worker has no such preview" });
  return pixels;
}

export function forgetPreview(sha256: string): void {
  previews.delete(sha256);
}

/**
 * A preview with its colours changed as those of the picture are, half as large in either direction where it has to be there soon. Throws
 * PhotoProblem where neither it nor its pixels are there.
 */
export async function adjustPreview(given: PreviewGiven, adjust: Adjustments, soon: boolean): Promise<ImageBitmap> {
  const { whole, half, scratch } = await readPreview(given);
  const changed = soon ? scratch : new ImageData(whole.width, whole.height);
  changed.data.set((soon ? half : whole).data);
  applyColourTable(changed.data, makeAdjustTable(adjust));
  return createImageBitmap(changed);
}

/** The longer side of the grid. */
const gridCells = 64;

/** How light a preview is, as it lies on white. Throws as `adjustPreview` does. */
export async function measureLight(given: PreviewGiven): Promise<LightGrid> {
  const { half, scratch } = await readPreview(given);
  const { data, width, height } = half;
  // Engines make code of what has run often: the first change is to be there as soon as the next.
  applyColourTable(scratch.data, makeAdjustTable(noAdjustments));
  const scale = Math.min(1, gridCells / Math.max(width, height));
  const columns = Math.max(1, Math.round(width * scale));
  const rows = Math.max(1, Math.round(height * scale));
  const [sums, counts] = [new Float64Array(columns * rows), new Float64Array(columns * rows)];
  for (let pixel = 0, at = 0; at < data.length; pixel++, at += 4) {
    const row = Math.floor((Math.floor(pixel / width) * rows) / height);
    const cell = row * columns + Math.floor(((pixel % width) * columns) / width);
    const level = 0.2126 * (data[at] as number) + 0.7152 * (data[at + 1] as number) + 0.0722 * (data[at + 2] as number);
    sums[cell] = (sums[cell] as number) + 255 + ((level - 255) * (data[at + 3] as number)) / 255;
    counts[cell] = (counts[cell] as number) + 1;
  }
  return { columns, rows, levels: Uint8Array.from(sums, (sum, cell) => sum / (counts[cell] as number)) };
}
