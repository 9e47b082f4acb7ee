import { isBareOrientation, maxExifBytes, readOrientation, writeOrientation } from "./orientation.ts";
import { type Cursor, type Extra, type Found, skip, take, type Walk } from "./walk.ts";

const pixels = new Set(["VP8 ", "VP8L", "ANMF"]);
const needed = new Set(["VP8X", "ICCP", "ALPH", "ANIM", ...pixels]);
const nothing = new Uint8Array(0);

function chunkOf(type: string, content: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(8 + content.length + (content.length % 2));
  chunk.set(Array.from(type, (letter) => letter.charCodeAt(0)));
  new DataView(chunk.buffer).setUint32(4, content.length, true);
  chunk.set(content, 8);
  return chunk;
}

function sizeOf(type: string, start: Uint8Array): NonNullable<Found["size"]> {
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  if (type === "VP8X")
    return { widthPx: (view.getUint32(4, true) & 0xffffff) + 1, heightPx: (view.getUint32(6, true) >>> 8) + 1 };
  if (type === "VP8 ") return { widthPx: view.getUint16(6, true) & 0x3fff, heightPx: view.getUint16(8, true) & 0x3fff };
  const bits = view.getUint32(1, true);
  return { widthPx: (bits & 0x3fff) + 1, heightPx: ((bits >>> 14) & 0x3fff) + 1 };
}

/** A frame of an animation has chunks of its own, behind 16 bytes about it. */
function* walkFrame(length: number, found: Found): Walk {
  if (length < 16 || !(yield* skip(16))) return;
  for (let left = length - 16; left >= 8; ) {
    const head = yield* take(8);
    if (head === undefined) return;
    const bytes = new DataView(head.buffer).getUint32(4, true);
    const type = String.fromCharCode(...head.subarray(0, 4));
    // What else is in it cannot be taken out alone.
    if (!(type === "ALPH" || type === "VP8 " || type === "VP8L") || bytes > left - 8)
      return void (found.isBroken = true);
    if (!(yield* skip(bytes + (bytes % 2)))) return;
    left -= 8 + bytes + (bytes % 2);
  }
}

function* walkChunk(type: string, length: number, found: Found, from: number): Walk {
  const hasSize = type === "VP8X" || type === "VP8 " || type === "VP8L";
  const isExif = type === "EXIF";
  const start = (yield* take(hasSize ? Math.min(10, length) : isExif ? Math.min(length, maxExifBytes) : 0)) ?? nothing;
  if (hasSize && start.length >= (type === "VP8L" ? 5 : 10)) found.size ??= sizeOf(type, start);
  found.hasPixels ||= pixels.has(type);
  const isWhole = yield* skip(length + (length % 2) - start.length);
  found.isBroken ||= !isWhole && !found.hasPixels;
  if (needed.has(type) || (isExif && length === start.length && isBareOrientation(start))) return;
  const orientation = isExif ? readOrientation(start) : 1;
  const instead = orientation === 1 ? nothing : chunkOf(type, writeOrientation(orientation));
  const name = /^[\w ]{4}$/.test(type) ? type.trim() : "chunk";
  found.extras.push({ from, to: from + 8 + length + (length % 2), name, instead });
}

/** A WebP (RFC 9649). */
export function* walkWebp(cursor: Cursor, found: Found): Walk {
  const riff = yield* take(12);
  if (riff === undefined) return void (found.isBroken = true);
  const end = new DataView(riff.buffer).getUint32(4, true) + 8;
  while (cursor.position + 8 <= end) {
    const from = cursor.position;
    const head = yield* take(8);
    if (head === undefined) return void (found.isBroken ||= !found.hasPixels);
    const length = new DataView(head.buffer).getUint32(4, true);
    const type = String.fromCharCode(...head.subarray(0, 4));
    if (type === "ANMF") {
      found.hasPixels = true;
      yield* walkFrame(length, found);
    } else yield* walkChunk(type, length, found, from);
    if (found.isBroken) return;
  }
}

/** What says how long the file is, and that there is Exif and XMP in it, once the extras are out of it: parts of the same length. */
export function mendWebp(extras: readonly Extra[], head: Uint8Array): Extra[] {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const riffEnd = view.getUint32(4, true) + 8;
  const inside = extras.filter(({ from }) => from < riffEnd);
  const shorter = inside.reduce((sum, { from, to, instead }) => sum + Math.min(to, riffEnd) - from - instead.length, 0);
  if (shorter === 0) return [];
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, riffEnd - 8 - shorter, true);
  const length: Extra = { from: 4, to: 8, name: "length", instead: size };
  if (String.fromCharCode(...head.subarray(12, 16)) !== "VP8X") return [length];
  const hasExif = inside.some(({ name, instead }) => name === "EXIF" && instead.length > 0);
  const flags = ((head[20] ?? 0) & ~0x0c) | (hasExif ? 0x08 : 0);
  return [length, { from: 20, to: 21, name: "flags", instead: Uint8Array.of(flags) }];
}
