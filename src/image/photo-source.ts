import { type Affine, composeAffine, type PhotoSize } from "#card/placement.ts";
import { decodeUpright } from "./bitmap-pixels.ts";
import type { DecodedBitmap } from "./decode-bitmap.ts";
import { DamageError, DecodeError } from "./decode-error.ts";
import { pixelsOfJpeg } from "./jpeg-pixels.ts";
import type { JpegReader } from "./jpeg/read-jpeg.ts";
import type { PhotoHead } from "./photo-head.ts";
import { loadDecoder } from "./rare/load-decoder.ts";
import { isGecko } from "./read-surface.ts";
import type { Band, Decoded, PixelLayout } from "./resampler/resampler.ts";

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
   * Copies a part, tightly packed, as it is seen on this ground (`#rrggbb`). Throws the signal's reason where that takes long.
   */
  read(band: Band, ground: string, signal?: AbortSignal): Promise<void>;
  close(): void;
}

/** A VideoFrame that knows how it is turned, which TypeScript's library does not say of it yet. */
interface TurnedFrame extends VideoFrame {
  readonly rotation: number;
  readonly flip: boolean;
}

/** From a stored photo's pixels to those of the upright one: turned clockwise, then mirrored. */
function turnUpright({ rotation, flip }: TurnedFrame, { widthPx, heightPx }: PhotoSize): Affine {
  const turns = {
    0: [1, 0, 0, 1, 0, 0],
    90: [0, 1, -1, 0, heightPx, 0],
    180: [-1, 0, 0, -1, widthPx, heightPx],
    270: [0, -1, 1, 0, 0, widthPx],
  } as const satisfies Record<number, Affine>;
  const turned = turns[rotation as keyof typeof turns];
  const width = rotation % 180 === 0 ? widthPx : heightPx;
  return flip ? composeAffine([-1, 0, 0, 1, width, 0], turned) : turned;
}

const converted = { format: "RGBX", colorSpace: "srgb" } as const;

/**
 * How a frame's own memory is read, which is the quickest and takes none besides; undefined where the browser has to convert it
 * first. That smooths no colours.
 */
function layoutOf({ format, colorSpace }: VideoFrame): PixelLayout | undefined {
  const { primaries, transfer, matrix, fullRange } = colorSpace;
  if (primaries !== "bt709" || transfer !== "iec61966-2-1") return undefined;
  switch (format) {
    case "RGBX":
    case "BGRX":
      return matrix === "rgb" ? format : undefined;
    case "I420":
    case "I422":
    case "I444":
      return matrix === "smpte170m" && fullRange === true ? format : undefined;
    default:
      return undefined;
  }
}

function pixelsOfFrame(frame: TurnedFrame, stored: PhotoSize, scale: number): Pixels {
  const layout = layoutOf(frame);
  const isOnItsSide = frame.rotation % 180 !== 0;
  return {
    layout: layout ?? "RGBX",
    widthPx: frame.codedWidth,
    heightPx: frame.codedHeight,
    toPhoto: composeAffine(turnUpright(frame, stored), [1 / scale, 0, 0, 1 / scale, 0, 0]),
    photo: isOnItsSide ? { widthPx: stored.heightPx, heightPx: stored.widthPx } : stored,
    image: frame,
    isPlain: (layout === "RGBX" || layout === "BGRX") && frame.rotation === 0 && !frame.flip,
    bytes: frame.allocationSize(),
    // A canvas would copy each pixel three times, and turn it.
    async read({ x, y, width, height, bytes }) {
      const rect = { x, y, width, height };
      await frame.copyTo(bytes, layout === undefined ? { rect, ...converted } : { rect });
    },
    close: () => frame.close(),
  };
}

/** Decoded by a browser, all pixels of a larger one would be there at once, in four bytes each, and in some of them twice. */
const maxBrowserPixels = 24_000_000;

/**
 * Whether we decode it ourselves where the browser does not decode it at a part of its size: JPEGs that are too large to be held as a
 * bitmap, and those of inks, whose profile no browser makes use of.
 */
function isDecodedByUs({ format, rare, inks, size }: PhotoHead): boolean {
  if (format !== "jpeg" || rare !== undefined || size === undefined) return false;
  return inks === true || size.widthPx * size.heightPx > maxBrowserPixels;
}

/**
 * Some engines decode a JPEG at eighths of its size in a fraction of the time. Those that also say how it is turned are known to do it
 * right; Firefox does not scale, and would bring the colours into those of the screen.
 */
function canScale({ format, inks }: PhotoHead): boolean {
  return (
    format === "jpeg" &&
    inks === undefined &&
    !isGecko() &&
    typeof ImageDecoder === "function" &&
    "rotation" in VideoFrame.prototype
  );
}

type FrameData = Pick<ImageDecoderInit, "data" | "transfer">;

/** Undefined where the bitmap's decoder, or where there is one our own (`orUs`), gives the better pixels. */
async function decodeFrame(
  data: FrameData,
  stored: PhotoSize,
  eighths: number,
  orUs: boolean,
): Promise<Pixels | undefined> {
  const desiredWidth = Math.ceil((stored.widthPx * eighths) / 8);
  const desiredHeight = Math.ceil((stored.heightPx * eighths) / 8);
  const desired = eighths < 8 ? { desiredWidth, desiredHeight } : {};
  const decoder = new ImageDecoder({ ...data, type: "image/jpeg", ...desired });
  let frame: VideoFrame | undefined;
  try {
    frame = (await decoder.decode()).image;
    // Throws where frames are not copied so.
    frame.allocationSize(converted);
    const isWhole = frame.codedWidth === desiredWidth && frame.codedHeight === desiredHeight;
    // Where colours are kept apart, in another space than sRGB, only the bitmap's decoder smooths them, or ours.
    const isSmooth = layoutOf(frame) !== undefined || (!orUs && /^(RGB|BGR)/.test(frame.format ?? ""));
    if (isWhole && isSmooth) {
      return pixelsOfFrame(frame as TurnedFrame, stored, eighths / 8);
    }
  } catch {
    // The bitmap's decoder will say what is wrong with it.
  } finally {
    decoder.close();
  }
  frame?.close();
  return undefined;
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

/**
 * One piece of work at a time. What `file` gives is read at each decoding; `fresh` is what has just been read of it. `opening` stops
 * the first decoding, where that takes long.
 */
export function createPhotoSource(
  file: () => Blob,
  head: PhotoHead,
  fresh?: ArrayBuffer,
  opening?: AbortSignal,
): PhotoSource {
  let bytes = fresh;
  let kept: { readonly way: Way; readonly pixels: Pixels } | undefined;
  let byUs = isDecodedByUs(head);
  /** Its bits are broken: it is printed as the browser shows it. */
  let isForgiven = false;
  const isSmall = head.size !== undefined && head.size.widthPx * head.size.heightPx <= maxForgivenPixels;
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
    if (isForgiven && !isSmall) throw new DamageError("too many pixels to be shown with broken bits");
    if (!byUs) return decodeUpright(file(), head, given && opening);
    const { openJpeg } = await loadDecoder(() => import("./jpeg/read-jpeg.ts"));
    reader ??= openJpeg(new Uint8Array(given ?? (await file().arrayBuffer())));
    return pixelsOfJpeg(reader, eighthsOf(way));
  };
  const wayFrom = (wanted: Way): Way => {
    if (byUs) return eighthsOf(wanted);
    return isForgiven && !isSmall && rank(wanted) > mostEighthsOfLarge ? mostEighthsOfLarge : wanted;
  };
  const useDecoded = async <T>(wanted: Way, work: (pixels: Pixels) => Promise<T>): Promise<T> => {
    const way = wayFrom(wanted);
    if (kept?.way !== way) {
      // Before the next, so that both are never there at once.
      drop();
      kept = { way, pixels: await decode(way) };
    }
    return work(kept.pixels);
  };
  const useForgiving: typeof useDecoded = async (wanted, work) => {
    try {
      return await useDecoded(wanted, work);
    } catch (damage) {
      if (!(damage instanceof DamageError) || !byUs || head.inks === true) throw damage;
      release();
      byUs = false;
      isForgiven = true;
      return useDecoded(wanted, work).catch((error: unknown) => {
        throw error instanceof DecodeError ? damage : error;
      });
    }
  };
  return {
    use({ drawnScale, exactly }, work) {
      const way = size === undefined ? "bitmap" : wayFor(drawnScale);
      return useForgiving(!exactly && kept !== undefined && rank(kept.way) > rank(way) ? kept.way : way, work);
    },
    rest() {
      if ((kept?.pixels.bytes ?? reader?.bytes ?? 0) > maxKeptBytes) release();
    },
    useAtMost: (pixels, work) => useForgiving(size === undefined ? "bitmap" : wayWithin(pixels, size), work),
    release,
  };
}
