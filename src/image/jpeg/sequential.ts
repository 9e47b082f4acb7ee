import { DamageError } from "../decode-error.ts";
import type { Breathe } from "../rare/decoded.ts";
import { placeNumbers } from "./bits.ts";
import type { FileScan, JpegFile } from "./jpeg-file.ts";
import type { Columns } from "./planes.ts";
import { ScanWalk } from "./scan-walk.ts";
import { stepSequential, type TakeBlock } from "./steps.ts";

/** Where a JPEG's blocks come from, one row of MCUs at a time. */
export interface BlockSource {
  /** Does what has to be done before these columns of a row can be read. Throws DamageError, or what `breathe` does. */
  prepare(row: number, columns: Columns, breathe: Breathe): Promise<void>;
  /** Hands over the blocks of these columns, and of some beside them. Throws DamageError. */
  readRow(row: number, columns: Columns, take: TakeBlock): void;
}

/** So many MCUs lie between two places of a row that are remembered. */
const mcusBetween = 32;
const predictorNumbers = 4;
const numbers = placeNumbers + predictorNumbers;

/** A scan in which one can go on from any of the places that were remembered when it was gone through for the first time. */
class IndexedScan {
  readonly #walk: ScanWalk;
  readonly #scan: FileScan;
  readonly #predictors = new Int32Array(predictorNumbers);
  readonly #perRow: number;
  readonly #places: Int32Array;
  #known = 0;
  #take: TakeBlock | undefined;

  constructor({ bytes, frame }: JpegFile, scan: FileScan) {
    this.#scan = scan;
    this.#walk = new ScanWalk(bytes, scan.start, scan, frame, scan.restartInterval, (bits) =>
      stepSequential(bits, this.#predictors, () => this.#take),
    );
    this.#perRow = Math.ceil(this.#walk.across / mcusBetween);
    this.#places = new Int32Array(this.#perRow * this.#walk.down * numbers);
  }

  /** The scan's rows that make up a row of MCUs, and its columns. */
  #spanOf(row: number, { from, to }: Columns) {
    const { across, down, isAlone } = this.#walk;
    const { horizontal, vertical } = isAlone ? this.#scan.parts[0].component : { horizontal: 1, vertical: 1 };
    return {
      rows: { from: row * vertical, to: Math.min(down, (row + 1) * vertical) },
      columns: { from: Math.min(across, from * horizontal), to: Math.min(across, to * horizontal) },
    };
  }

  /** Goes through all MCUs before this one, and remembers places. */
  #walkTo(mcu: number): void {
    const walk = this.#walk;
    while (walk.mcu < mcu) {
      const row = Math.floor(walk.mcu / walk.across);
      const column = walk.mcu - row * walk.across;
      const place = row * this.#perRow + Math.floor(column / mcusBetween);
      if (column % mcusBetween === 0 && place === this.#known) {
        walk.bits.savePlace(this.#places, place * numbers);
        this.#places.set(this.#predictors, place * numbers + placeNumbers);
        this.#known += 1;
      }
      const next = row * walk.across + Math.min(walk.across, column - (column % mcusBetween) + mcusBetween);
      if (!walk.walkTo(Math.min(mcu, next))) throw new DamageError("the bits of a scan end too early");
    }
    walk.restarts.length = 0;
  }

  /** Goes on from the last place before this MCU that is known. */
  #goNear(mcu: number): void {
    const walk = this.#walk;
    const row = Math.floor(mcu / walk.across);
    const wanted = row * this.#perRow + Math.floor((mcu - row * walk.across) / mcusBetween);
    const place = Math.min(wanted, this.#known - 1);
    const placeRow = Math.floor(place / this.#perRow);
    const start = placeRow * walk.across + (place - placeRow * this.#perRow) * mcusBetween;
    if (place < 0 || (walk.mcu >= start && walk.mcu <= mcu)) return;
    walk.goTo(start, this.#places, place * numbers);
    const predictors = place * numbers + placeNumbers;
    this.#predictors.set(this.#places.subarray(predictors, predictors + predictorNumbers));
  }

  /** Goes through what has never been gone through before this row. */
  *approach(row: number): Generator<void> {
    const { across, down } = this.#walk;
    const first = Math.min(down, this.#spanOf(row, { from: 0, to: 0 }).rows.from);
    for (let at = Math.ceil(this.#known / this.#perRow); at < first; at++) {
      this.#goNear((at + 1) * across - 1);
      this.#walkTo((at + 1) * across);
      yield;
    }
  }

  readRow(row: number, wanted: Columns, take: TakeBlock): void {
    const { rows, columns } = this.#spanOf(row, wanted);
    const { across } = this.#walk;
    for (let at = rows.from; at < rows.to && columns.from < columns.to; at++) {
      this.#goNear(at * across + columns.from);
      this.#take = take;
      this.#walkTo(at * across + columns.to);
      this.#take = undefined;
    }
  }
}

/** The blocks of a sequential JPEG, decoded when they are wanted; what lies before them has to be gone through but once. */
export class SequentialBlocks implements BlockSource {
  readonly #scans: readonly IndexedScan[];

  constructor(file: JpegFile) {
    this.#scans = file.scans.map((scan) => new IndexedScan(file, scan));
  }

  async prepare(row: number, _: Columns, breathe: Breathe): Promise<void> {
    for (const scan of this.#scans) for (const _ of scan.approach(row)) await breathe();
  }

  readRow(row: number, columns: Columns, take: TakeBlock): void {
    for (const scan of this.#scans) scan.readRow(row, columns, take);
  }
}
