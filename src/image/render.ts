import { clampPlacement, type Placement, photoToRaster } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import { decodePhoto } from "./canvas.ts";
import { hashSha256 } from "./checksums.ts";
import { encodePng } from "./encode-png.ts";
import { inspectFile } from "./inspect.ts";
import { loadKernel } from "./kernel/load-kernel.ts";
import { PhotoProblem, type RenderedPicture } from "./protocol.ts";
import { resample } from "./resample.ts";

interface RenderOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (fraction: number) => void;
}

const signatureBytes = 4096;

/** Decodes a file that was found good when it was opened: what fails now is memory, or the file has gone. */
async function decodeAgain(file: Blob): Promise<ImageBitmap> {
  const inspection = inspectFile(new Uint8Array(await file.slice(0, signatureBytes).arrayBuffer()));
  if ("problem" in inspection) throw new PhotoProblem("render-failed", { cause: inspection.problem });
  try {
    return await decodePhoto(file, inspection.head.format);
  } catch (cause) {
    throw new PhotoProblem("out-of-memory", { cause });
  }
}

async function drawPicture(
  kernel: WebAssembly.Module,
  file: Blob,
  placement: Placement,
  product: Product,
  { signal, onProgress }: RenderOptions,
) {
  const bitmap = await decodeAgain(file);
  try {
    signal.throwIfAborted();
    const photo = { widthPx: bitmap.width, heightPx: bitmap.height };
    const map = photoToRaster(clampPlacement(placement, photo, product), photo, product);
    onProgress(0.4);
    return await resample(kernel, bitmap, map, product, {
      signal,
      onProgress: (fraction) => onProgress(0.4 + fraction * 0.4),
    });
  } finally {
    bitmap.close();
  }
}

/** Makes the final picture from the photo's own pixels. Throws PhotoProblem, or the signal's reason between its steps and bands. */
export async function renderPictureFile(
  file: Blob,
  placement: Placement,
  product: Product,
  options: RenderOptions,
): Promise<RenderedPicture> {
  const { signal, onProgress } = options;
  onProgress(0);
  const kernel = await loadKernel();
  const rgba = await drawPicture(kernel, file, placement, product, options);
  const png = encodePng(kernel, rgba, product);
  onProgress(0.95);
  const sha256 = await hashSha256(png);
  signal.throwIfAborted();
  onProgress(1);
  return { png, sha256 };
}
