import type { Product } from "#card/products.ts";
import { createSurface } from "./canvas.ts";
import type { Memory } from "./limits.ts";
import { type Opened, openPhotoFile } from "./open.ts";
import type { PhotoFormat } from "./photo-head.ts";
import { PhotoProblem, type PhotoProblemCode } from "./protocol.ts";
import { readSurface } from "./read-surface.ts";

/** One picture comes in two or three encodings, with its page or a film beside it. */
const maxFiles = 6;
/** Pictures are compared on this grid. */
const gridPx = 16;
/** By how much a value of the grid differs between two encodings of a picture, of 255: colours that are stored in another space included. */
const maxMeanDifference = 10;
const maxAspectDifference = 0.02;
/** Of the same picture in as many pixels: what keeps all of it first, and last what a browser writes that has only its pixels. */
const bestFormats: readonly PhotoFormat[] = ["png", "webp", "avif", "jxl", "jpeg", "gif", "bmp"];
/** What lies beside a photo, and says least of why none could be opened. */
const besides: readonly PhotoProblemCode[] = [
  "not-an-image",
  "video-file",
  "icon-file",
  "svg-image",
  "empty-file",
  "photo-too-small",
];

function gridOf({ photo }: Opened): Promise<Uint8ClampedArray> {
  const context = createSurface(gridPx, gridPx, { willReadFrequently: true });
  context.drawImage(photo.preview, 0, 0, gridPx, gridPx);
  return readSurface(context, gridPx, gridPx);
}

async function isSamePicture(one: Opened, other: Opened): Promise<boolean> {
  const [aspect, otherAspect] = [one, other].map(({ photo }) => photo.widthPx / photo.heightPx) as [number, number];
  if (Math.abs(aspect / otherAspect - 1) > maxAspectDifference) return false;
  const [grid, otherGrid] = [await gridOf(one), await gridOf(other)];
  const difference = grid.reduce((sum, value, at) => sum + Math.abs(value - (otherGrid[at] as number)), 0);
  return difference / grid.length <= maxMeanDifference;
}

function isBetter({ photo, head }: Opened, than: Opened): boolean {
  const more = photo.widthPx * photo.heightPx - than.photo.widthPx * than.photo.heightPx;
  return more > 0 || (more === 0 && bestFormats.indexOf(head.format) < bestFormats.indexOf(than.head.format));
}

function letGo({ photo, source }: Opened): void {
  photo.preview.close();
  source.release();
}

/** Why none of several files could be opened: what is said of the one that is most likely the photo. */
function worstOf(problems: readonly PhotoProblem[]): PhotoProblem {
  return (
    problems.find(({ code }) => !besides.includes(code)) ??
    problems.find(({ code }) => code !== "not-an-image") ??
    new PhotoProblem("two-files")
  );
}

/** The photo that all of these are, in its best encoding; lets go of the others. Throws when they are not the same. */
async function chooseBest(opened: readonly [Opened, ...Opened[]]): Promise<Opened> {
  const [first] = opened;
  const best = opened.reduce((known, each) => (isBetter(each, known) ? each : known), first);
  for (const each of opened) {
    if (each !== best && !(await isSamePicture(each, best))) throw new PhotoProblem("two-files");
  }
  for (const each of opened) if (each !== best) letGo(each);
  return best;
}

/**
 * Opens what was picked, dropped or pasted at once: one photo, which may come in several encodings and beside files that are none.
 * Throws as `openPhotoFile` does, and "two-files" where the photos are not the same.
 */
export async function openPhotoFiles(
  files: readonly Blob[],
  product: Product,
  memory: Memory,
  signal: AbortSignal,
): Promise<Opened> {
  const [only] = files;
  if (only !== undefined && files.length === 1) return openPhotoFile(only, product, memory, signal);
  if (files.length > maxFiles) throw new PhotoProblem("two-files");
  const opened: Opened[] = [];
  const problems: PhotoProblem[] = [];
  try {
    for (const file of files) {
      try {
        const each = await openPhotoFile(file, product, memory, signal);
        // What is needed of it is its preview.
        each.source.release();
        opened.push(each);
      } catch (error) {
        if (!(error instanceof PhotoProblem)) throw error;
        problems.push(error);
      }
    }
    const [first, ...rest] = opened;
    if (first === undefined) throw worstOf(problems);
    return await chooseBest([first, ...rest]);
  } catch (error) {
    for (const each of opened) letGo(each);
    throw error;
  }
}
