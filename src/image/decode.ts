import type { PhotoFormat } from "./formats/photo-head.ts";
import { PhotoProblem } from "./photo-problem.ts";

// A well-formed file of this size fails to decode only because there is no room; a smaller one because it is broken inside.
const roomyPixels = 24_000_000;

/**
 * All pixels of the file in sRGB, turned upright by its own orientation; of an animation the first picture.
 * Throws PhotoProblem "damaged-image", or "out-of-memory" for large photos. The caller closes the bitmap.
 */
export async function decodePhoto(file: Blob, format: PhotoFormat, pixels: number): Promise<ImageBitmap> {
  // The type is set from the bytes, because some engines trust it and pickers often leave it empty or wrong.
  const typed = file.slice(0, file.size, `image/${format}`);
  try {
    return await createImageBitmap(typed, { imageOrientation: "from-image", colorSpaceConversion: "default" });
  } catch (cause) {
    throw new PhotoProblem(pixels > roomyPixels ? "out-of-memory" : "damaged-image", { cause });
  }
}
