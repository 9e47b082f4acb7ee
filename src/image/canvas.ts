import type { PhotoFormat } from "./photo-head.ts";
import { PhotoProblem } from "./protocol.ts";

// Card stock is white: what a photo leaves transparent prints as white.
export const cardStock = "#ffffff";

/**
 * An opaque canvas of whole pixels, set for photographs; `willReadFrequently` when its pixels are read and it is never shown.
 * Throws PhotoProblem "out-of-memory".
 */
export function createSurface(
  widthPx: number,
  heightPx: number,
  { willReadFrequently = false } = {},
): OffscreenCanvasRenderingContext2D {
  const settings = { alpha: false, colorSpace: "srgb", willReadFrequently } as const;
  const context = new OffscreenCanvas(widthPx, heightPx).getContext("2d", settings);
  if (context === null) throw new PhotoProblem("out-of-memory", { cause: "OffscreenCanvas gave no 2D context" });
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  context.fillStyle = cardStock;
  context.fillRect(0, 0, widthPx, heightPx);
  return context;
}

/**
 * All pixels of the file in sRGB, turned upright by its own orientation; of an animation the first picture.
 * Rejects when there is no memory for it, or when the file is broken inside. The caller closes the bitmap.
 */
export async function decodePhoto(file: Blob, format: PhotoFormat): Promise<ImageBitmap> {
  // The type is set from the bytes, because some engines trust it and pickers often leave it empty or wrong.
  const typed = file.slice(0, file.size, `image/${format}`);
  try {
    // Without options: upright and in sRGB is what all engines do by themselves, and not all know the words for it.
    return await createImageBitmap(typed);
  } catch (cause) {
    throw new Error(`createImageBitmap of image/${format}`, { cause });
  }
}
