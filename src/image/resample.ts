import type { Affine } from "#card/placement.ts";
import { cardStock, createSurface } from "./canvas.ts";
import { createResampler } from "./resampler/resampler.ts";

interface Raster {
  readonly widthPx: number;
  readonly heightPx: number;
}

interface Options {
  readonly signal: AbortSignal;
  /** Gets 0 to 1. */
  readonly onProgress: (fraction: number) => void;
}

// A band of the photo is copied out of the decoder's memory at a time: 8 MB, and below the 4096 x 4096 pixels that iOS draws on.
const maxBandPixels = 2_000_000;

/** Lets messages in: a timer would take four milliseconds each time. */
function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/**
 * Draws the photo through `map` (photo pixels to raster pixels) onto an opaque raster of exactly this size.
 * Returns RGBA rows, top to bottom; every A is 255. What the photo leaves transparent or uncovered is white.
 * The only way from a photo to printed pixels. Throws the signal's reason between bands.
 */
export async function resample(
  kernel: WebAssembly.Module,
  bitmap: ImageBitmap,
  map: Affine,
  raster: Raster,
  { signal, onProgress }: Options,
): Promise<Uint8ClampedArray<ArrayBuffer>> {
  const photo = { widthPx: bitmap.width, heightPx: bitmap.height };
  const resampler = createResampler(kernel, photo, map, raster);
  const { x, y, width, height } = resampler.region;
  if (width === 0 || height === 0) return resampler.finish();
  const bandRows = Math.min(height, Math.max(1, Math.floor(maxBandPixels / width)));
  const context = createSurface(width, bandRows, { willReadFrequently: true });
  context.imageSmoothingEnabled = false;
  context.fillStyle = cardStock;
  for (let row = 0; row < height; row += bandRows) {
    const rows = Math.min(bandRows, height - row);
    context.fillRect(0, 0, width, rows);
    context.drawImage(bitmap, x, y + row, width, rows, 0, 0, width, rows);
    resampler.push(context.getImageData(0, 0, width, rows).data);
    onProgress((row + rows) / height);
    await nextTask();
    signal.throwIfAborted();
  }
  return resampler.finish();
}
