/** The packed bytes of a strip or tile are broken. */
export class BrokenBlock extends Error {
  override readonly name = "BrokenBlock";
}

/** PackBits, TIFF 6.0, section 9. Stops at `length`; throws BrokenBlock when there is less. */
export function unpackBits(packed: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let from = 0;
  let to = 0;
  while (to < length) {
    const code = packed[from++];
    if (code === undefined) throw new BrokenBlock("PackBits ends too early");
    if (code < 128) {
      const run = Math.min(code + 1, length - to);
      if (from + run > packed.length) throw new BrokenBlock("PackBits ends too early");
      bytes.set(packed.subarray(from, from + run), to);
      from += code + 1;
      to += run;
    } else if (code > 128) {
      const value = packed[from++];
      if (value === undefined) throw new BrokenBlock("PackBits ends too early");
      const run = Math.min(257 - code, length - to);
      bytes.fill(value, to, to + run);
      to += run;
    }
  }
  return bytes;
}

const clearCode = 256;
const endCode = 257;
const firstFree = 258;
const maxCodes = 4096;

/**
 * LZW, TIFF 6.0, section 13: codes of 9 to 12 bits, the most significant first, which grow one code early. A string is where it
 * was first written in the output, and how long. Stops at `length`; throws BrokenBlock when there is less.
 */
export function unpackLzw(packed: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  const starts = new Uint32Array(maxCodes);
  const lengths = new Uint32Array(maxCodes);
  let [from, to, bits, held, next] = [0, 0, 0, 0, firstFree];
  let width = 9;
  let previous = { start: 0, length: 0 };
  while (to < length) {
    while (held < width) {
      if (from >= packed.length) throw new BrokenBlock("LZW ends too early");
      bits = ((bits & 0xffffff) << 8) | (packed[from++] as number);
      held += 8;
    }
    const code = (bits >>> (held - width)) & ((1 << width) - 1);
    held -= width;
    if (code === endCode) throw new BrokenBlock("LZW ends too early");
    if (code === clearCode) {
      [next, width, previous] = [firstFree, 9, { start: 0, length: 0 }];
      continue;
    }
    const start = to;
    if (code < clearCode) bytes[to++] = code;
    else {
      // The code that is just being made is the string before it and its own first byte.
      if (code > next || (code === next && previous.length === 0)) throw new BrokenBlock("an LZW code of nothing");
      const source = code === next ? previous.start : (starts[code] as number);
      const run = Math.min(code === next ? previous.length + 1 : (lengths[code] as number), length - to);
      for (let index = 0; index < run; index++) bytes[to++] = bytes[source + index] as number;
    }
    if (previous.length > 0 && next < maxCodes) {
      starts[next] = previous.start;
      lengths[next] = previous.length + 1;
      next += 1;
    }
    previous = { start, length: to - start };
    // One early: the code that the reader is about to make is the writer's last one.
    if (next + 1 >= 1 << width && width < 12) width += 1;
  }
  return bytes;
}

/** zlib's format. Stops at `length`, whatever follows; throws BrokenBlock when there is less. */
export async function inflate(packed: Uint8Array, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  const stream = new Blob([packed as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream("deflate"));
  const reader = stream.getReader();
  let to = 0;
  try {
    while (to < length) {
      const { done, value } = await reader.read();
      if (done) throw new BrokenBlock("deflate ends too early");
      bytes.set(value.subarray(0, length - to), to);
      to += value.length;
    }
  } catch (cause) {
    if (to < length) throw new BrokenBlock("deflate is broken", { cause });
  } finally {
    // The rest is of no interest, nor what is wrong with it.
    await reader.cancel().catch(() => {});
  }
  return bytes;
}
