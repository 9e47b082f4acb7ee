import { type Affine, composeAffine } from "#card/placement.ts";
import type { ColourTable } from "#design/colour-table.ts";
import { nextTask } from "./next-task.ts";
import type { Pixels } from "./photo-source.ts";
import { createResampler } from "./resampler/resampler.ts";

interface Raster {
  readonly widthPx: number;
  readonly heightPx: number;
}

interface Options {
  /** What shows through where the photo is transparent: `#rrggbb`. */
  readonly ground: string;
  /** Changes the colours of a transparent photo before it is laid on the ground. */
  readonly table?: ColourTable | undefined;
  readonly signal: AbortSignal;
  /** Gets 0 to 1. */
  readonly onProgress: (fraction: number) => void;
}

// A band of the photo is copied out of the decoder's memory at a time: 4 MB at most.
const maxBandPixels = 1_000_000;

/**
 * Draws the photo through `map` (photo pixels to raster pixels) onto an opaque raster of exactly this size.
 * Returns RGBA rows, top to bottom; every A is 255. What the photo leaves uncovered is white.
 * Each pixel is laid on the ground as it is, in sRGB as every viewer does it, and only then resampled in linear light.
 * The only way from a photo to printed pixels. Throws the signal's reason between bands.
 */
export async function resample(
  kernel: WebAssembly.Module,
  pixels: Pixels,
  map: Affine,
  raster: Raster,
  { ground, table, signal, onProgress }: Options,
): Promise<Uint8ClampedArray<ArrayBuffer>> {
  const resampler = createResampler(kernel, pixels, composeAffine(map, pixels.toPhoto), raster);
  const { width, height } = resampler.region;
  // Even, as where the region begins.
  const bandRows = 2 * Math.max(1, Math.floor(maxBandPixels / Math.max(1, width) / 2));
  for (let row = 0; row < height && width > 0; row += bandRows) {
    const rows = Math.min(bandRows, height - row);
    await pixels.read(resampler.take(rows), ground, signal, table);
    resampler.push();
    onProgress((row + rows) / height);
    await nextTask();
    signal.throwIfAborted();
  }
  return resampler.finish();
}
