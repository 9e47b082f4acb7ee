import { composeAffine } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import { judgeSharpness, openingPlacement } from "#card/sharpness.ts";
import { createSurface } from "./canvas.ts";
import { hashSha256 } from "./checksums.ts";
import { DecodeError } from "./decode-error.ts";
import { type Inspection, inspectFile } from "./inspect.ts";
import { hasSoundPixels, mendPhoto, rebuildPhoto } from "./mend/mend.ts";
import { endsEarly } from "./mend/mend-jpeg.ts";
import type { PhotoHead } from "./photo-head.ts";
import { createPhotoSource, type PhotoSource, type Pixels } from "./photo-source.ts";
import { type OpenedPhoto, PhotoProblem, type PhotoProblemCode } from "./protocol.ts";

// 8 MB. More than the card has on screen, since zoomed in a part of the photo fills the card and should show its detail.
const maxPreviewPixels = 2_000_000;
// Transparency is looked for on this grid.
const alphaGridPx = 256;
// Some engines leave the border of a drawn picture a trace short of 255.
const opaqueFrom = 250;
// The same engines add as much to a colour.
const flatTolerance = 2;
// So many pixels of a side are looked at.
const sidePoints = 32;
// A well-formed file larger than this fails to decode only for want of memory; a smaller one because it is broken inside.
const likelyOutOfMemoryPixels = 24_000_000;

async function readFile(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  if (file.size === 0) throw new PhotoProblem("empty-file");
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    // Some engines give nothing of a file that has gone.
    if (bytes.length > 0) return bytes;
  } catch (cause) {
    throw new PhotoProblem("file-changed", { cause });
  }
  throw new PhotoProblem("file-changed");
}

function pixelsOf({ size }: PhotoHead): number {
  return size === undefined ? 0 : size.widthPx * size.heightPx;
}

/** A photo's file as browsers agree about it, and what it says of itself. */
interface WholeFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly head: PhotoHead;
}

function readHead(bytes: Uint8Array, product: Product): Exclude<Inspection, { problem: unknown }> {
  const inspection = inspectFile(bytes);
  if ("problem" in inspection) throw new PhotoProblem(inspection.problem);
  if (pixelsOf(inspection.head) > product.maxPhotoPixels) throw new PhotoProblem("too-many-pixels");
  return inspection;
}

function readWhole(read: Uint8Array<ArrayBuffer>, product: Product): WholeFile {
  const { head, start } = readHead(read, product);
  const own = start === 0 ? read : read.slice(start);
  const bytes = mendPhoto(own, head.format);
  if (bytes === undefined) throw new PhotoProblem("damaged-image");
  return { bytes, head: bytes === read ? head : readHead(bytes, product).head };
}

/** What a decoder rejects with, by what it means for a file whose structure was found good. */
function decodeProblem(head: PhotoHead, cause: unknown): PhotoProblem {
  const named: PhotoProblemCode | undefined =
    head.format === "jxl" ? "jpeg-xl-image" : head.rare && (`${head.rare}-jpeg` as const);
  const isLarge = pixelsOf(head) > likelyOutOfMemoryPixels;
  return new PhotoProblem(named ?? (isLarge ? "out-of-memory" : "damaged-image"), { cause });
}

function makePreview({
  image,
  isPlain,
  isStored,
  toPhoto,
  widthPx,
  heightPx,
  photo,
}: Pixels): Promise<ImageBitmap> | ImageBitmap {
  // It shares the memory.
  if (isPlain && widthPx * heightPx <= maxPreviewPixels) return createImageBitmap(image);
  const decoded = (widthPx * heightPx) / (photo.widthPx * photo.heightPx);
  const shrink = Math.sqrt(Math.min(decoded, maxPreviewPixels / (photo.widthPx * photo.heightPx)));
  const width = Math.max(1, Math.floor(photo.widthPx * shrink));
  const height = Math.max(1, Math.floor(photo.heightPx * shrink));
  const context = createSurface(width, height);
  if (isStored) {
    context.setTransform(...composeAffine([width / photo.widthPx, 0, 0, height / photo.heightPx, 0, 0], toPhoto));
    context.drawImage(image, 0, 0);
  } else context.drawImage(image, 0, 0, width, height);
  return context.canvas.transferToImageBitmap();
}

/** What can be seen of the photo: whether parts of it are transparent, all of it, or all of it is black or white. */
function look(image: CanvasImageSource): { transparent: boolean; isClear: boolean; isBlank: boolean } {
  const context = new OffscreenCanvas(alphaGridPx, alphaGridPx).getContext("2d", { willReadFrequently: true });
  if (context === null) throw new PhotoProblem("out-of-memory");
  context.drawImage(image, 0, 0, alphaGridPx, alphaGridPx);
  const { data } = context.getImageData(0, 0, alphaGridPx, alphaGridPx);
  const alpha = data.filter((_, index) => index % 4 === 3);
  return {
    transparent: alpha.some((value) => value < opaqueFrom),
    isClear: alpha.every((value) => value === 0),
    isBlank: [0, 255].some((blank) =>
      data.every((value, index) => index % 4 === 3 || Math.abs(value - blank) <= flatTolerance),
    ),
  };
}

/** Throws for a picture in which there is nothing to see. A black photo may be somebody's wish, an animation's beginning is not. */
function lookAt(image: CanvasImageSource, { format, animated }: PhotoHead): { readonly transparent: boolean } {
  // A JPEG has no alpha, and is no animation.
  if (format === "jpeg") return { transparent: false };
  const { transparent, isClear, isBlank } = look(image);
  if (isClear || (animated && isBlank)) throw new PhotoProblem("empty-image");
  return { transparent };
}

/** Whether a side of the picture is of one colour, as that is where a decoder had no more bits. Which side it is depends on the turn. */
function hasFlatSide(preview: ImageBitmap): boolean {
  const { width, height } = preview;
  const context = createSurface(sidePoints, 1, { willReadFrequently: true });
  const sides = [
    [0, 0, width, 1],
    [0, height - 1, width, 1],
    [0, 0, 1, height],
    [width - 1, 0, 1, height],
  ] as const;
  return sides.some(([x, y, across, down]) => {
    const isRow = down === 1;
    for (let point = 0; point < sidePoints; point++) {
      const share = point / sidePoints;
      const [left, top] = isRow ? [Math.floor(across * share), y] : [x, Math.floor(down * share)];
      context.drawImage(preview, left, top, 1, 1, point, 0, 1, 1);
    }
    const { data } = context.getImageData(0, 0, sidePoints, 1);
    return data.every((value, index) => Math.abs(value - (data[index % 4] as number)) <= flatTolerance);
  });
}

async function describePhoto(pixels: Pixels, head: PhotoHead, product: Product) {
  const { photo, image } = pixels;
  if (photo.widthPx * photo.heightPx > product.maxPhotoPixels) throw new PhotoProblem("too-many-pixels");
  if (judgeSharpness(openingPlacement(photo, product), product).kind === "too-soft") {
    throw new PhotoProblem("photo-too-small");
  }
  return { ...photo, ...lookAt(image, head), preview: await makePreview(pixels) };
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

/** A photo that is open, and what its file says of itself. */
export interface Opened {
  readonly photo: OpenedPhoto;
  readonly source: PhotoSource;
  readonly head: PhotoHead;
}

async function openWhole({ bytes, head }: WholeFile, product: Product, signal: AbortSignal): Promise<Opened> {
  // Hashed while it is decoded; that it fails is said when the digest is needed.
  const hashing = hashSha256(bytes);
  hashing.catch(() => {});
  const checking = hasSoundPixels(bytes, head.format);
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
    if (head.format === "jpeg" && hasFlatSide(preview) && endsEarly(bytes)) throw new PhotoProblem("damaged-image");
    if (!(await checking)) throw new PhotoProblem("damaged-image");
    const sha256 = await hashing;
    signal.throwIfAborted();
    const about = { firstFrameOnly: head.animated, coloursMayDiffer: head.inks === true };
    return { photo: { sha256, bytes: copy, ...described, ...about }, source, head };
  } catch (error) {
    preview?.close();
    source.release();
    throw error instanceof DecodeError ? decodeProblem(head, error) : error;
  }
}

/** Some engines give an empty picture where others see that they cannot decode it. */
function mayBeRebuilt(error: unknown): boolean {
  return error instanceof PhotoProblem && ["damaged-image", "empty-image"].includes(error.code);
}

/** Checks, mends and decodes a picked file. Throws PhotoProblem, or the signal's reason between its steps. */
export async function openPhotoFile(file: Blob, product: Product, signal: AbortSignal): Promise<Opened> {
  if (file.size > product.maxPhotoBytes) throw new PhotoProblem("file-too-large");
  const read = await readFile(file);
  signal.throwIfAborted();
  const whole = readWhole(read, product);
  try {
    return await openWhole(whole, product, signal);
  } catch (error) {
    const bytes = mayBeRebuilt(error) ? rebuildPhoto(whole.bytes, whole.head.format) : undefined;
    if (bytes === undefined) throw error;
    return openWhole({ bytes, head: readHead(bytes, product).head }, product, signal);
  }
}

/** The photo of bytes that were found good before: another worker has opened them. */
export async function reopenPhoto(bytes: Blob): Promise<PhotoSource> {
  const inspection = inspectFile(await readFile(bytes));
  if ("problem" in inspection) throw new PhotoProblem("render-failed", { cause: inspection.problem });
  return createPhotoSource(() => bytes, inspection.head);
}
