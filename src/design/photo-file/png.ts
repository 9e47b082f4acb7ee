import { isBareOrientation, maxExifBytes, readOrientation, writeOrientation } from "./orientation.ts";
import { type Cursor, type Found, skip, take, type Walk } from "./walk.ts";

/** Those that the pixels and their colours depend on (PNG, third edition, 11 and 13). */
const needed = new Set(
  "IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs acTL fcTL fdAT".split(" "),
);
const nothing = new Uint8Array(0);

/** The CRC of PNG (its annex D), for a few bytes. */
function crcOf(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

function chunkOf(type: string, content: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(12 + content.length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, content.length);
  chunk.set(
    Array.from(type, (letter) => letter.charCodeAt(0)),
    4,
  );
  chunk.set(content, 8);
  view.setUint32(8 + content.length, crcOf(chunk.subarray(4, 8 + content.length)));
  return chunk;
}

function* walkChunk(type: string, length: number, found: Found, from: number): Walk {
  const isExif = type === "eXIf";
  const isHead = type === "IHDR";
  const start = (yield* take(isHead ? 8 : isExif ? Math.min(length, maxExifBytes) : 0)) ?? nothing;
  if (isHead && start.length === 8) {
    const view = new DataView(start.buffer);
    found.size ??= { widthPx: view.getUint32(0), heightPx: view.getUint32(4) };
  }
  found.hasPixels ||= type === "IDAT";
  const isWhole = yield* skip(length + 4 - start.length);
  found.isBroken ||= !isWhole && !found.hasPixels;
  if (needed.has(type) || (isExif && length === start.length && isBareOrientation(start))) return;
  const orientation = isExif ? readOrientation(start) : 1;
  const instead = orientation === 1 ? nothing : chunkOf(type, writeOrientation(orientation));
  found.extras.push({ from, to: from + 12 + length, name: /^[A-Za-z]{4}$/.test(type) ? type : "chunk", instead });
}

export function* walkPng(cursor: Cursor, found: Found): Walk {
  yield* take(8);
  for (let type = ""; type !== "IEND"; ) {
    const from = cursor.position;
    const head = yield* take(8);
    if (head === undefined) return void (found.isBroken ||= !found.hasPixels);
    const length = new DataView(head.buffer).getUint32(0);
    type = String.fromCharCode(...head.subarray(4));
    const isMisplaced = (type === "IHDR") !== (from === 8) || (type === "IHDR" && length < 8);
    if (isMisplaced) return void (found.isBroken = true);
    yield* walkChunk(type, length, found, from);
    if (found.isBroken) return;
  }
}
