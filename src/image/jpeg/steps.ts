import type { JpegBits } from "./bits.ts";
import type { Scan, ScanPart } from "./frame.ts";

/** Steps over the block of a component in this row and column of its blocks; false when that cannot be. */
export interface Step {
  readonly over: (row: number, column: number, part: ScanPart) => boolean;
  /** Forgets what was before a restart. */
  readonly restart: () => void;
}

/** Where coefficients lie that come in the order of their frequencies (figure A.6). */
// biome-ignore format: as in the standard
export const naturalOrder = Uint8Array.of(
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55,
  62, 63,
);

/** Gets a block's 64 coefficients, row by row, which are its own until it returns. */
export type TakeBlock = (component: number, row: number, column: number, block: Int16Array) => void;

/** A sequential JPEG's blocks. `predictors` are what the next block's mean differs from, by component. */
export function stepSequential(bits: JpegBits, predictors: Int32Array, take?: () => TakeBlock | undefined): Step {
  const block = new Int16Array(64);
  const over: Step["over"] = (row, column, { component: { index }, dc, ac }) => {
    const size = bits.decode(dc);
    if (size < 0) return false;
    (predictors[index] as number) += bits.readSigned(size & 15);
    block[0] = predictors[index] as number;
    let last = 0;
    for (let at = 1; at < 64; at++) {
      const symbol = bits.decode(ac);
      if (symbol < 0) return false;
      const size = symbol & 15;
      if (size === 0 && symbol < 0xf0) break;
      at += symbol >> 4;
      if (at > 63) return false;
      last = at;
      block[naturalOrder[at] as number] = bits.readSigned(size);
    }
    take?.()?.(index, row, column, block);
    if (last > 0) block.fill(0);
    return !bits.exhausted;
  };
  return { over, restart: () => predictors.fill(0) };
}

/** Where the coefficients of a progressive JPEG's blocks are kept. */
export interface Keeper {
  readonly coefficients: Int16Array;
  /** Where those of a block begin; -1 where they are not kept. */
  baseOf(component: number, row: number, column: number): number;
  /** How far from there each is, in the order of frequencies; -1 where it is not kept. */
  placesOf(component: number): Int8Array;
}

/** The means of a progressive JPEG's blocks, first or refined (G.1.2.1). */
function stepDc(bits: JpegBits, { high, low }: Scan, predictors: Int32Array, keeper?: Keeper): Step {
  const over: Step["over"] = (row, column, { component: { index }, dc }) => {
    const base = keeper === undefined ? -1 : keeper.baseOf(index, row, column);
    if (high > 0) {
      const bit = bits.read(1) << low;
      if (keeper !== undefined && base >= 0) (keeper.coefficients[base] as number) |= bit;
      return !bits.exhausted;
    }
    const size = bits.decode(dc);
    if (size < 0) return false;
    (predictors[index] as number) += bits.readSigned(size & 15);
    if (keeper !== undefined && base >= 0) keeper.coefficients[base] = (predictors[index] as number) << low;
    return !bits.exhausted;
  };
  return { over, restart: () => predictors.fill(0) };
}

/** The same for the coefficients of a band, first or refined (G.1.2.2 and G.1.2.3). */
function stepAc(bits: JpegBits, { from, to, high, low }: Scan, keeper?: Keeper): Step {
  let emptyBlocks = 0;
  const over: Step["over"] = (row, column, { component: { index, nonZero, storedAcross }, ac }) => {
    const bit = (row * storedAcross + column) * 64;
    const base = keeper === undefined ? -1 : keeper.baseOf(index, row, column);
    const places = keeper?.placesOf(index);
    const set = (at: number, value: number): void => {
      (nonZero[(bit + at) >> 3] as number) |= 1 << (at & 7);
      const place = base < 0 ? -1 : (places?.[at] as number);
      if (keeper !== undefined && place >= 0) keeper.coefficients[base + place] = value;
    };
    const refine = (at: number): void => {
      if (bits.read(1) === 0 || base < 0) return;
      const place = places?.[at] as number;
      if (keeper !== undefined && place >= 0)
        (keeper.coefficients[base + place] as number) +=
          (keeper.coefficients[base + place] as number) < 0 ? -(1 << low) : 1 << low;
    };
    const refineTo = (first: number, zeros: number): number => {
      let at = first;
      for (let left = zeros; at <= to; at++) {
        if ((((nonZero[(bit + at) >> 3] as number) >> (at & 7)) & 1) === 1) refine(at);
        else if (left-- === 0) break;
      }
      return at;
    };
    let at = from;
    while (emptyBlocks === 0 && at <= to) {
      const symbol = bits.decode(ac);
      if (symbol < 0) return false;
      const [run, size] = [symbol >> 4, symbol & 15];
      if (size === 0 && run < 15) {
        emptyBlocks = (1 << run) + bits.read(run);
        break;
      }
      let value = 0;
      if (size > 0) value = high === 0 ? bits.readSigned(size) << low : bits.read(1) === 1 ? 1 << low : -(1 << low);
      at = high === 0 ? at + run : refineTo(at, run);
      if (size > 0 && at <= to) set(at, value);
      at += 1;
      if (bits.exhausted) return false;
    }
    if (emptyBlocks > 0) {
      emptyBlocks -= 1;
      if (high !== 0) refineTo(at, 64);
    }
    return !bits.exhausted;
  };
  return { over, restart: () => (emptyBlocks = 0) };
}

/** A progressive JPEG's blocks in one of its scans. */
export function stepProgressive(bits: JpegBits, scan: Scan, keeper?: Keeper): Step {
  const predictors = new Int32Array(4);
  return scan.from === 0 ? stepDc(bits, scan, predictors, keeper) : stepAc(bits, scan, keeper);
}
