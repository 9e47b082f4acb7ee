import { PhotoProblem } from "./protocol.ts";

// Card stock is white: what a photo leaves transparent prints as white.
export const cardStock = "#ffffff";

/** What browsers on every device give: iOS has no canvas that is larger, and says nothing of it. */
const maxCanvasPixels = 16_000_000;

/**
 * An opaque canvas of whole pixels, set for photographs; `willReadFrequently` when its pixels are read and it is never shown.
 * Throws PhotoProblem "out-of-memory", also where it would have more than 16 megapixels.
 */
export function createSurface(
  widthPx: number,
  heightPx: number,
  { willReadFrequently = false } = {},
): OffscreenCanvasRenderingContext2D {
  if (widthPx * heightPx > maxCanvasPixels) {
    throw new PhotoProblem("out-of-memory", { cause: `a canvas of ${widthPx} x ${heightPx}` });
  }
  const settings = { alpha: false, colorSpace: "srgb", willReadFrequently } as const;
  const context = new OffscreenCanvas(widthPx, heightPx).getContext("2d", settings);
  if (context === null) throw new PhotoProblem("out-of-memory", { cause: "OffscreenCanvas gave no 2D context" });
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  context.fillStyle = cardStock;
  context.fillRect(0, 0, widthPx, heightPx);
  return context;
}
