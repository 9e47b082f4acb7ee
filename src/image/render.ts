import { clampPlacement, type Placement, photoToRaster } from "#card/placement.ts";
import type { Product } from "#card/product.ts";
import type { RenderedPicture } from "./client.ts";
import { decodePhoto } from "./decode.ts";
import { encodePng } from "./encode-png.ts";
import { inspectFile } from "./inspect.ts";
import { PhotoProblem } from "./photo-problem.ts";
import { resample } from "./resample.ts";
import { sha256Hex } from "./sha256.ts";

interface RenderOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (fraction: number) => void;
}

async function decodeAgain(file: Blob): Promise<ImageBitmap> {
  const inspection = inspectFile(new Uint8Array(await file.arrayBuffer()));
  if ("problem" in inspection) throw new PhotoProblem("render-failed");
  const { format, size } = inspection.head;
  return decodePhoto(file, format, size === undefined ? 0 : size.widthPx * size.heightPx);
}

/** Makes the final picture from the photo's own pixels. Throws PhotoProblem, or the signal's reason between its steps. */
export async function renderPictureFile(
  file: Blob,
  placement: Placement,
  product: Product,
  { signal, onProgress }: RenderOptions,
): Promise<RenderedPicture> {
  onProgress(0);
  const bitmap = await decodeAgain(file);
  let rgba: Uint8ClampedArray;
  try {
    signal.throwIfAborted();
    onProgress(0.4);
    const photo = { widthPx: bitmap.width, heightPx: bitmap.height };
    const map = photoToRaster(clampPlacement(placement, photo, product), photo, product);
    rgba = resample(bitmap, map, product.widthPx, product.heightPx);
  } finally {
    bitmap.close();
  }
  onProgress(0.6);
  const png = encodePng(rgba, product.widthPx, product.heightPx, product.dpi);
  signal.throwIfAborted();
  onProgress(0.95);
  const sha256 = await sha256Hex(png);
  onProgress(1);
  return { png, sha256 };
}
