import type { Product } from "#card/products.ts";
import { judgeSharpness, openingPlacement } from "#card/sharpness.ts";
import { createSurface } from "./canvas.ts";
import { hashSha256 } from "./checksums.ts";
import { DecodeError } from "./decode-error.ts";
import { inspectFile } from "./inspect.ts";
import type { PhotoHead } from "./photo-head.ts";
import { createPhotoSource, type PhotoSource, type Pixels } from "./photo-source.ts";
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

/** What a decoder rejects with, by what it means for a file whose structure was found good. */
function decodeProblem(head: PhotoHead, cause: unknown): PhotoProblem {
  return new PhotoProblem(pixelsOf(head) > likelyOutOfMemoryPixels ? "out-of-memory" : "damaged-image", { cause });
}

function makePreview({ image, isPlain, widthPx, heightPx, photo }: Pixels): Promise<ImageBitmap> | ImageBitmap {
  // It shares the memory.
  if (isPlain && widthPx * heightPx <= maxPreviewPixels) return createImageBitmap(image);
  const decoded = (widthPx * heightPx) / (photo.widthPx * photo.heightPx);
  const shrink = Math.sqrt(Math.min(decoded, maxPreviewPixels / (photo.widthPx * photo.heightPx)));
  const width = Math.max(1, Math.floor(photo.widthPx * shrink));
  const height = Math.max(1, Math.floor(photo.heightPx * shrink));
  const context = createSurface(width, height);
  context.drawImage(image, 0, 0, width, height);
  return context.canvas.transferToImageBitmap();
}

/** Whether any visible part of the photo is transparent. JPEG has no alpha, so it is skipped. */
function isTransparent(image: CanvasImageSource, { format }: PhotoHead): boolean {
  if (format === "jpeg") return false;
  const context = new OffscreenCanvas(alphaGridPx, alphaGridPx).getContext("2d", { willReadFrequently: true });
  if (context === null) throw new PhotoProblem("out-of-memory");
  context.drawImage(image, 0, 0, alphaGridPx, alphaGridPx);
  const { data } = context.getImageData(0, 0, alphaGridPx, alphaGridPx);
  return data.some((value, index) => index % 4 === 3 && value < opaqueFrom);
}

async function describePhoto(pixels: Pixels, head: PhotoHead, product: Product) {
  const { photo, image } = pixels;
  if (photo.widthPx * photo.heightPx > product.maxPhotoPixels) throw new PhotoProblem("too-many-pixels");
  if (judgeSharpness(openingPlacement(photo, product), product).kind === "too-soft") {
    throw new PhotoProblem("photo-too-small");
  }
  return { ...photo, transparent: isTransparent(image, head), preview: await makePreview(pixels) };
}

/**
 * A copy of what was read, made when it is first asked for: the file may change or go, and what was looked at is what is printed.
 * The bytes themselves are let go of then.
 */
function copyLater(read: Uint8Array<ArrayBuffer>): () => Blob {
  let bytes: Uint8Array<ArrayBuffer> | undefined = read;
  let copy: Blob | undefined;
  return () => {
    copy ??= new Blob(bytes === undefined ? [] : [bytes]);
    bytes = undefined;
    return copy;
  };
}

/** Checks and decodes a picked file. Throws PhotoProblem, or the signal's reason between its steps. */
export async function openPhotoFile(
  file: Blob,
  product: Product,
  signal: AbortSignal,
): Promise<{ readonly photo: OpenedPhoto; readonly source: PhotoSource }> {
  if (file.size === 0) throw new PhotoProblem("empty-file");
  if (file.size > product.maxPhotoBytes) throw new PhotoProblem("file-too-large");
  const bytes = await readFile(file);
  signal.throwIfAborted();
  const head = checkHead(bytes, product);
  // Hashed while it is decoded; that it fails is said when the digest is needed.
  const hashing = hashSha256(bytes);
  hashing.catch(() => {});
  const copyFile = copyLater(bytes);
  const source = createPhotoSource(copyFile, head, bytes.buffer, signal);
  let preview: ImageBitmap | undefined;
  try {
    const describing = source.useAtMost(maxPreviewPixels, (pixels) => {
      signal.throwIfAborted();
      return describePhoto(pixels, head, product);
    });
    // It takes a while, in which the decoder can work.
    const copy = copyFile();
    const described = await describing;
    preview = described.preview;
    const sha256 = await hashing;
    signal.throwIfAborted();
    return {
      photo: { sha256, bytes: copy, ...described, firstFrameOnly: head.animated, coloursMayDiffer: head.inks === true },
      source,
    };
  } catch (error) {
    preview?.close();
    source.release();
    throw error instanceof DecodeError ? decodeProblem(head, error) : error;
  }
}

/** The photo of bytes that were found good before: another worker has opened them. */
export async function reopenPhoto(bytes: Blob): Promise<PhotoSource> {
  const inspection = inspectFile(await readFile(bytes));
  if ("problem" in inspection) throw new PhotoProblem("render-failed", { cause: inspection.problem });
  return createPhotoSource(() => bytes, inspection.head);
}
