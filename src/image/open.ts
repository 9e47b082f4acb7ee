import { composeAffine, type PhotoSize } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import { suggestPlacements } from "#card/subject-placement.ts";
import { judgeSharpness, openingPlacement } from "#card/sharpness.ts";
import { plainGround } from "#design/design.ts";
import { pixelsOfBitmap } from "./bitmap-pixels.ts";
import { createSurface, makeBitmap } from "./canvas.ts";
import { hashSha256 } from "./checksums.ts";
import { DamageError, DecodeError } from "./decode-error.ts";
import { type Inspection, inspectFile } from "./inspect.ts";
import { loadKernel } from "./kernel/load-kernel.ts";
import { type Memory, maxPixelsOf } from "./limits.ts";
import { lookAtPreview } from "./look-at-preview.ts";
import { measureDetail, type Readable } from "./measure-detail.ts";
import { hasSoundPixels, mendPhoto, rebuildPhoto } from "./mend/mend.ts";
import { endsEarly } from "./mend/mend-jpeg.ts";
import type { PhotoHead } from "./photo-head.ts";
import { createPhotoSource, type PhotoSource, type Pixels } from "./photo-source.ts";
import { type OpenedPhoto, PhotoProblem, type PhotoProblemCode } from "./protocol.ts";
import { loadDecoder } from "./rare/load-decoder.ts";
import { resample } from "./resample.ts";
import { readSurface } from "./read-surface.ts";

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

/** What a photo is opened for, and on. */
interface Limits {
  readonly product: Product;
  readonly memory: Memory;
}

function checkPixels(pixels: number, head: PhotoHead, { product, memory }: Limits): void {
  const maxPixels = maxPixelsOf(head, product, memory);
  if (pixels > maxPixels) throw new PhotoProblem("too-many-pixels", { megapixels: Math.floor(maxPixels / 1_000_000) });
}

function readHead(bytes: Uint8Array, limits: Limits): Exclude<Inspection, { problem: unknown }> {
  const inspection = inspectFile(bytes);
  if ("problem" in inspection) throw new PhotoProblem(inspection.problem);
  checkPixels(pixelsOf(inspection.head), inspection.head, limits);
  return inspection;
}

function readWhole(read: Uint8Array<ArrayBuffer>, limits: Limits): WholeFile {
  const { head, start } = readHead(read, limits);
  const own = start === 0 ? read : read.slice(start);
  const bytes = mendPhoto(own, head.format);
  if (bytes === undefined) throw new PhotoProblem("damaged-image");
  return { bytes, head: bytes === read ? head : readHead(bytes, limits).head };
}

/** What a decoder rejects with, by what it means for a file whose structure was found good. */
function decodeProblem(head: PhotoHead, cause: unknown): PhotoProblem {
  const named: PhotoProblemCode | undefined =
    head.format === "jxl" ? "jpeg-xl-image" : head.rare && (`${head.rare}-jpeg` as const);
  const isLarge = pixelsOf(head) > likelyOutOfMemoryPixels && !(cause instanceof DamageError);
  return new PhotoProblem(named ?? (isLarge ? "out-of-memory" : "damaged-image"), { cause });
}

/** Of what no canvas can draw. */
async function resamplePreview(
  pixels: Pixels,
  width: number,
  height: number,
  signal: AbortSignal,
): Promise<ImageBitmap> {
  const { widthPx, heightPx } = pixels.photo;
  const kernel = await loadDecoder(loadKernel);
  const raster = { widthPx: width, heightPx: height };
  const map = [width / widthPx, 0, 0, height / heightPx, 0, 0] as const;
  const rgba = await resample(kernel, pixels, map, raster, { ground: plainGround, signal, onProgress: () => {} });
  return makeBitmap(new ImageData(rgba, width, height));
}

async function makePreview(pixels: Pixels, transparent: boolean, signal: AbortSignal): Promise<ImageBitmap> {
  const { image, isPlain, isStored, toPhoto, convert, widthPx, heightPx, photo } = pixels;
  // It shares the memory.
  if (image !== undefined && isPlain && widthPx * heightPx <= maxPreviewPixels) return createImageBitmap(image);
  const decoded = (widthPx * heightPx) / (photo.widthPx * photo.heightPx);
  const shrink = Math.sqrt(Math.min(decoded, maxPreviewPixels / (photo.widthPx * photo.heightPx)));
  const width = Math.max(1, Math.floor(photo.widthPx * shrink));
  const height = Math.max(1, Math.floor(photo.heightPx * shrink));
  if (image === undefined) return resamplePreview(pixels, width, height, signal);
  const context = createSurface(width, height, { clear: transparent });
  if (isStored) {
    context.setTransform(...composeAffine([width / photo.widthPx, 0, 0, height / photo.heightPx, 0, 0], toPhoto));
    context.drawImage(image, 0, 0);
  } else context.drawImage(image, 0, 0, width, height);
  if (convert === undefined) return context.canvas.transferToImageBitmap();
  const rgba = await readSurface(context, width, height);
  convert(rgba);
  return makeBitmap(new ImageData(rgba, width, height));
}

/** What can be seen of the photo: whether parts of it are transparent, all of it, or all of it is black or white. */
async function look(image: CanvasImageSource) {
  const context = new OffscreenCanvas(alphaGridPx, alphaGridPx).getContext("2d", { willReadFrequently: true });
  if (context === null) throw new PhotoProblem("out-of-memory");
  context.drawImage(image, 0, 0, alphaGridPx, alphaGridPx);
  const data = await readSurface(context, alphaGridPx, alphaGridPx);
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
async function lookAt(
  image: CanvasImageSource | undefined,
  { format, animated }: PhotoHead,
): Promise<{ readonly transparent: boolean }> {
  // A JPEG has no alpha, and is no animation.
  if (format === "jpeg" || image === undefined) return { transparent: false };
  const { transparent, isClear, isBlank } = await look(image);
  if (isClear || (animated && isBlank)) throw new PhotoProblem("empty-image");
  return { transparent };
}

/** Whether a side of the picture is of one colour, as that is where a decoder had no more bits. Which side it is depends on the turn. */
async function hasFlatSide(preview: ImageBitmap): Promise<boolean> {
  const { width, height } = preview;
  const context = createSurface(sidePoints, 4, { willReadFrequently: true });
  for (let point = 0; point < sidePoints; point++) {
    const [x, y] = [width, height].map((length) => Math.floor((length * point) / sidePoints)) as [number, number];
    context.drawImage(preview, x, 0, 1, 1, point, 0, 1, 1);
    context.drawImage(preview, x, height - 1, 1, 1, point, 1, 1, 1);
    context.drawImage(preview, 0, y, 1, 1, point, 2, 1, 1);
    context.drawImage(preview, width - 1, y, 1, 1, point, 3, 1, 1);
  }
  const data = await readSurface(context, sidePoints, 4);
  const sides = [0, 1, 2, 3].map((side) => data.subarray(side * sidePoints * 4, (side + 1) * sidePoints * 4));
  return sides.some((side) => side.every((value, at) => Math.abs(value - (side[at % 4] as number)) <= flatTolerance));
}

/** What a photo's pixels tell of it. */
type Findings = Pick<OpenedPhoto, "subject" | "colours" | "detail" | "suggestions">;

/** Finds out how the photo may lie on the card, and what will not print well. It is opened all the same where that goes wrong. */
async function examine(
  pixels: Pixels,
  preview: ImageBitmap,
  { product }: Limits,
  signal: AbortSignal,
): Promise<Findings> {
  const { photo } = pixels;
  const { subject, colours } = await lookAtPreview(preview, photo).catch(() => ({ subject: null, colours: null }));
  // What is decoded by us takes as long for a few of its pixels as for all.
  const readable: Readable = pixels.image === undefined ? pixelsOfPreview(preview, photo) : pixels;
  const detail = await measureDetail(readable, signal).catch(() => null);
  signal.throwIfAborted();
  return { subject, colours, detail, suggestions: subject === null ? [] : suggestPlacements(subject, photo, product) };
}

function pixelsOfPreview(preview: ImageBitmap, photo: PhotoSize): Readable {
  const [across, down] = [photo.widthPx / preview.width, photo.heightPx / preview.height];
  return { ...pixelsOfBitmap({ bitmap: preview }), photo, toPhoto: [across, 0, 0, down, 0, 0] };
}

async function describePhoto(pixels: Pixels, head: PhotoHead, limits: Limits, signal: AbortSignal) {
  const { photo, image } = pixels;
  const { product } = limits;
  checkPixels(photo.widthPx * photo.heightPx, head, limits);
  if (judgeSharpness(openingPlacement(photo, product), product).kind === "too-soft") {
    throw new PhotoProblem("photo-too-small");
  }
  const { transparent } = await lookAt(image, head);
  const coloursMayDiffer = pixels.guessesColours ?? head.inks === true;
  const preview = await makePreview(pixels, transparent, signal);
  try {
    return { ...photo, transparent, coloursMayDiffer, preview, ...(await examine(pixels, preview, limits, signal)) };
  } catch (error) {
    preview.close();
    throw error;
  }
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

async function openWhole({ bytes, head }: WholeFile, limits: Limits, signal: AbortSignal): Promise<Opened> {
  // Hashed while it is decoded; that it fails is said when the digest is needed.
  const hashing = hashSha256(bytes);
  hashing.catch(() => {});
  const checking = hasSoundPixels(bytes, head.format, signal);
  checking.catch(() => {});
  const copyFile = copyLater(bytes);
  const source = createPhotoSource(copyFile, head, bytes.buffer, signal);
  let preview: ImageBitmap | undefined;
  let mayBeCut = false;
  try {
    const describing = source.useAtMost(maxPreviewPixels, (pixels) => {
      signal.throwIfAborted();
      // Our own decoder has said so.
      mayBeCut = head.format === "jpeg" && pixels.image !== undefined;
      return describePhoto(pixels, head, limits, signal);
    });
    // It takes a while, in which the decoder can work.
    const copy = copyFile();
    const described = await describing;
    preview = described.preview;
    if (mayBeCut && (await hasFlatSide(preview)) && endsEarly(bytes)) throw new PhotoProblem("damaged-image");
    if (!(await checking)) throw new PhotoProblem("damaged-image");
    const sha256 = await hashing;
    signal.throwIfAborted();
    return { photo: { sha256, bytes: copy, ...described, firstFrameOnly: head.animated }, source, head };
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
export async function openPhotoFile(
  file: Blob,
  product: Product,
  memory: Memory,
  signal: AbortSignal,
): Promise<Opened> {
  const limits = { product, memory };
  if (file.size > product.maxPhotoBytes) throw new PhotoProblem("file-too-large");
  const read = await readFile(file);
  signal.throwIfAborted();
  const whole = readWhole(read, limits);
  try {
    return await openWhole(whole, limits, signal);
  } catch (error) {
    const bytes = mayBeRebuilt(error) ? rebuildPhoto(whole.bytes, whole.head.format) : undefined;
    if (bytes === undefined) throw error;
    return openWhole({ bytes, head: readHead(bytes, limits).head }, limits, signal);
  }
}

/** The photo of bytes that were found good before: another worker has opened them. */
export async function reopenPhoto(bytes: Blob): Promise<PhotoSource> {
  const inspection = inspectFile(await readFile(bytes));
  if ("problem" in inspection) throw new PhotoProblem("render-failed", { cause: inspection.problem });
  return createPhotoSource(() => bytes, inspection.head);
}
