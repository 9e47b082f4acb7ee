import { PhotoProblem } from "./photo-problem.ts";

/** An opaque canvas of whole pixels with its context set for photographs. Throws PhotoProblem "out-of-memory". */
export function createSurface(widthPx: number, heightPx: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(widthPx, heightPx).getContext("2d", { alpha: false, colorSpace: "srgb" });
  if (context === null) throw new PhotoProblem("out-of-memory");
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  // Card stock is white: what a photo leaves transparent prints as white.
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, widthPx, heightPx);
  return context;
}
