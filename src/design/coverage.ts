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
type Lines = readonly number[];

/** Those that are the same but for what is rounded are one. */
export function toLines(places: readonly number[]): Lines {
  const sorted = [...places].sort((one, other) => one - other);
  return sorted.filter((line, at) => at === 0 || line - (sorted[at - 1] as number) > onLineMm);
}

/** The first line that is not before a place; as many as there are where all are. */
export function lineAt(lines: Lines, mm: number): number {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle] as number) > mm - onLineMm) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Which of the gaps between lines are met between two places; none where both are on the same line. */
function gapsBetween(lines: Lines, from: number, to: number): readonly [first: number, end: number] {
  const first = Math.max(0, lineAt(lines, from + 2 * onLineMm) - 1);
  return [first, Math.min(lineAt(lines, to), lines.length - 1)];
}

export interface Grid {
  readonly x: Lines;
  readonly y: Lines;
}

/** Where a line crosses the middle of a row, and which way. */
interface Crossing {
  readonly x: number;
  readonly turn: number;
}

function coverRow(cells: Uint8Array, x: Lines, row: number, from: number, to: number): void {
  const [left, right] = gapsBetween(x, from, to);
  if (left < right) cells.fill(1, row * (x.length - 1) + left, row * (x.length - 1) + right);
}

/** Covers the cells through which a line passes, and tells where it crosses the rows' middles. */
function followLine([fromX, fromY, toX, toY]: Quad, { x, y }: Grid, cells: Uint8Array, crossings: Crossing[][]): void {
  const [upper, lower] = [Math.min(fromY, toY), Math.max(fromY, toY)];
  const slope = fromY === toY ? 0 : (toX - fromX) / (toY - fromY);
  const [first, end] = gapsBetween(y, upper, lower);
  for (let row = first; row < end; row += 1) {
    const [top, bottom] = [y[row] as number, y[row + 1] as number];
    const one = slope === 0 ? fromX : fromX + slope * (Math.max(upper, top) - fromY);
    const other = slope === 0 ? toX : fromX + slope * (Math.min(lower, bottom) - fromY);
    coverRow(cells, x, row, Math.min(one, other), Math.max(one, other));
    const middle = (top + bottom) / 2;
    if (upper > middle || lower <= middle) continue;
    (crossings[row] ??= []).push({ x: fromX + slope * (middle - fromY), turn: Math.sign(toY - fromY) });
  }
}

type Quad = readonly [fromX: number, fromY: number, toX: number, toY: number];

function linesOf(outline: Outline): readonly Quad[] {
  return Array.from({ length: outline.length / 2 }, (_, at) => {
    const next = (2 * at + 2) % outline.length;
    return [outline[2 * at], outline[2 * at + 1], outline[next], outline[next + 1]] as unknown as Quad;
  });
}

/** Covers the cells of a grid, by rows, that a filled outline covers any of. */
export function cover({ outlines, rule }: Filled, grid: Grid, cells: Uint8Array): void {
  const crossings: Crossing[][] = [];
  for (const outline of outlines) for (const line of linesOf(outline)) followLine(line, grid, cells, crossings);
  // What no line passes through is covered as its middle is.
  crossings.forEach((inRow, row) => {
    inRow.sort((one, other) => one.x - other.x);
    let winding = 0;
    for (const [at, { x, turn }] of inRow.entries()) {
      winding += turn;
      const isWithin = rule === "evenodd" ? at % 2 === 0 : winding !== 0;
      if (isWithin) coverRow(cells, grid.x, row, x, inRow[at + 1]?.x ?? x);
    }
  });
}
