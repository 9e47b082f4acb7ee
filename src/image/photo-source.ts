import type { Affine, PhotoSize } from "#card/placement.ts";
import { decodeUpright } from "./bitmap-pixels.ts";
import type { ColourTable } from "#design/colour-table.ts";
import type { DecodedBitmap } from "./decode-bitmap.ts";
import { DamageError, DecodeError } from "./decode-error.ts";
import { canScale, decodeFrame } from "./frame-pixels.ts";
import { pixelsOfJpeg } from "./jpeg-pixels.ts";
import type { JpegReader } from "./jpeg/read-jpeg.ts";
import type { PhotoHead } from "./photo-head.ts";
import { loadDecoder } from "./rare/load-decoder.ts";
import type { Band, Decoded } from "./resampler/resampler.ts";

/** All of a photo, decoded. The source that gives it closes it. */
export interface Pixels extends Decoded {
  /** From these pixels to the upright photo's. */
  readonly toPhoto: Affine;
  /** The upright photo's size. */
  readonly photo: PhotoSize;
  /** What a canvas draws, upright; undefined of what is decoded by us, which no canvas holds. */
  readonly image: ImageBitmap | VideoFrame | undefined;
  /** Whether `image` lies as it is stored: a canvas draws it upright through `toPhoto`. */
  readonly isStored?: true;
  /** Of what is decoded by us: whether the colours are inks of which nothing tells what they look like. */
  readonly guessesColours?: boolean;
  /** Opaque, and in memory as a canvas draws it: neither to be turned nor to be brought into sRGB first. */
  readonly isPlain: boolean;
  readonly bytes: number;
  /** What the pixels of `image` need to be in sRGB, which those that are read are already. */
  readonly convert?: DecodedBitmap["convert"];
  /**
   * Copies a part, tightly packed, as it is seen on this ground (`#rrggbb`). Of what may be transparent `table` changes the colours
   * first, and not the ground's. Throws the signal's reason where that takes long.
   */
  read(band: Band, ground: string, signal?: AbortSignal, table?: ColourTable): Promise<void>;
  close(): void;
}

function pixelsOf({ size }: PhotoHead): number {
  return size === undefined ? 0 : size.widthPx * size.heightPx;
}

/** Decoded by a browser, all pixels of a larger one would be there at once, in four bytes each, and in some of them twice. */
const maxBrowserPixels = 24_000_000;

/**
 * Whether we decode it ourselves where the browser does not decode it at a part of its size: JPEGs that are too large to be held as a
 * bitmap, and those of inks, whose profile no browser makes use of.
 */
function isDecodedByUs(head: PhotoHead): boolean {
  const { format, rare, inks, size } = head;
  if (format !== "jpeg" || rare !== undefined || size === undefined) return false;
  return inks === true || pixelsOf(head) > maxBrowserPixels;
}

/** A PNG that would take as much is read in rows instead, each time from the first. Undefined for all others. */
async function readInRows(file: () => Blob, head: PhotoHead, given?: ArrayBuffer): Promise<Pixels | undefined> {
  if (head.inRows === undefined || pixelsOf(head) <= maxBrowserPixels) return undefined;
  const { pixelsOfPng } = await loadDecoder(() => import("./png-pixels.ts"));
  return pixelsOfPng(new Uint8Array(given ?? (await file().arrayBuffer())), head);
}

/** What is decoded is kept while nothing is done with it if it takes no more than this: 48 megapixels as frames hold them, 24 as bitmaps. */
const maxKeptBytes = 100_000_000;
/** As a bitmap no more than 200 MB, which every device has. */
const maxForgivenPixels = 50_000_000;
/** Pixels for each one that is drawn, in either direction, that a photo decoded at a part of its size has at least: it is not seen then. */
const oversampling = 2;

/** How a photo is decoded: at so many eighths of its size by the frame, or all of it as a bitmap, whose colours are the most exact. */
type Way = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | "bitmap";

/** Ours has four sizes: the largest that is not more. */
function eighthsOf(way: Way): 1 | 2 | 4 | 8 {
  return way === "bitmap" ? 8 : (([8, 4, 2] as const).find((eighths) => eighths <= way) ?? 1);
}

/** A frame of more of a large JPEG would take hundreds of megabytes. */
const mostEighthsOfLarge = 4;

function rank(way: Way): number {
  return way === "bitmap" ? 9 : way;
}

function atMost(most: Way, way: Way): Way {
  return rank(way) > rank(most) ? most : way;
}

function wayFor(drawnScale: number): Way {
  // The others take as long as all of it.
  const fast = ([1, 2, 4, 8] as const).find((eighths) => eighths / 8 >= drawnScale * oversampling - 1e-9);
  return fast ?? "bitmap";
}

function wayWithin(pixels: number, { widthPx, heightPx }: PhotoSize): Way {
  const eighths = Math.max(1, Math.floor(8 * Math.sqrt(pixels / (widthPx * heightPx))));
  return eighths < 8 ? (eighths as Way) : "bitmap";
}

/** How large a photo has to be decoded. */
export interface Wanted {
  /** Pixels that are drawn per pixel of the photo. */
  readonly drawnScale: number;
  /** A larger one that is there already will not do: the same photo has to give the same picture every time. */
  readonly exactly: boolean;
}

/** A photo's file, and of its pixels those that were decoded last. */
export interface PhotoSource {
  /** Gives `work` pixels for this, which are kept until others are needed. Rejects with DecodeError, or as `work` does. */
  use<T>(wanted: Wanted, work: (pixels: Pixels) => Promise<T>): Promise<T>;
  /** The same with the most pixels that are not more than this; more where the decoder does not scale. */
  useAtMost<T>(pixels: number, work: (pixels: Pixels) => Promise<T>): Promise<T>;
  /** Nothing more is to be done for now: lets go of what is too large to be kept meanwhile. */
  rest(): void;
  /** Lets go of what is kept. */
  release(): void;
}

function createSource(
  file: () => Blob,
  head: PhotoHead,
  byUs: boolean,
  fresh?: ArrayBuffer,
  opening?: AbortSignal,
): PhotoSource {
  let bytes = fresh;
  let kept: { readonly way: Way; readonly pixels: Pixels } | undefined;
  const isTooLarge = !byUs && isDecodedByUs(head) && pixelsOf(head) > maxForgivenPixels;
  const size = byUs || canScale(head) ? head.size : undefined;
  let reader: JpegReader | undefined;
  const drop = (): void => {
    kept?.pixels.close();
    kept = undefined;
  };
  const release = (): void => {
    drop();
    reader = undefined;
  };
  const usesFrame = (way: Way): way is Exclude<Way, "bitmap"> => {
    if (way === "bitmap" || !canScale(head)) return false;
    return !byUs || (way <= mostEighthsOfLarge && head.progressive === undefined);
  };
  const decode = async (way: Way): Promise<Pixels> => {
    const given = bytes;
    bytes = undefined;
    if (size !== undefined && usesFrame(way)) {
      const data = given ?? (await file().arrayBuffer());
      // What was given is still being read elsewhere.
      const frame = await decodeFrame({ data, transfer: given === undefined ? [data] : [] }, size, way, byUs);
      if (frame !== undefined) return frame;
    }
    if (isTooLarge) throw new DecodeError("it has too many pixels for a bitmap");
    if (!byUs) return (await readInRows(file, head, given)) ?? decodeUpright(file(), head, given && opening);
    const { openJpeg } = await loadDecoder(() => import("./jpeg/read-jpeg.ts"));
    reader ??= openJpeg(new Uint8Array(given ?? (await file().arrayBuffer())));
    return pixelsOfJpeg(reader, eighthsOf(way));
  };
  const useDecoded = async <T>(wanted: Way, work: (pixels: Pixels) => Promise<T>): Promise<T> => {
    const way = byUs ? eighthsOf(wanted) : isTooLarge ? atMost(mostEighthsOfLarge, wanted) : wanted;
    if (kept?.way !== way) {
      // Before the next, so that both are never there at once.
      drop();
      kept = { way, pixels: await decode(way) };
    }
    return work(kept.pixels);
  };
  return {
    use({ drawnScale, exactly }, work) {
      const way = size === undefined ? "bitmap" : wayFor(drawnScale);
      return useDecoded(!exactly && kept !== undefined && rank(kept.way) > rank(way) ? kept.way : way, work);
    },
    rest() {
      if ((kept?.pixels.bytes ?? reader?.bytes ?? 0) > maxKeptBytes) release();
    },
    useAtMost: (pixels, work) => useDecoded(size === undefined ? "bitmap" : wayWithin(pixels, size), work),
    release,
  };
}

/**
 * One piece of work at a time. What `file` gives is read at each decoding; `fresh` is what has just been read of it. `opening` stops
 * the first decoding, where that takes long. A JPEG of ours whose bits are broken is from then on what the browser shows of it.
 */
export function createPhotoSource(
  file: () => Blob,
  head: PhotoHead,
  fresh?: ArrayBuffer,
  opening?: AbortSignal,
): PhotoSource {
  let byUs = isDecodedByUs(head);
  let source = createSource(file, head, byUs, fresh, opening);
  const forgive = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (damage) {
      if (!(damage instanceof DamageError) || !byUs || head.inks === true) throw damage;
      source.release();
      byUs = false;
      source = createSource(file, head, byUs);
      return work().catch((error: unknown) => {
        throw error instanceof DecodeError ? damage : error;
      });
    }
  };
  return {
    use: (wanted, work) => forgive(() => source.use(wanted, work)),
    useAtMost: (pixels, work) => forgive(() => source.useAtMost(pixels, work)),
    rest: () => source.rest(),
    release: () => source.release(),
  };
}
