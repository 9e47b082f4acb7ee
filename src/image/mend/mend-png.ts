import { crc32 } from "../checksums.ts";
import { measureDeflated } from "./inflate.ts";
import { joinPieces, tagAt, viewOf } from "../bytes.ts";

interface Chunk {
  readonly type: string;
  readonly bytes: Uint8Array;
  /** False when the check sum is wrong or the file ends before the chunk does. */
  readonly isSound: boolean;
}

const signatureBytes = 8;
const criticalTypes = ["IHDR", "PLTE", "IDAT", "IEND"];
const animationTypes = ["acTL", "fcTL", "fdAT"];

/** Those without which the picture is not to be understood begin with a capital letter. */
function isCritical(type: string): boolean {
  return /^[A-Z]/.test(type);
}

/** The chunks up to IEND or the end of the file; no more than a file can hold, and none whose type is no four letters. */
function readChunks(bytes: Uint8Array): Chunk[] {
  const view = viewOf(bytes);
  const chunks: Chunk[] = [];
  let offset = signatureBytes;
  while (offset + 8 <= bytes.length && chunks.at(-1)?.type !== "IEND") {
    const type = tagAt(bytes, offset + 4);
    if (!/^[A-Za-z]{4}$/.test(type)) break;
    const end = offset + 12 + view.getUint32(offset);
    const isThere = end <= bytes.length;
    const isSound = isThere && crc32(bytes.subarray(offset + 4, end - 4)) === view.getUint32(end - 4);
    chunks.push({ type, bytes: bytes.subarray(offset, end), isSound });
    offset = end;
  }
  return chunks;
}

function dataOf({ bytes }: Chunk): Uint8Array {
  return bytes.subarray(8, 8 + viewOf(bytes).getUint32(0));
}

/** Whether all browsers take it as it stands, as far as can be told without its pixels. */
function isSoundFile(chunks: readonly Chunk[]): boolean {
  const types = chunks.map(({ type }) => type);
  return (
    chunks.every(({ type, isSound }) => isSound && (!isCritical(type) || criticalTypes.includes(type))) &&
    types[0] === "IHDR" &&
    types.lastIndexOf("IHDR") === 0 &&
    types.at(-1) === "IEND" &&
    types.includes("IDAT") &&
    types.slice(types.indexOf("IDAT"), types.lastIndexOf("IDAT")).every((type) => type === "IDAT")
  );
}

/** First column, first row, and the steps between them, of the passes of an interlaced picture (PNG, 8.1). */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** How many bytes the pixels inflate to, by the data of IHDR. Undefined when that makes no sense. */
function countPixelBytes(header: Uint8Array): number | undefined {
  if (header.length !== 13) return undefined;
  const view = viewOf(header);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth = 0, colourType = 0, , , interlace = 0] = header.subarray(8);
  const samples = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[colourType];
  if (samples === undefined || ![1, 2, 4, 8, 16].includes(depth) || width * height === 0) return undefined;
  const count = (across: number, down: number): number =>
    across > 0 && down > 0 ? (Math.ceil((across * samples * depth) / 8) + 1) * down : 0;
  if (interlace === 0) return count(width, height);
  return passes.reduce(
    (sum, [x, y, stepX, stepY]) => sum + count(Math.ceil((width - x) / stepX), Math.ceil((height - y) / stepY)),
    0,
  );
}

function makeChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = joinPieces([new Uint8Array(4), new TextEncoder().encode(type), data, new Uint8Array(4)]);
  const view = viewOf(chunk);
  view.setUint32(0, data.length);
  view.setUint32(data.length + 8, crc32(chunk.subarray(4, data.length + 8)));
  return chunk;
}

/** The pixels' chunks as one, whose stream ends as it should; undefined when some of the pixels are missing or not what they were. */
function mendPixels(chunks: readonly Chunk[], pixelBytes: number): Uint8Array | undefined {
  const stream = joinPieces(chunks.map(dataOf));
  // Some writers add rows that nobody sees.
  const { bytes, end, adler } = measureDeflated(stream, 2, pixelBytes + 1_000_000);
  if (bytes < pixelBytes) return undefined;
  const hasSum = end !== undefined && end + 4 <= stream.length && viewOf(stream).getUint32(end) === adler;
  // One of the two sums has to be right.
  if (!hasSum && !chunks.every(({ isSound }) => isSound)) return undefined;
  const sum = new Uint8Array(4);
  viewOf(sum).setUint32(0, adler);
  // The largest window: some writers name a smaller one than they use.
  return makeChunk("IDAT", joinPieces([Uint8Array.of(0x78, 0x01), stream.subarray(2, end), sum]));
}

/**
 * The same picture written anew: of what it does not need to be shown, whatever is sound; its animation is left out. Undefined when
 * some of its pixels are missing or not what they were.
 */
export function rebuildPng(bytes: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const chunks = readChunks(bytes);
  const header = chunks.find(({ type }) => type === "IHDR");
  const pixels = chunks.filter(({ type }) => type === "IDAT");
  const pixelBytes = header && countPixelBytes(dataOf(header));
  if (header === undefined || pixelBytes === undefined || pixels.length === 0) return undefined;
  // Of a palette nothing but its sum says that it is right.
  if (chunks.some(({ type, isSound }) => type === "PLTE" && !isSound)) return undefined;
  const mended = mendPixels(pixels, pixelBytes);
  if (mended === undefined) return undefined;
  const pieces = [bytes.subarray(0, signatureBytes), makeChunk("IHDR", dataOf(header))];
  for (const chunk of chunks) {
    if (chunk === pixels[0]) pieces.push(mended);
    else if (
      chunk.isSound &&
      (chunk.type === "PLTE" || !isCritical(chunk.type)) &&
      !animationTypes.includes(chunk.type)
    ) {
      pieces.push(chunk.bytes);
    }
  }
  return joinPieces([...pieces, makeChunk("IEND", new Uint8Array(0))]);
}

/** A PNG that every browser shows: the same bytes if it is such a one already. Undefined when some of its pixels are missing. */
export function mendPng(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | undefined {
  return isSoundFile(readChunks(bytes)) ? bytes : rebuildPng(bytes);
}

/** Bytes behind the pixels, which no engine minds. */
const tooMany = 1_000_000;

/**
 * Whether the pixels' stream inflates to its end, its sum is right, and the window that it states is as large as it may use, of which only
 * some inflate streams take notice. What engines show of another differs: all, all but the last rows, or nothing. Never rejects.
 */
export async function isSoundStream(bytes: Uint8Array<ArrayBuffer>, signal?: AbortSignal): Promise<boolean> {
  const chunks = readChunks(bytes);
  const header = chunks.find(({ type }) => type === "IHDR");
  const pixels = chunks.filter(({ type }) => type === "IDAT").map(dataOf);
  const windowBits = 8 + ((pixels.find(({ length }) => length > 0)?.[0] ?? 0) >> 4);
  const pixelBytes = (header && countPixelBytes(dataOf(header))) ?? 0;
  if (windowBits < 15 && pixelBytes > 2 ** windowBits) return false;
  const inflated = new Blob(pixels as Uint8Array<ArrayBuffer>[])
    .stream()
    .pipeThrough(new DecompressionStream("deflate"));
  let left = (pixelBytes || Number.MAX_SAFE_INTEGER) + tooMany;
  const counting = new WritableStream<Uint8Array>({
    write({ length }) {
      left -= length;
      if (left < 0) throw new RangeError("there are more pixels than the header says");
    },
  });
  return inflated.pipeTo(counting, signal && { signal }).then(
    () => true,
    () => false,
  );
}
