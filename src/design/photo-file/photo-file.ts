import { walkGif } from "./gif.ts";
import { walkJpeg } from "./jpeg.ts";
import { startsWith } from "./orientation.ts";
import { walkPng } from "./png.ts";
import { type Cursor, type Extra, type Found, runWalk, type Walk } from "./walk.ts";
import { mendWebp, walkWebp } from "./webp.ts";

interface Format {
  readonly mediaType: string;
  readonly walk: (cursor: Cursor, found: Found) => Walk;
}

const formats = {
  JPEG: { mediaType: "image/jpeg", walk: walkJpeg },
  PNG: { mediaType: "image/png", walk: walkPng },
  WebP: { mediaType: "image/webp", walk: walkWebp },
  GIF: { mediaType: "image/gif", walk: walkGif },
} as const satisfies Record<string, Format>;
export type BareFormat = keyof typeof formats;

/** Those of which it can be said that nothing is in them but the picture. */
export const bareMediaTypes = Object.values(formats).map(({ mediaType }) => mediaType);

const headBytes = 32;

/** By its first bytes: a format that is walked here, or the name of another photo's. */
function nameFormat(head: Uint8Array): BareFormat | "HEIC" | "AVIF" | "TIFF" | "BMP" | "JPEG XL" | undefined {
  if (startsWith(head, "\xff\xd8\xff")) return "JPEG";
  if (startsWith(head, "\x89PNG\r\n\x1a\n")) return "PNG";
  if (startsWith(head, "RIFF") && startsWith(head.subarray(8), "WEBP")) return "WebP";
  if (startsWith(head, "GIF8")) return "GIF";
  if (startsWith(head, "II*\0") || startsWith(head, "MM\0*")) return "TIFF";
  if (startsWith(head, "BM")) return "BMP";
  if (startsWith(head, "\xff\x0a") || startsWith(head.subarray(4), "JXL ")) return "JPEG XL";
  if (!startsWith(head.subarray(4), "ftyp")) return undefined;
  const brands = String.fromCharCode(...head.subarray(8));
  if (/avi[fs]/.test(brands)) return "AVIF";
  return /hei[cxms]|hev[cxm]|mif1|msf1/.test(brands) ? "HEIC" : undefined;
}

export type PhotoReport =
  /** Another format's name, or undefined where it is no photo. */
  | { readonly kind: "other"; readonly name: string | undefined }
  | { readonly kind: "broken"; readonly format: BareFormat }
  | {
      readonly kind: "photo";
      readonly format: BareFormat;
      readonly mediaType: string;
      readonly size: NonNullable<Found["size"]>;
      /** What is in the file beside the picture, in the file's order. Empty: the file is bare. */
      readonly extras: readonly Extra[];
    };

export interface PhotoReader {
  push(piece: Uint8Array): void;
  /** The first part that is not the picture's, as soon as it is known. */
  firstExtra(): Extra | undefined;
  /** To be called once, when all pieces have come. */
  end(): PhotoReport;
}

/**
 * Reads a photo's file, in pieces of any length, of which none is kept: what it is, and what of it is not its picture. Kept are the
 * pixels, their colours and their orientation; everything else (place and time, the camera, a name, a film, a smaller picture, what
 * nobody knows) is an extra. Nothing is decoded.
 */
export function createPhotoReader(): PhotoReader {
  const cursor: Cursor = { position: 0 };
  const found: Found = { hasPixels: false, isBroken: false, extras: [] };
  const head = new Uint8Array(headBytes);
  let headSize = 0;
  let total = 0;
  let named: ReturnType<typeof nameFormat>;
  let running: ReturnType<typeof runWalk> | undefined;
  let isNamed = false;

  const begin = (): void => {
    isNamed = true;
    named = nameFormat(head.subarray(0, headSize));
    if (named === undefined || !Object.hasOwn(formats, named)) return;
    running = runWalk(formats[named as BareFormat].walk(cursor, found), cursor);
    running.push(head.subarray(0, headSize));
  };
  const listExtras = (format: BareFormat, end: number): readonly Extra[] => {
    const behind = end < total ? [{ from: end, to: total, name: "bytes behind it", instead: new Uint8Array(0) }] : [];
    const all = [...found.extras, ...behind];
    if (format !== "WebP") return all;
    return [...mendWebp(all, head), ...all];
  };
  return {
    push(piece) {
      total += piece.length;
      const used = Math.min(headBytes - headSize, piece.length);
      if (!isNamed) {
        head.set(piece.subarray(0, used), headSize);
        headSize += used;
        if (headSize === headBytes) begin();
      }
      running?.push(piece.subarray(used));
    },
    firstExtra: () => found.extras[0],
    end() {
      if (!isNamed) begin();
      const walkedTo = running?.end();
      if (running === undefined) return { kind: "other", name: named };
      const format = named as BareFormat;
      const { size } = found;
      const isEmpty = size === undefined || size.widthPx === 0 || size.heightPx === 0;
      if (found.isBroken || !found.hasPixels || isEmpty) return { kind: "broken", format };
      const { mediaType } = formats[format];
      return { kind: "photo", format, mediaType, size, extras: listExtras(format, walkedTo ?? total) };
    },
  };
}

/** Bytes of the file, from the first to behind the last, or others in their place. */
export type Part = { readonly from: number; readonly to: number } | Uint8Array;

/** What the bare file is put together from: a file of `size` bytes without its extras. */
export function listBareParts(extras: readonly Extra[], size: number): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const { from, to, instead } of extras) {
    if (from > at) parts.push({ from: at, to: from });
    if (instead.length > 0) parts.push(instead);
    at = to;
  }
  if (at < size) parts.push({ from: at, to: size });
  return parts;
}
