import type { Product } from "./products.ts";

/** One chunk of a PNG file, its check sum already found right. */
export interface PngChunk {
  /** Four Latin letters, as "IHDR". */
  readonly type: string;
  readonly data: Uint8Array;
}

type WalkFault = "signature" | "truncated" | "checksum" | "trailing-bytes";

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const lengthTypeAndSum = 12;

/**
 * The chunks of a PNG file up to IEND, each once its check sum is found right. Ends with a fault when something is missing,
 * altered or left over behind IEND. The chunks' order and kind are not judged here.
 */
export function* walkPngChunks(
  bytes: Uint8Array,
  crc32: (bytes: Uint8Array) => number,
): Generator<PngChunk | WalkFault, void, undefined> {
  if (!signature.every((byte, index) => bytes[index] === byte)) return yield "signature";
  const view = viewOf(bytes);
  let offset = signature.length;
  let type = "start";
  while (type !== "IEND") {
    if (offset + lengthTypeAndSum > bytes.length) return yield "truncated";
    const end = offset + lengthTypeAndSum + view.getUint32(offset);
    if (end > bytes.length) return yield "truncated";
    if (crc32(bytes.subarray(offset + 4, end - 4)) !== view.getUint32(end - 4)) return yield "checksum";
    type = String.fromCharCode(...bytes.subarray(offset + 4, offset + 8));
    yield { type, data: bytes.subarray(offset + 8, end - 4) };
    offset = end;
  }
  if (offset !== bytes.length) yield "trailing-bytes";
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The one thing found wrong first. The sentence is for whoever wrote the sending program. */
export interface PictureFault {
  readonly code:
    | "signature"
    | "too-large"
    | "truncated"
    | "checksum"
    | "trailing-bytes"
    | "too-many-chunks"
    | "chunk-not-allowed"
    | "chunk-order"
    | "raster"
    | "bit-depth"
    | "colour-type"
    | "compression"
    | "interlace"
    | "colour-space"
    | "resolution"
    | "pixel-data"
    | "row-filter";
  readonly sentence: string;
}

export type PictureCheck = { readonly ok: true } | { readonly ok: false; readonly reason: PictureFault };

export interface PngTools {
  /**
   * Inflates a whole zlib stream (RFC 1950). Must reject when more than `maxBytes` come out, when the stream is broken or
   * unfinished, and when bytes follow its end (with node:zlib: `info: true`, then `engine.bytesWritten` is its length). With
   * `pieceBytes`, so much at a time and with no larger window than the stream names; in one piece otherwise, which is quicker.
   */
  readonly inflate: (zlibBytes: Uint8Array, maxBytes: number, pieceBytes?: number) => Promise<Uint8Array>;
  readonly crc32: (bytes: Uint8Array) => number;
}

// Everything the picture may hold. Text, EXIF, profiles, thumbnails and animations have their own chunks and stay out.
const chunkSequence = /^IHDR (?:sRGB pHYs|pHYs sRGB) IDAT(?: IDAT)* IEND$/;
const allowedChunks = ["IHDR", "sRGB", "pHYs", "IDAT", "IEND"];

// libpng cuts pixel data every 8 KB; this allows for the largest picture so and keeps the list short.
const maxChunks = 4096;

const readingSentences = {
  signature: "The picture is not a PNG.",
  truncated: "The picture ends before its IEND chunk does.",
  checksum: "A chunk's check sum is wrong.",
  "trailing-bytes": "Bytes follow the IEND chunk.",
  "too-many-chunks": "The picture is cut into too many chunks.",
} as const;

/** All chunks of a file that has nothing missing, altered or left over. */
function readChunks(bytes: Uint8Array, crc32: PngTools["crc32"]): readonly PngChunk[] | keyof typeof readingSentences {
  const chunks: PngChunk[] = [];
  for (const chunk of walkPngChunks(bytes, crc32)) {
    if (typeof chunk === "string") return chunk;
    if (chunks.length === maxChunks) return "too-many-chunks";
    chunks.push(chunk);
  }
  return chunks;
}

function checkSequence(chunks: readonly PngChunk[]): PictureFault | undefined {
  const unknownChunk = chunks.find((chunk) => !allowedChunks.includes(chunk.type));
  if (unknownChunk !== undefined) {
    const name = unknownChunk.type.replace(/[^A-Za-z]/g, "?");
    return {
      code: "chunk-not-allowed",
      sentence: `The picture has a ${name} chunk; only ${allowedChunks.join(", ")} may be there.`,
    };
  }
  if (dataOf(chunks, "IEND").length > 0) return { code: "trailing-bytes", sentence: "The IEND chunk must be empty." };
  if (chunkSequence.test(chunks.map((chunk) => chunk.type).join(" "))) return undefined;
  return {
    code: "chunk-order",
    sentence:
      "The chunks must be IHDR, then sRGB and pHYs, then IDAT without a gap, then IEND, each but IDAT exactly once.",
  };
}

function dataOf(chunks: readonly PngChunk[], type: string): Uint8Array {
  return chunks.find((chunk) => chunk.type === type)?.data ?? new Uint8Array(0);
}

function checkHeader(header: Uint8Array, product: Product): PictureFault | undefined {
  if (header.length !== 13) return { code: "truncated", sentence: "The IHDR chunk must be 13 bytes long." };
  const view = viewOf(header);
  const [widthPx, heightPx] = [view.getUint32(0), view.getUint32(4)];
  const [bitDepth, colourType, compression, filterMethod, interlace] = header.subarray(8);
  if (widthPx !== product.widthPx || heightPx !== product.heightPx) {
    const needed = `${product.widthPx} x ${product.heightPx}`;
    return { code: "raster", sentence: `The picture is ${widthPx} x ${heightPx} pixels; this card needs ${needed}.` };
  }
  if (bitDepth !== 8)
    return { code: "bit-depth", sentence: `The picture has ${bitDepth} bits per sample; it must have 8.` };
  if (colourType !== 2) {
    return {
      code: "colour-type",
      sentence: `The picture has colour type ${colourType}; it must be 2 (RGB without alpha).`,
    };
  }
  if (compression !== 0 || filterMethod !== 0) {
    return { code: "compression", sentence: "The picture must use compression method 0 and filter method 0." };
  }
  if (interlace !== 0) return { code: "interlace", sentence: "The picture is interlaced; it must not be." };
  return undefined;
}

function checkColourSpace(data: Uint8Array): PictureFault | undefined {
  if (data.length === 1 && (data[0] as number) <= 3) return undefined;
  return { code: "colour-space", sentence: "The sRGB chunk must hold one rendering intent, 0 to 3." };
}

function checkResolution(data: Uint8Array, product: Product): PictureFault | undefined {
  const pxPerMetre = Math.round(product.dpi / 0.0254);
  const view = viewOf(data);
  const isRight =
    data.length === 9 && view.getUint32(0) === pxPerMetre && view.getUint32(4) === pxPerMetre && data[8] === 1;
  if (isRight) return undefined;
  return {
    code: "resolution",
    sentence: `The pHYs chunk must state ${product.dpi} dpi (${pxPerMetre} pixels per metre).`,
  };
}

function joinData(chunks: readonly PngChunk[]): Uint8Array {
  const parts = chunks.filter((chunk) => chunk.type === "IDAT").map((chunk) => chunk.data);
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/**
 * RFC 1950, 2.2. A smaller window than the stream reaches back over shows only row by row, as libpng decodes: in one piece
 * everything is within reach.
 */
function namesLargestWindow(zlibBytes: Uint8Array): boolean {
  return (zlibBytes[0] ?? 0) >> 4 >= 7;
}

async function checkPixels(
  zlibBytes: Uint8Array,
  product: Product,
  tools: PngTools,
): Promise<PictureFault | undefined> {
  const rowBytes = 1 + 3 * product.widthPx;
  const expectedBytes = product.heightPx * rowBytes;
  let rows: Uint8Array;
  try {
    rows = await tools.inflate(zlibBytes, expectedBytes, namesLargestWindow(zlibBytes) ? undefined : rowBytes);
  } catch {
    return {
      code: "pixel-data",
      sentence: `The pixel data must be one zlib stream of exactly ${expectedBytes} bytes.`,
    };
  }
  if (rows.length !== expectedBytes) {
    return { code: "pixel-data", sentence: `The pixel data is ${rows.length} bytes; it must be ${expectedBytes}.` };
  }
  for (let offset = 0; offset < expectedBytes; offset += rowBytes) {
    if ((rows[offset] as number) > 4) {
      return { code: "row-filter", sentence: `Row ${offset / rowBytes} names a filter that does not exist.` };
    }
  }
  return undefined;
}

/**
 * Whether these bytes are exactly the picture that this product is printed from: the raster in 8-bit RGB, sRGB and the
 * resolution stated, and nothing else in the file. Decoders forgive much more, so this comes before any decoding.
 * Needs memory for one inflated raster beside the file. Never throws.
 */
export async function checkPngStructure(bytes: Uint8Array, product: Product, tools: PngTools): Promise<PictureCheck> {
  if (bytes.length > product.maxPictureBytes) {
    const sentence = `The picture is ${bytes.length} bytes; at most ${product.maxPictureBytes} are taken.`;
    return { ok: false, reason: { code: "too-large", sentence } };
  }
  const chunks = readChunks(bytes, tools.crc32);
  if (typeof chunks === "string") return { ok: false, reason: { code: chunks, sentence: readingSentences[chunks] } };
  const reason =
    checkSequence(chunks) ??
    checkHeader(dataOf(chunks, "IHDR"), product) ??
    checkColourSpace(dataOf(chunks, "sRGB")) ??
    checkResolution(dataOf(chunks, "pHYs"), product) ??
    (await checkPixels(joinData(chunks), product, tools));
  return reason === undefined ? { ok: true } : { ok: false, reason };
}
