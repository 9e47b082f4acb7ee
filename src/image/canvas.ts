import { PhotoProblem } from "./protocol.ts";

/** What browsers on every device give: iOS has no canvas that is larger, and says nothing of it. */
const maxCanvasPixels = 16_000_000;

/**
 * A canvas of whole pixels, set for photographs: opaque and white, unless it is to stay `clear` where nothing is drawn.
 * `willReadFrequently` when its pixels are read and it is never shown. Throws PhotoProblem "out-of-memory", also where it would
 * have more than 16 megapixels.
 */
export function createSurface(
  widthPx: number,
  heightPx: number,
  { clear = false, willReadFrequently = false } = {},
): OffscreenCanvasRenderingContext2D {
  if (widthPx * heightPx > maxCanvasPixels) {
    throw new PhotoProblem("out-of-memory", { cause: `a canvas of ${widthPx} x ${heightPx}` });
  }
  const settings = { alpha: clear, colorSpace: "srgb", willReadFrequently } as const;
  const context = new OffscreenCanvas(widthPx, heightPx).getContext("2d", settings);
  if (context === null) throw new PhotoProblem("out-of-memory", { cause: "OffscreenCanvas gave no 2D context" });
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  if (clear) return context;
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, widthPx, heightPx);
  return context;
}

/** A bitmap of pixels that are there. Throws PhotoProblem "out-of-memory": nothing else can be in its way. */
export async function makeBitmap(pixels: ImageData): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(pixels);
  } catch (cause) {
    throw new PhotoProblem("out-of-memory", { cause });
  }
}
