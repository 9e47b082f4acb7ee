import { walkPngChunks } from "#card/png-structure.ts";
import { crc32 } from "./checksums.ts";

/** The picture formats that browsers decode, and those that rare/ does. */
export type PhotoFormat = "jpeg" | "png" | "gif" | "webp" | "avif" | "bmp" | "heic" | "tiff";

/** What a file's own structure says of the picture in it, before anything is decoded. */
export interface PhotoHead {
  readonly format: PhotoFormat;
  /** As stored, before any orientation is applied. Undefined when the header was not understood. */
  readonly size: { readonly widthPx: number; readonly heightPx: number } | undefined;
  /** False when the file ends before its picture does, or a check sum is wrong. */
  readonly complete: boolean;
  readonly animated: boolean;
  /** The colours are a press's inks, of which the browser, or we without a profile, only come near to what they look like. */
  readonly inks?: true;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The four bytes at `offset` as Latin letters; shorter at the end of the file. */
export function tagAt(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}

const jpegEndOfImage = 0xd9;
const jpegStartOfScan = 0xda;

function isStandaloneMarker(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}

function isFrameMarker(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** The code of the next marker at or after `offset`, stepping over entropy-coded data, stuffing, restarts and fill bytes. */
function nextJpegMarker(bytes: Uint8Array, offset: number): { marker: number; after: number } | undefined {
  let at = bytes.indexOf(0xff, offset);
  while (at !== -1 && at + 1 < bytes.length) {
    const marker = bytes[at + 1] as number;
    if (marker !== 0x00 && marker !== 0xff && !isStandaloneMarker(marker)) return { marker, after: at + 2 };
    at = bytes.indexOf(0xff, at + 1);
  }
  return undefined;
}

/**
 * Walks the segments of a JPEG (ISO/IEC 10918-1, annex B) up to its end-of-image marker. Browsers show a truncated JPEG
 * with a grey rest and no error, so the missing marker is the only sign. What follows it (second pictures, motion, padding
 * written by cameras) does not count.
 */
export function readJpegHead(bytes: Uint8Array): PhotoHead {
  const view = viewOf(bytes);
  let size: PhotoHead["size"];
  let scanned = false;
  let channels = 0;
  let found = nextJpegMarker(bytes, 2);
  while (found !== undefined && found.marker !== jpegEndOfImage) {
    const { marker, after } = found;
    if (after + 2 > bytes.length) break;
    if (isFrameMarker(marker) && after + 7 <= bytes.length) {
      size ??= { widthPx: view.getUint16(after + 5), heightPx: view.getUint16(after + 3) };
      channels = bytes[after + 7] ?? 0;
    }
    scanned ||= marker === jpegStartOfScan;
    found = nextJpegMarker(bytes, after + view.getUint16(after));
  }
  return {
    format: "jpeg",
    size,
    complete: size !== undefined && scanned && found?.marker === jpegEndOfImage,
    animated: false,
    ...(channels === 4 && { inks: true }),
  };
}

/** A PNG is whole when every chunk's sum is right, up to its IEND. An `acTL` chunk makes it an animation. */
export function readPngHead(bytes: Uint8Array): PhotoHead {
  const view = viewOf(bytes);
  const head = { format: "png", size: undefined, complete: false, animated: false } as const;
  if (bytes.length < 33 || tagAt(bytes, 12) !== "IHDR") return head;
  const size = { widthPx: view.getUint32(16), heightPx: view.getUint32(20) };
  let animated = false;
  let hasPixels = false;
  for (const chunk of walkPngChunks(bytes, crc32)) {
    if (typeof chunk === "string") break;
    if (chunk.type === "acTL") animated = true;
    if (chunk.type === "IDAT") hasPixels = true;
    if (chunk.type === "IEND") return { format: "png", size, complete: hasPixels, animated };
  }
  return { ...head, size, animated };
}

function gifColourTableBytes(flags: number): number {
  return flags & 0x80 ? 3 << ((flags & 7) + 1) : 0;
}

/** The offset behind a chain of data sub-blocks, or undefined when the file ends inside it. */
function skipGifSubBlocks(bytes: Uint8Array, start: number): number | undefined {
  let offset = start;
  while (offset < bytes.length) {
    const length = bytes[offset] as number;
    offset += length + 1;
    if (length === 0) return offset;
  }
  return undefined;
}

/** Walks a GIF's blocks far enough to know whether its first picture is whole and whether a second one follows. */
export function readGifHead(bytes: Uint8Array): PhotoHead {
  const view = viewOf(bytes);
  if (bytes.length < 13) return { format: "gif", size: undefined, complete: false, animated: false };
  const size = { widthPx: view.getUint16(6, true), heightPx: view.getUint16(8, true) };
  let pictures = 0;
  let offset: number | undefined = 13 + gifColourTableBytes(view.getUint8(10));
  while (offset !== undefined && offset < bytes.length && pictures < 2) {
    const block: number | undefined = bytes[offset];
    if (block === 0x21) offset = skipGifSubBlocks(bytes, offset + 2);
    else if (block === 0x2c && offset + 11 <= bytes.length) {
      offset = skipGifSubBlocks(bytes, offset + 11 + gifColourTableBytes(view.getUint8(offset + 9)));
      if (offset !== undefined) pictures += 1;
    } else break;
  }
  return { format: "gif", size, complete: pictures > 0, animated: pictures > 1 };
}

function webpSize(bytes: Uint8Array): PhotoHead["size"] {
  const view = viewOf(bytes);
  if (bytes.length < 30) return undefined;
  switch (tagAt(bytes, 12)) {
    case "VP8 ":
      return { widthPx: view.getUint16(26, true) & 0x3fff, heightPx: view.getUint16(28, true) & 0x3fff };
    case "VP8L": {
      const bits = view.getUint32(21, true);
      return { widthPx: (bits & 0x3fff) + 1, heightPx: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case "VP8X":
      return {
        widthPx: (view.getUint32(24, true) & 0xffffff) + 1,
        heightPx: (view.getUint32(26, true) >>> 8) + 1,
      };
    default:
      return undefined;
  }
}

/** A WebP (RFC 9649) is whole when the file is as long as its RIFF header says. */
export function readWebpHead(bytes: Uint8Array): PhotoHead {
  const size = webpSize(bytes);
  const complete = size !== undefined && viewOf(bytes).getUint32(4, true) + 8 <= bytes.length;
  const animated = tagAt(bytes, 12) === "VP8X" && ((bytes[20] ?? 0) & 0x02) !== 0;
  return { format: "webp", size, complete, animated };
}

/** The offset behind the box at `offset`: ISO/IEC 14496-12, 4.2. Undefined when its header makes no sense. */
function avifBoxEnd(bytes: Uint8Array, offset: number): number | undefined {
  const view = viewOf(bytes);
  if (offset + 8 > bytes.length) return undefined;
  const size = view.getUint32(offset);
  if (size === 0) return bytes.length;
  if (size !== 1) return size >= 8 ? offset + size : undefined;
  if (offset + 16 > bytes.length) return undefined;
  const largeSize = Number(view.getBigUint64(offset + 8));
  return largeSize >= 16 ? offset + largeSize : undefined;
}

function isAvifComplete(bytes: Uint8Array): boolean {
  let offset: number | undefined = 0;
  let hasData = false;
  while (offset !== undefined && offset < bytes.length) {
    if (tagAt(bytes, offset + 4) === "mdat") hasData = true;
    offset = avifBoxEnd(bytes, offset);
  }
  return hasData && offset === bytes.length;
}

/** The largest `ispe` (image spatial extents) near the start: a grid's own size is larger than that of its tiles. */
function largestAvifExtent(bytes: Uint8Array): PhotoHead["size"] {
  const view = viewOf(bytes);
  const searchEnd = Math.min(bytes.length - 16, 64 * 1024);
  let largest: PhotoHead["size"];
  for (let offset = 4; offset <= searchEnd; offset++) {
    if (bytes[offset] !== 0x69 || tagAt(bytes, offset) !== "ispe") continue;
    const size = { widthPx: view.getUint32(offset + 8), heightPx: view.getUint32(offset + 12) };
    if (size.widthPx * size.heightPx > (largest?.widthPx ?? 0) * (largest?.heightPx ?? 0)) largest = size;
  }
  return largest;
}

/** An AVIF is whole when its boxes end exactly where the file does. */
export function readAvifHead(bytes: Uint8Array, animated: boolean): PhotoHead {
  return { format: "avif", size: largestAvifExtent(bytes), complete: isAvifComplete(bytes), animated };
}

/** A Windows bitmap: size from its header, whole when the stated file size is there. A negative height means top-down. */
export function readBmpHead(bytes: Uint8Array): PhotoHead {
  const view = viewOf(bytes);
  if (bytes.length < 26) return { format: "bmp", size: undefined, complete: false, animated: false };
  const old = view.getUint32(14, true) === 12;
  const size = old
    ? { widthPx: view.getUint16(18, true), heightPx: view.getUint16(20, true) }
    : { widthPx: view.getInt32(18, true), heightPx: Math.abs(view.getInt32(22, true)) };
  return { format: "bmp", size, complete: view.getUint32(2, true) <= bytes.length, animated: false };
}
