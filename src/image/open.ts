import type { Product } from "#card/products.ts";
import { judgeSharpness, openingPlacement } from "#card/sharpness.ts";
import { createSurface, decodePhoto } from "./canvas.ts";
import { hashSha256 } from "./checksums.ts";
import { inspectFile } from "./inspect.ts";
import type { PhotoHead } from "./photo-head.ts";
import { type OpenedPhoto, PhotoProblem } from "./protocol.ts";

// 8 MB. More than the card has on screen, since zoomed in a part of the photo fills the card and should show its detail.
const maxPreviewPixels = 2_000_000;
// Transparency is looked for on this grid.
const alphaGridPx = 256;
// Some engines leave the border of a drawn picture a trace short of 255.
const opaqueFrom = 250;
// A well-formed file larger than this fails to decode only for want of memory; a smaller one because it is broken inside.
const likelyOutOfMemoryPixels = 24_000_000;

async function readFile(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    // The file has gone or changed since it was picked, or was a folder.
    throw new PhotoProblem("damaged-image", { cause });
  }
}

function pixelsOf({ size }: PhotoHead): number {
  return size === undefined ? 0 : size.widthPx * size.heightPx;
}

function checkHead(bytes: Uint8Array, product: Product): PhotoHead {
  const inspection = inspectFile(bytes);
  if ("problem" in inspection) throw new PhotoProblem(inspection.problem);
  const { head } = inspection;
  if (pixelsOf(head) > product.maxPhotoPixels) throw new PhotoProblem("too-many-pixels");
  if (!head.complete) throw new PhotoProblem("damaged-image");
  return head;
}

async function decodeChecked(file: Blob, head: PhotoHead): Promise<ImageBitmap> {
  try {
    return await decodePhoto(file, head.format);
  } catch (cause) {
    throw new PhotoProblem(pixelsOf(head) > likelyOutOfMemoryPixels ? "out-of-memory" : "damaged-image", { cause });
  }
}

function makePreview(bitmap: ImageBitmap): ImageBitmap {
  const shrink = Math.min(1, Math.sqrt(maxPreviewPixels / (bitmap.width * bitmap.height)));
  const widthPx = Math.max(1, Math.floor(bitmap.width * shrink));
  const heightPx = Math.max(1, Math.floor(bitmap.height * shrink));
  const context = createSurface(widthPx, heightPx);
  context.drawImage(bitmap, 0, 0, widthPx, heightPx);
  return context.canvas.transferToImageBitmap();
}

/** Whether any visible part of the photo is transparent. JPEG has no alpha, so it is skipped. */
function isTransparent(bitmap: ImageBitmap, { format }: PhotoHead): boolean {
  if (format === "jpeg") return false;
  const context = new OffscreenCanvas(alphaGridPx, alphaGridPx).getContext("2d", { willReadFrequently: true });
  if (context === null) throw new PhotoProblem("out-of-memory");
  context.drawImage(bitmap, 0, 0, alphaGridPx, alphaGridPx);
  const { data } = context.getImageData(0, 0, alphaGridPx, alphaGridPx);
  return data.some((value, index) => index % 4 === 3 && value < opaqueFrom);
}

/** Checks and decodes a picked file. Throws PhotoProblem, or the signal's reason between its steps. */
export async function openPhotoFile(file: Blob, product: Product, signal: AbortSignal): Promise<OpenedPhoto> {
  if (file.size === 0) throw new PhotoProblem("empty-file");
  if (file.size > product.maxPhotoBytes) throw new PhotoProblem("file-too-large");
  const bytes = await readFile(file);
  signal.throwIfAborted();
  const head = checkHead(bytes, product);
  // Hashed while it is decoded; that it fails is said when the digest is needed.
  const hashing = hashSha256(bytes);
  hashing.catch(() => {});
  const bitmap = await decodeChecked(file, head);
  try {
    signal.throwIfAborted();
    const size = { widthPx: bitmap.width, heightPx: bitmap.height };
    if (size.widthPx * size.heightPx > product.maxPhotoPixels) throw new PhotoProblem("too-many-pixels");
    const { kind } = judgeSharpness(openingPlacement(size, product), product);
    if (kind === "too-soft") throw new PhotoProblem("photo-too-small");
    const transparent = isTransparent(bitmap, head);
    const sha256 = await hashing;
    signal.throwIfAborted();
    return { sha256, ...size, preview: makePreview(bitmap), firstFrameOnly: head.animated, transparent };
  } finally {
    bitmap.close();
  }
}
