import type { PhotoSize } from "#card/placement.ts";
import { cardStock, createSurface } from "./canvas.ts";
import type { PhotoHead } from "./photo-head.ts";

/** All of a photo, decoded: upright, at a scale of its own. Whoever has it calls `close()`. */
export interface Pixels extends PhotoSize {
  /** Pixels of these per pixel of the photo, greater than 0 and at most 1. */
  readonly scale: number;
  /** The whole photo's size. */
  readonly photo: PhotoSize;
  /** What a canvas draws. */
  readonly image: ImageBitmap | VideoFrame;
  /** Opaque, and in memory as it is shown: neither to be turned nor to be brought into sRGB at each drawing. */
  readonly isPlain: boolean;
  /** Copies a part, row by row, into `rgba`, which has exactly its size: in sRGB; what is transparent is white; A is of no meaning. */
  read(x: number, y: number, width: number, rows: number, rgba: Uint8ClampedArray<ArrayBuffer>): Promise<void>;
  close(): void;
}

/** There is no memory for the pixels, or the file is broken inside. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
}

/** A VideoFrame that knows how it is turned, which TypeScript's library does not say of it yet. */
interface TurnedFrame extends VideoFrame {
  readonly rotation: number;
  readonly flip: boolean;
}

function readByCanvas(image: ImageBitmap | VideoFrame): Pixels["read"] {
  let context: OffscreenCanvasRenderingContext2D | undefined;
  return (x, y, width, rows, rgba) => {
    if (context?.canvas.width !== width || context.canvas.height < rows) {
      context = createSurface(width, rows, { willReadFrequently: true });
      context.imageSmoothingEnabled = false;
    }
    context.fillStyle = cardStock;
    context.fillRect(0, 0, width, rows);
    context.drawImage(image, x, y, width, rows, 0, 0, width, rows);
    rgba.set(context.getImageData(0, 0, width, rows).data);
    return Promise.resolve();
  };
}

function isPlainFrame({ format, rotation, flip, colorSpace: { primaries, transfer, matrix } }: TurnedFrame): boolean {
  const isSrgb = primaries === "bt709" && transfer === "iec61966-2-1" && matrix === "rgb";
  return isSrgb && rotation === 0 && !flip && (format === "BGRX" || format === "RGBX");
}

function readByCopy(frame: VideoFrame): Pixels["read"] {
  return async (x, y, width, height, rgba) => {
    // A canvas would copy each pixel three times.
    await frame.copyTo(rgba, { rect: { x, y, width, height }, format: "RGBX" });
  };
}

/** The pixels of a whole photo that is decoded already. */
export function pixelsOfBitmap(bitmap: ImageBitmap): Pixels {
  const size = { widthPx: bitmap.width, heightPx: bitmap.height };
  const close = (): void => bitmap.close();
  return { ...size, scale: 1, photo: size, image: bitmap, isPlain: false, read: readByCanvas(bitmap), close };
}

function pixelsOfFrame(frame: TurnedFrame, stored: PhotoSize, scale: number): Pixels {
  const isOnItsSide = frame.rotation % 180 !== 0;
  const isPlain = isPlainFrame(frame);
  return {
    widthPx: frame.displayWidth,
    heightPx: frame.displayHeight,
    scale,
    photo: isOnItsSide ? { widthPx: stored.heightPx, heightPx: stored.widthPx } : stored,
    image: frame,
    isPlain,
    read: isPlain ? readByCopy(frame) : readByCanvas(frame),
    close: () => frame.close(),
  };
}

/** Some engines decode a JPEG at eighths of its size in a fraction of the time. Those that say how it is turned do it right. */
function canScale({ format }: PhotoHead): boolean {
  return format === "jpeg" && typeof ImageDecoder === "function" && "rotation" in VideoFrame.prototype;
}

async function decodeScaled(bytes: BufferSource, stored: PhotoSize, eighths: number): Promise<Pixels | undefined> {
  const desiredWidth = Math.ceil((stored.widthPx * eighths) / 8);
  const desiredHeight = Math.ceil((stored.heightPx * eighths) / 8);
  const decoder = new ImageDecoder({ data: bytes, type: "image/jpeg", desiredWidth, desiredHeight });
  try {
    const { image } = await decoder.decode();
    if (image.codedWidth === desiredWidth && image.codedHeight === desiredHeight) {
      return pixelsOfFrame(image as TurnedFrame, stored, eighths / 8);
    }
    image.close();
  } catch {
    // The bitmap's decoder will say what is wrong with it.
  } finally {
    decoder.close();
  }
  return undefined;
}

/**
 * All pixels of the file in sRGB, turned upright by its own orientation; of an animation the first picture.
 * Rejects when there is no memory for it, or when the file is broken inside.
 */
async function decodeWhole(file: Blob, { format }: PhotoHead): Promise<Pixels> {
  // The type is set from the bytes, because some engines trust it and pickers often leave it empty or wrong.
  const typed = file.slice(0, file.size, `image/${format}`);
  try {
    // Without options: upright and in sRGB is what all engines do by themselves, and not all know the words for it.
    return pixelsOfBitmap(await createImageBitmap(typed));
  } catch (cause) {
    throw new DecodeError(`createImageBitmap of image/${format}`, { cause });
  }
}

/** Decoded pixels that are more than this are not kept between two pieces of work: 64 MB. */
const maxKeptPixels = 16_800_000;
/** Pixels for each one that is drawn, in either direction, that a scaled photo has at least: what its decoder does is then not seen. */
const oversampling = 2;

/** How large a photo has to be decoded. */
export interface Wanted {
  /** Pixels that are drawn per pixel of the photo. */
  readonly drawnScale: number;
  /** A larger one that is there already will not do: the same photo has to give the same picture every time. */
  readonly exactly: boolean;
}

/** A photo's file, and of its pixels those that were decoded last. */
export interface PhotoSource {
  /** Gives `work` pixels for this; they are closed, or kept for the next, when it ends. Rejects as the decoder does. */
  use<T>(wanted: Wanted, work: (pixels: Pixels) => Promise<T>): Promise<T>;
  /** The same with the most pixels that are not more than this; more where the decoder does not scale. */
  useAtMost<T>(pixels: number, work: (pixels: Pixels) => Promise<T>): Promise<T>;
  /** Lets go of what is kept. */
  release(): void;
}

/** Eighths of a photo's size of which one is enough to draw it at this scale; 8 is all of it. */
function eighthsFor(drawnScale: number, { widthPx, heightPx }: PhotoSize): number {
  for (let eighths = Math.ceil(drawnScale * oversampling * 8 - 1e-9); eighths < 8; eighths += 1) {
    // Otherwise a pixel at the edge is not whole, and where a turned photo begins would not be known.
    if (eighths > 0 && (widthPx * eighths) % 8 === 0 && (heightPx * eighths) % 8 === 0) return eighths;
  }
  return 8;
}

function eighthsWithin(pixels: number, { widthPx, heightPx }: PhotoSize): number {
  return Math.min(8, Math.max(1, Math.floor(8 * Math.sqrt(pixels / (widthPx * heightPx)))));
}

/** One piece of work at a time. `file` is read at each decoding; `fresh` is what has just been read of it. */
export function createPhotoSource(file: Blob, head: PhotoHead, fresh?: ArrayBuffer): PhotoSource {
  let bytes = fresh;
  let kept: { readonly eighths: number; readonly pixels: Pixels } | undefined;
  const size = canScale(head) ? head.size : undefined;
  const release = (): void => {
    kept?.pixels.close();
    kept = undefined;
  };
  const decode = async (eighths: number): Promise<Pixels> => {
    if (size === undefined || eighths === 8) return decodeWhole(file, head);
    return (await decodeScaled(bytes ?? (await file.arrayBuffer()), size, eighths)) ?? decodeWhole(file, head);
  };
  const useEighths = async <T>(eighths: number, work: (pixels: Pixels) => Promise<T>): Promise<T> => {
    if (kept?.eighths !== eighths) {
      // Before the next, so that both are never there at once.
      release();
      kept = { eighths, pixels: await decode(eighths) };
      bytes = undefined;
    }
    const { pixels } = kept;
    try {
      return await work(pixels);
    } finally {
      if (pixels.widthPx * pixels.heightPx > maxKeptPixels) release();
    }
  };
  return {
    use({ drawnScale, exactly }, work) {
      const eighths = size === undefined ? 8 : eighthsFor(drawnScale, size);
      return useEighths(!exactly && kept !== undefined && kept.eighths > eighths ? kept.eighths : eighths, work);
    },
    useAtMost: (pixels, work) => useEighths(size === undefined ? 8 : eighthsWithin(pixels, size), work),
    release,
  };
}
