import { DamageError } from "../decode-error.ts";
import type { Breathe } from "../rare/decoded.ts";
import { type BlockSize, frequencies } from "./idct.ts";
import type { FileScan, JpegFile } from "./jpeg-file.ts";
import type { Columns } from "./planes.ts";
import { ScanWalk } from "./scan-walk.ts";
import type { BlockSource } from "./sequential.ts";
import { type Keeper, naturalOrder, stepProgressive, type TakeBlock } from "./steps.ts";

/** 96 MB. What does not fit in is gone through again later. */
const maxKeptCoefficients = 48_000_000;

/** Where a block's coefficients are kept that a transform of this size needs, in the order of frequencies. */
function placesFor(size: BlockSize): { readonly places: Int8Array; readonly count: number } {
  const needed = frequencies[size];
  let count = 0;
  const places = Int8Array.from(naturalOrder, (at) => {
    const isNeeded = needed.includes(at & 7) && needed.includes(at >> 3);
    return isNeeded ? count++ : -1;
  });
  return { places, count };
}

interface KeptComponent {
  readonly horizontal: number;
  readonly vertical: number;
  readonly places: Int8Array;
  readonly count: number;
  /** Where its blocks begin among all. */
  readonly start: number;
}

/** The coefficients of the blocks in some rows and columns of MCUs. */
class KeptBlocks implements Keeper {
  readonly columns: Columns;
  readonly fromRow: number;
  readonly toRow: number;
  readonly coefficients: Int16Array;
  readonly #components: readonly KeptComponent[];
  readonly #block = new Int16Array(64);

  constructor({ frame }: JpegFile, sizes: readonly BlockSize[], fromRow: number, columns: Columns, limit: number) {
    const each = frame.components.map(({ horizontal, vertical, index }) => ({
      horizontal,
      vertical,
      ...placesFor(sizes[index] ?? 8),
    }));
    const perMcu = each.reduce((sum, { horizontal, vertical, count }) => sum + horizontal * vertical * count, 0);
    const across = columns.to - columns.from;
    const rows = Math.max(1, Math.min(frame.mcusDown - fromRow, Math.floor(limit / (perMcu * across))));
    let start = 0;
    this.#components = each.map((component) => {
      const kept = { ...component, start };
      start += component.horizontal * component.vertical * component.count * across * rows;
      return kept;
    });
    this.columns = columns;
    this.fromRow = fromRow;
    this.toRow = fromRow + rows;
    this.coefficients = new Int16Array(start);
  }

  holds(row: number, { from, to }: Columns): boolean {
    return row >= this.fromRow && row < this.toRow && from >= this.columns.from && to <= this.columns.to;
  }

  baseOf(component: number, row: number, column: number): number {
    const { horizontal, vertical, count, start } = this.#components[component] as KeptComponent;
    const across = (this.columns.to - this.columns.from) * horizontal;
    const x = column - this.columns.from * horizontal;
    const y = row - this.fromRow * vertical;
    if (x < 0 || x >= across || y < 0 || y >= (this.toRow - this.fromRow) * vertical) return -1;
    return start + (y * across + x) * count;
  }

  placesOf(component: number): Int8Array {
    return (this.#components[component] as KeptComponent).places;
  }

  readRow(mcuRow: number, { from, to }: Columns, take: TakeBlock): void {
    const block = this.#block;
    for (const [index, { horizontal, vertical, places }] of this.#components.entries()) {
      for (let row = mcuRow * vertical; row < (mcuRow + 1) * vertical; row++) {
        for (let column = from * horizontal; column < to * horizontal; column++) {
          const base = this.baseOf(index, row, column);
          for (let at = 0; at < 64; at++) {
            const place = places[at] as number;
            block[naturalOrder[at] as number] = place < 0 ? 0 : (this.coefficients[base + place] as number);
          }
          take(index, row, column, block);
        }
      }
    }
  }
}

/**
 * The blocks of a progressive JPEG, whose scans all have a part of each. They are gone through once for as many rows as fit into
 * 96 MB; beside that a bit is kept of every coefficient.
 */
export class ProgressiveBlocks implements BlockSource {
  readonly #file: JpegFile;
  readonly #sizes: readonly BlockSize[];
  readonly #limit: number;
  #kept: KeptBlocks | undefined;

  /** At least one row of MCUs is kept, whatever the limit of coefficients. */
  constructor(file: JpegFile, sizes: readonly BlockSize[], limit = maxKeptCoefficients) {
    this.#file = file;
    this.#sizes = sizes;
    this.#limit = limit;
  }

  async prepare(row: number, columns: Columns, breathe: Breathe): Promise<void> {
    if (this.#kept?.holds(row, columns)) return;
    // Before the next, so that both are never there at once.
    this.#kept = undefined;
    const kept = new KeptBlocks(this.#file, this.#sizes, row, columns, this.#limit);
    for (const { nonZero } of this.#file.frame.components) nonZero.fill(0);
    for (const scan of this.#file.scans) await this.#goThrough(scan, kept, breathe);
    this.#kept = kept;
  }

  async #goThrough(scan: FileScan, kept: KeptBlocks, breathe: Breathe): Promise<void> {
    const { bytes, frame } = this.#file;
    const walk = new ScanWalk(bytes, scan.start, scan, frame, scan.restartInterval, (bits) =>
      stepProgressive(bits, scan, kept),
    );
    for (let row = 1; row <= walk.down; row++) {
      if (!walk.walkTo(row * walk.across)) throw new DamageError("the bits of a scan end too early");
      walk.restarts.length = 0;
      await breathe();
    }
  }

  readRow(row: number, columns: Columns, take: TakeBlock): void {
    this.#kept?.readRow(row, columns, take);
  }
}
