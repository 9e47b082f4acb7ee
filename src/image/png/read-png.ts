import type { PhotoSize } from "#card/placement.ts";
import { tagAt, viewOf } from "../bytes.ts";
import { DamageError } from "../decode-error.ts";
import type { Band } from "../resampler/resampler.ts";
import { unfilter } from "./unfilter.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** So much is inflated at a time: a thousand times as much comes of it at most. */
const packedBytes = 16_384;

interface Parts {
  readonly header: Bytes;
  readonly palette: Bytes;
  readonly data: readonly Bytes[];
}

function findParts(bytes: Bytes): Parts {
  const view = viewOf(bytes);
  const data: Bytes[] = [];
  let [header, palette] = [new Uint8Array(13), new Uint8Array()];
  for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) {
    const type = tagAt(bytes, at + 4);
    const content = bytes.subarray(at + 8, at + 8 + view.getUint32(at));
    if (type === "IHDR") header = content;
    if (type === "PLTE") palette = content;
    if (type === "IDAT") data.push(content);
    if (type === "IEND") break;
  }
  return { header, palette, data };
}

function inflate(data: readonly Bytes[]): ReadableStreamDefaultReader<Uint8Array> {
  let [part, at] = [0, 0];
  const packed = new ReadableStream<Bytes>(
    {
      pull(controller) {
        const from = data[part];
        if (from === undefined) return controller.close();
        controller.enqueue(from.subarray(at, at + packedBytes));
        at += packedBytes;
        if (at >= from.length) [part, at] = [part + 1, 0];
      },
    },
    { highWaterMark: 0 },
  );
  return packed.pipeThrough(new DecompressionStream("deflate")).getReader();
}

interface Rows {
  /** The next one, without its filter. It stays as it is until the one after the next is asked for. */
  next(): Promise<Uint8Array>;
  close(): void;
}

function startRows(data: readonly Bytes[], rowBytes: number, step: number): Rows {
  const reader = inflate(data);
  let chunk = new Uint8Array();
  let from = 0;
  let [row, above] = [new Uint8Array(rowBytes), new Uint8Array(rowBytes)];
  const more = async (): Promise<void> => {
    const { value } = await reader.read().catch((cause: unknown) => {
      throw new DamageError("a PNG's pixels are broken", { cause });
    });
    if (value === undefined) throw new DamageError("a PNG's pixels end too early");
    chunk = value as Bytes;
    from = 0;
  };
  return {
    async next() {
      [row, above] = [above, row];
      while (from === chunk.length) await more();
      const filter = chunk[from++] as number;
      for (let to = 0; to < rowBytes; ) {
        if (from === chunk.length) await more();
        const part = chunk.subarray(from, from + rowBytes - to);
        row.set(part, to);
        to += part.length;
        from += part.length;
      }
      unfilter(filter, row, above, step);
      return row;
    },
    close() {
      reader.cancel().catch(() => {});
    },
  };
}

/** Puts `width` pixels of a row, from `x` on, as RGBA at `to` of `out`. */
type Expand = (row: Uint8Array, x: number, width: number, out: Uint8ClampedArray, to: number) => void;

/** By a table of the colours of all levels, or numbers in a palette. What the palette has not is black. */
function expandIndices(bits: number, palette: Uint8Array | undefined): Expand {
  const most = 2 ** bits - 1;
  const colours = new Uint8Array(256 * 3);
  if (palette === undefined)
    for (let at = 0; at < (most + 1) * 3; at++) colours[at] = Math.floor(at / 3) * (255 / most);
  else colours.set(palette.subarray(0, colours.length));
  return (row, x, width, out, to) => {
    for (let pixel = x; pixel < x + width; pixel++, to += 4) {
      const bit = pixel * bits;
      const index = ((row[bit >> 3] as number) >> (8 - bits - (bit & 7))) & most;
      out[to] = colours[index * 3] as number;
      out[to + 1] = colours[index * 3 + 1] as number;
      out[to + 2] = colours[index * 3 + 2] as number;
      out[to + 3] = 255;
    }
  };
}

const expandRgb: Expand = (row, x, width, out, to) => {
  for (let at = x * 3; at < (x + width) * 3; at += 3, to += 4) {
    out[to] = row[at] as number;
    out[to + 1] = row[at + 1] as number;
    out[to + 2] = row[at + 2] as number;
    out[to + 3] = 255;
  }
};

/** The nearest of 8 bits. */
function expandDeep(samples: 1 | 3): Expand {
  return (row, x, width, out, to) => {
    for (let pixel = x; pixel < x + width; pixel++, to += 4) {
      for (let channel = 0; channel < 3; channel++) {
        const at = (pixel * samples + (samples === 1 ? 0 : channel)) * 2;
        out[to + channel] = (((row[at] as number) * 256 + (row[at + 1] as number)) * 255 + 32_895) >>> 16;
      }
      out[to + 3] = 255;
    }
  };
}

export interface PngReader {
  readonly size: PhotoSize;
  /** Copies a part as RGBA, of the file's own numbers. One above the last is read from the beginning again. Throws DamageError. */
  read(band: Band, breathe: () => Promise<void>): Promise<void>;
  close(): void;
}

/**
 * Reads an opaque PNG that is not interlaced (`PhotoHead.inRows`), row by row: no more of its pixels is in memory than two rows and what one
 * piece of the file inflates to.
 */
export function openPng(bytes: Bytes): PngReader {
  const { header, palette, data } = findParts(bytes);
  const size = { widthPx: viewOf(header).getUint32(0), heightPx: viewOf(header).getUint32(4) };
  const [bits, colourType] = [header[8] as number, header[9] as number];
  const samples = colourType === 2 ? 3 : 1;
  const rowBytes = Math.ceil((size.widthPx * samples * bits) / 8);
  const byTable = (): Expand => expandIndices(bits, colourType === 3 ? palette : undefined);
  const expand = bits === 16 ? expandDeep(samples) : samples === 3 ? expandRgb : byTable();
  let rows: Rows | undefined;
  let next = 0;
  const close = (): void => {
    rows?.close();
    rows = undefined;
  };
  return {
    size,
    async read({ x, y, width, height, bytes: out }, breathe) {
      if (next > y) close();
      if (rows === undefined) {
        rows = startRows(data, rowBytes, Math.max(1, (samples * bits) >> 3));
        next = 0;
      }
      while (next < y + height) {
        const row = await rows.next();
        // Whoever breathes may be told to stop: the row has been taken by then.
        const at = next++;
        if (at >= y) expand(row, x, width, out, (at - y) * width * 4);
        await breathe();
      }
    },
    close,
  };
}
