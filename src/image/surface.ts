import { PhotoProblem } from "./photo-problem.ts";

// Card stock is white: what a photo leaves transparent prints as white.
const cardStock = "#ffffff";

/** An opaque canvas of whole pixels, set for photographs. Throws PhotoProblem "out-of-memory". */
export function createSurface(
  widthPx: number,
  heightPx: number,
  ground = cardStock,
): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(widthPx, heightPx).getContext("2d", { alpha: false, colorSpace: "srgb" });
  if (context === null) throw new PhotoProblem("out-of-memory");
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  context.fillStyle = ground;
  context.fillRect(0, 0, widthPx, heightPx);
  return context;
}
