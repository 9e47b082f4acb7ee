import { artToCard, type DrawOp, drawElement, type VectorElement } from "./elements.ts";
import { type Outline, readOutlines, transformOutline } from "./outlines.ts";

/** Of curves: less is not seen. */
const toleranceMm = 0.05;

/** What is filled, in mm from the card's centre. */
export interface Filled {
  readonly outlines: readonly Outline[];
  readonly rule: DrawOp["rule"];
}

const known = new WeakMap<VectorElement, readonly Filled[]>();

function readFilled(element: VectorElement): readonly Filled[] {
  const drawn = drawElement(element, () => undefined);
  if (drawn === undefined) {
    const corners = transformOutline([0, 0, 1, 0, 1, 1, 0, 1], artToCard({ width: 1, height: 1 }, element.box));
    return [{ outlines: [corners], rule: "nonzero" }];
  }
  const { ops, matrix } = drawn;
  const [a, b, c, d] = matrix;
  const tolerance = toleranceMm / Math.max(Math.hypot(a, b), Math.hypot(c, d));
  return ops.map(({ path, rule }) => ({
    outlines: readOutlines(path, tolerance).map((outline) => transformOutline(outline, matrix)),
    rule,
  }));
}

/** What an element covers: a shape or a drawing what is within its outlines, a sticker or a text its box, whose gaps are its own. */
export function filledBy(element: VectorElement): readonly Filled[] {
  const filled = known.get(element) ?? readFilled(element);
  known.set(element, filled);
  return filled;
}

/** Nearer than this is on a line: what is rounded on the way. */
const onLineMm = 1e-6;

/** The lines of a grid along one axis, in mm from the card's centre, from the least to the greatest. */
interface Lines {
  readonly places: readonly number[];
  /** Of each millimetre after the first line, the first line that is not before it. */
  readonly starts: readonly number[];
}

/** Those that are the same but for what is rounded are one. */
export function toLines(all: readonly number[]): Lines {
  const sorted = [...all].sort((one, other) => one - other);
  const places = sorted.filter((line, at) => at === 0 || line - (sorted[at - 1] as number) > onLineMm);
  const [first, last] = [places[0] ?? 0, places.at(-1) ?? 0];
  let start = 0;
  const starts = Array.from({ length: Math.floor(last - first) + 1 }, (_, mm) => {
    while ((places[start] as number) < first + mm - onLineMm) start += 1;
    return start;
  });
  return { places, starts };
}

/** The first line that is not before a place; as many as there are where all are. */
export function lineAt({ places, starts }: Lines, mm: number): number {
  const after = Math.floor(mm - (places[0] as number));
  if (after >= starts.length) return places.length;
  let at = after < 0 ? 0 : (starts[after] as number);
  while (at < places.length && (places[at] as number) <= mm - onLineMm) at += 1;
  return at;
}

/** The last line that is not after a place; the first one where all are. */
export function lineBefore(lines: Lines, mm: number): number {
  return Math.max(0, lineAt(lines, mm + 2 * onLineMm) - 1);
}

export function countCells({ places }: Lines): number {
  return places.length - 1;
}

export interface Grid {
  readonly x: Lines;
  readonly y: Lines;
}

// The gaps that are met between two places: none where both are on the same line.
function endOfGaps(lines: Lines, to: number): number {
  return Math.min(lineAt(lines, to), countCells(lines));
}

/** Where a line crosses the middle of a row, and which way. */
interface Crossing {
  readonly x: number;
  readonly turn: number;
}

/** Covers cells with one outline. Of what is called for each of its lines nothing is left to be collected. */
class Covering {
  readonly #grid: Grid;
  readonly #cells: Uint8Array;
  readonly #crossings: Crossing[][] = [];

  constructor(grid: Grid, cells: Uint8Array) {
    this.#grid = grid;
    this.#cells = cells;
  }

  #coverRow(row: number, from: number, to: number): void {
    const { x } = this.#grid;
    const before = row * countCells(x);
    const end = before + endOfGaps(x, to);
    for (let at = before + lineBefore(x, from); at < end; at += 1) this.#cells[at] = 1;
  }

  /** Covers the cells through which a line passes. */
  followLine(fromX: number, fromY: number, toX: number, toY: number): void {
    const { y } = this.#grid;
    const upper = Math.min(fromY, toY);
    const lower = Math.max(fromY, toY);
    const slope = fromY === toY ? 0 : (toX - fromX) / (toY - fromY);
    const end = endOfGaps(y, lower);
    for (let row = lineBefore(y, upper); row < end; row += 1) {
      const top = y.places[row] as number;
      const bottom = y.places[row + 1] as number;
      const one = slope === 0 ? fromX : fromX + slope * (Math.max(upper, top) - fromY);
      const other = slope === 0 ? toX : fromX + slope * (Math.min(lower, bottom) - fromY);
      this.#coverRow(row, Math.min(one, other), Math.max(one, other));
      const middle = (top + bottom) / 2;
      if (upper > middle || lower <= middle) continue;
      (this.#crossings[row] ??= []).push({ x: fromX + slope * (middle - fromY), turn: Math.sign(toY - fromY) });
    }
  }

  /** What no line passes through is covered as its middle is. */
  fill(rule: DrawOp["rule"]): void {
    this.#crossings.forEach((inRow, row) => {
      inRow.sort((one, other) => one.x - other.x);
      let winding = 0;
      for (const [at, { x, turn }] of inRow.entries()) {
        winding += turn;
        const isWithin = rule === "evenodd" ? at % 2 === 0 : winding !== 0;
        if (isWithin) this.#coverRow(row, x, inRow[at + 1]?.x ?? x);
      }
    });
  }
}

/** Covers the cells of a grid, by rows, that a filled outline covers any of. */
export function cover({ outlines, rule }: Filled, grid: Grid, cells: Uint8Array): void {
  const covering = new Covering(grid, cells);
  for (const outline of outlines) {
    let fromX = outline.at(-2) as number;
    let fromY = outline.at(-1) as number;
    for (let at = 0; at < outline.length; at += 2) {
      const toX = outline[at] as number;
      const toY = outline[at + 1] as number;
      covering.followLine(fromX, fromY, toX, toY);
      fromX = toX;
      fromY = toY;
    }
  }
  covering.fill(rule);
}
