import { type Affine, composeAffine } from "#card/placement.ts";
import type { DrawnElement, DrawOp } from "#design/elements.ts";
import { readPath } from "./read-path.ts";

/** A few places of the card, in rows: `toGrid` leads from millimetres from its centre to columns and rows. */
export interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly toGrid: Affine;
}

/** Into so many straight pieces a curve is cut: much finer than the grids are. */
const pieces = 6;

type Point = readonly [x: number, y: number];

/** Sides of closed outlines, each as two points. */
function flatten(path: string): Float64Array {
  const numbers = readPath(path);
  if (typeof numbers === "string") return new Float64Array(0);
  const sides: number[] = [];
  let [start, at]: [Point, Point] = [
    [0, 0],
    [0, 0],
  ];
  const go = (to: Point): void => {
    sides.push(...at, ...to);
    at = to;
  };
  const point = (index: number): Point => [numbers[index] as number, numbers[index + 1] as number];
  for (let index = 0; index < numbers.length; ) {
    const command = numbers[index] as number;
    if (command === 0) {
      go(start);
      start = point(index + 1);
      at = start;
    } else if (command === 1) go(point(index + 1));
    else if (command === 4) go(start);
    else {
      const points = Array.from({ length: command }, (_, each) => point(index + 1 + 2 * each));
      const from = at;
      for (let piece = 1; piece <= pieces; piece++) go(onCurve([from, ...points], piece / pieces));
    }
    index += command === 4 ? 1 : 1 + 2 * Math.max(1, command);
  }
  go(start);
  return Float64Array.from(sides);
}

/** By de Casteljau. */
function onCurve(points: readonly Point[], share: number): Point {
  const [first, ...others] = points;
  if (first === undefined || others.length === 0) return first ?? [0, 0];
  const between = others.map(([x, y], at): Point => {
    const [fromX, fromY] = points[at] as Point;
    return [fromX + (x - fromX) * share, fromY + (y - fromY) * share];
  });
  return onCurve(between, share);
}

const flattened = new WeakMap<DrawOp, Float64Array>();

function sidesOf(op: DrawOp): Float64Array {
  const known = flattened.get(op) ?? flatten(op.path);
  flattened.set(op, known);
  return known;
}

/** Where an outline crosses the middle of each row, and which way. */
function crossRows(sides: Float64Array, [a, b, c, d, e, f]: Affine, rows: number): readonly Point[][] {
  const crossings: Point[][] = Array.from({ length: rows }, () => []);
  for (let at = 0; at < sides.length; at += 4) {
    const [x, y, toX, toY] = [sides[at], sides[at + 1], sides[at + 2], sides[at + 3]] as unknown as number[] as [
      number,
      number,
      number,
      number,
    ];
    const [fromColumn, fromRow] = [a * x + c * y + e, b * x + d * y + f];
    const [toColumn, toRow] = [a * toX + c * toY + e, b * toX + d * toY + f];
    const [top, bottom] = fromRow < toRow ? [fromRow, toRow] : [toRow, fromRow];
    const last = Math.min(rows - 1, Math.ceil(bottom - 0.5) - 1);
    for (let row = Math.max(0, Math.ceil(top - 0.5)); row <= last; row++) {
      const share = (row + 0.5 - fromRow) / (toRow - fromRow);
      crossings[row]?.push([fromColumn + (toColumn - fromColumn) * share, fromRow < toRow ? 1 : -1]);
    }
  }
  return crossings;
}

/**
 * Writes for each place whose middle something drawn covers what `valueOf` says of the uppermost fill there, as the print picture is
 * painted but for its soft edges. What cannot be painted covers nothing.
 */
export function coverPlaces(
  places: Float32Array,
  { columns, rows, toGrid }: Grid,
  drawn: readonly DrawnElement[],
  valueOf: (fill: string) => number,
): void {
  for (const { ops, matrix } of drawn) {
    const way = composeAffine(toGrid, matrix);
    for (const op of ops) {
      const value = valueOf(op.fill);
      crossRows(sidesOf(op), way, rows).forEach((found, row) => {
        found.sort(([one], [other]) => one - other);
        let winding = 0;
        found.forEach(([from, turn], at) => {
          winding = op.rule === "evenodd" ? 1 - winding : winding + turn;
          const [to] = found[at + 1] ?? [from];
          if (winding === 0) return;
          const first = Math.max(0, Math.ceil(from - 0.5));
          const end = Math.min(columns, Math.ceil(to - 0.5));
          if (end > first) places.fill(value, row * columns + first, row * columns + end);
        });
      });
    }
  }
}
