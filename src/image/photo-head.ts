import { tagAt, viewOf } from "./bytes.ts";
import { readAvifTurn, readPngTurn, readWebpTurn, type Turn } from "./turned.ts";

/** The picture formats that browsers decode, and those that rare/ does. */
export type PhotoFormat = "jpeg" | "png" | "gif" | "webp" | "avif" | "bmp" | "jxl" | "heic" | "tiff";

/** What a file's own structure says of the picture in it, before anything is decoded. */
export interface PhotoHead {
  readonly format: PhotoFormat;
  /** As stored, before any orientation is applied. Undefined when the header was not understood. */
  readonly size: { readonly widthPx: number; readonly heightPx: number } | undefined;
  readonly animated: boolean;
  /** A rare kind of the format, which not every browser decodes. */
  readonly rare?: "arithmetic" | "lossless";
  /** A JPEG whose every part is there only at its end: browsers hold all of it, whatever the size that is wanted. */
  readonly progressive?: true;
  /** A PNG whose rows come one after the other, and through which nothing is seen: it can be decoded a part at a time. */
  readonly inRows?: true;
  /** The colours are a press's inks: of a JPEG always, of a TIFF where no profile tells what they look like. */
  readonly inks?: true;
  /** How the file turns it, where that is not left to the decoder. */
  readonly turn?: Turn;
}

function turnedBy(turn: Turn | undefined): Pick<PhotoHead, "turn"> {
  return turn === undefined ? {} : { turn };
}

const jpegEndOfImage = 0xd9;

function isStandaloneMarker(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}

function isFrameMarker(marker: number): boolean {
  // The last is that of JPEG-LS.
  return (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) || marker === 0xf7;
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

/** Coded in another way than with Huffman codes, without loss, or in another depth than 8 bits. */
function rareKindOf(marker: number, bits: number): PhotoHead["rare"] {
  if (marker === 0xc9 || marker === 0xca) return "arithmetic";
  return marker > 0xc2 || bits !== 8 ? "lossless" : undefined;
}

/** Walks the segments of a JPEG (ISO/IEC 10918-1, annex B) up to its frame's. */
export function readJpegHead(bytes: Uint8Array): PhotoHead {
  const view = viewOf(bytes);
  let found = nextJpegMarker(bytes, 2);
  while (found !== undefined && found.marker !== jpegEndOfImage && found.after + 7 <= bytes.length) {
    const { marker, after } = found;
    if (isFrameMarker(marker)) {
      const size = { widthPx: view.getUint16(after + 5), heightPx: view.getUint16(after + 3) };
      const rare = rareKindOf(marker, view.getUint8(after + 2));
      const progressive = marker === 0xc2 && { progressive: true as const };
      const inks = bytes[after + 7] === 4 && { inks: true as const };
      return { format: "jpeg", size, animated: false, ...(rare !== undefined && { rare }), ...progressive, ...inks };
    }
    // Those without a meaning have no length either.
    found = nextJpegMarker(bytes, marker < 0xc0 ? after : after + view.getUint16(after));
  }
  return { format: "jpeg", size: undefined, animated: false };
}

/** How many bits a sample may have of greys, of colours and of a palette, by the PNG's number for each kind: those without opacity. */
const opaqueDepths: Readonly<Record<number, readonly number[]>> = { 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8] };

/** Whether an `IHDR` is of rows of opaque pixels, without passes, coded in the one way that there is. */
function hasOpaqueRows([bits = 0, kind = 0, compression, filters, passes]: Uint8Array): boolean {
  return opaqueDepths[kind]?.includes(bits) === true && compression === 0 && filters === 0 && passes === 0;
}

/** Walks the chunks of a PNG up to its pixels. An `acTL` chunk makes it an animation. */
export function readPngHead(bytes: Uint8Array): PhotoHead {
  const view = viewOf(bytes);
  let size: PhotoHead["size"];
  let animated = false;
  let isInRows = hasOpaqueRows(bytes.subarray(24, 29));
  for (let offset = 8; offset + 16 <= bytes.length; offset += 12 + view.getUint32(offset)) {
    const type = tagAt(bytes, offset + 4);
    if (type === "IHDR") size ??= { widthPx: view.getUint32(offset + 8), heightPx: view.getUint32(offset + 12) };
    if (type === "acTL") animated = true;
    if (type === "acTL" || type === "tRNS") isInRows = false;
    if (type === "IDAT") break;
  }
  return { format: "png", size, animated, ...(isInRows && { inRows: true }), ...turnedBy(readPngTurn(bytes)) };
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

/** Walks a GIF's blocks far enough to know whether a second picture follows the first. */
export function readGifHead(bytes: Uint8Array): PhotoHead {
  const view = viewOf(bytes);
  if (bytes.length < 13) return { format: "gif", size: undefined, animated: false };
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
  return { format: "gif", size, animated: pictures > 1 };
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

/** Of a WebP (RFC 9649). */
export function readWebpHead(bytes: Uint8Array): PhotoHead {
  const animated = tagAt(bytes, 12) === "VP8X" && ((bytes[20] ?? 0) & 0x02) !== 0;
  return { format: "webp", size: webpSize(bytes), animated, ...turnedBy(readWebpTurn(bytes)) };
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

export function readAvifHead(bytes: Uint8Array, animated: boolean): PhotoHead {
  return {
    format: "avif",
    size: largestAvifExtent(bytes),
    animated,
    ...turnedBy(animated ? undefined : readAvifTurn(bytes)),
  };
}

/** The same boxes as AVIF's. Whoever decodes it turns it. */
export function readHeicHead(bytes: Uint8Array): PhotoHead {
  return { format: "heic", size: largestAvifExtent(bytes), animated: false };
}

/** Of a Windows bitmap. A negative height means that the rows begin at the top. */
export function readBmpHead(bytes: Uint8Array): PhotoHead {
  const view = viewOf(bytes);
  if (bytes.length < 26) return { format: "bmp", size: undefined, animated: false };
  const old = view.getUint32(14, true) === 12;
  const size = old
    ? { widthPx: view.getUint16(18, true), heightPx: view.getUint16(20, true) }
    : { widthPx: view.getInt32(18, true), heightPx: Math.abs(view.getInt32(22, true)) };
  return { format: "bmp", size, animated: false };
}
