import { joinPieces, viewOf } from "../bytes.ts";

function colourTableBytes(flags: number): number {
  return flags & 0x80 ? 3 << ((flags & 7) + 1) : 0;
}

interface FirstPicture {
  readonly pixels: number;
  /** Where its data begin: the size of its codes, then blocks. */
  readonly start: number;
}

/** Walks a GIF's blocks (GIF89a, appendix B) up to its first picture. */
function findFirstPicture(bytes: Uint8Array): FirstPicture | undefined {
  const view = viewOf(bytes);
  let offset = 13 + colourTableBytes(bytes[10] ?? 0);
  while (offset + 11 <= bytes.length) {
    if (bytes[offset] === 0x2c) {
      const pixels = view.getUint16(offset + 5, true) * view.getUint16(offset + 7, true);
      return { pixels, start: offset + 10 + colourTableBytes(bytes[offset + 9] as number) };
    }
    if (bytes[offset] !== 0x21) return undefined;
    offset += 2;
    while (offset < bytes.length && bytes[offset] !== 0) offset += (bytes[offset] as number) + 1;
    offset += 1;
  }
  return undefined;
}

/** How many pixels these codes stand for (GIF89a, appendix F), up to their end. */
function countPixels(data: Uint8Array, codeBits: number): number {
  const clear = 1 << codeBits;
  const lengths = new Uint32Array(4096).fill(1, 0, clear);
  let [size, next, before, pixels] = [codeBits + 1, clear + 2, 0, 0];
  let [bits, held] = [0, 0];
  for (const byte of data) {
    bits |= byte << held;
    held += 8;
    while (held >= size) {
      const code = bits & ((1 << size) - 1);
      bits >>>= size;
      held -= size;
      if (code === clear + 1) return pixels;
      if (code === clear) {
        [size, next, before] = [codeBits + 1, clear + 2, 0];
        continue;
      }
      if (code > next || (code === next && before === 0)) return pixels;
      if (before > 0 && next < 4096) {
        lengths[next] = before + 1;
        next += 1;
        if (next === 1 << size && size < 12) size += 1;
      }
      before = lengths[code] as number;
      pixels += before;
    }
  }
  return pixels;
}

/**
 * A GIF whose first picture is all there, and comes to an end: the same bytes if it does already; what follows its first picture may be
 * missing. Undefined when rows are.
 */
export function mendGif(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | undefined {
  const picture = findFirstPicture(bytes);
  if (picture === undefined) return undefined;
  const blocks: Uint8Array[] = [];
  let offset = picture.start + 1;
  while (offset < bytes.length && bytes[offset] !== 0) {
    const end = offset + 1 + (bytes[offset] as number);
    blocks.push(bytes.subarray(offset + 1, end));
    offset = end;
  }
  if (offset < bytes.length) return bytes;
  const codeBits = bytes[picture.start] ?? 0;
  if (codeBits < 1 || codeBits > 11 || countPixels(joinPieces(blocks), codeBits) < picture.pixels) return undefined;
  const missing = offset - bytes.length;
  return joinPieces([bytes, new Uint8Array(missing), Uint8Array.of(0, 0x3b)]);
}
