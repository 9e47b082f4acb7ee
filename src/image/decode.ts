import type { PhotoFormat } from "./formats/photo-head.ts";

/**
 * All pixels of the file in sRGB, turned upright by its own orientation; of an animation the first picture.
 * Rejects when there is no memory for it, or when the file is broken inside. The caller closes the bitmap.
 */
export async function decodePhoto(file: Blob, format: PhotoFormat): Promise<ImageBitmap> {
  // The type is set from the bytes, because some engines trust it and pickers often leave it empty or wrong.
  const typed = file.slice(0, file.size, `image/${format}`);
  return createImageBitmap(typed, { imageOrientation: "from-image", colorSpaceConversion: "default" });
}
