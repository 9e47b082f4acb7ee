import type { Affine } from "#card/placement.ts";
import { transformOutline } from "#design/outlines.ts";

/** How much of each pixel is covered, 0 to 1, row by row. */
export interface Coverage {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/** Between the middles of the pixels about it; 0 outside. */
function sample({ width, height, values }: Coverage, x: number, y: number): number {
  const [left, top] = [Math.floor(x - 0.5), Math.floor(y - 0.5)];
  const [right, down] = [x - 0.5 - left, y - 0.5 - top];
  const at = (column: number, row: number): number =>
    column < 0 || row < 0 || column >= width || row >= height ? 0 : (values[row * width + column] as number);
  const upper = at(left, top) * (1 - right) + at(left + 1, top) * right;
  const lower = at(left, top + 1) * (1 - right) + at(left + 1, top + 1) * right;
  return upper * (1 - down) + lower * down;
}

type Point = readonly [x: number, y: number];

/** Where a line between the middles of two neighbours is half covered. */
function* listContour({ width, height, values }: Coverage): Generator<Point> {
  for (let row = 0; row < height - 1; row += 1) {
    for (let column = 0; column < width - 1; column += 1) {
      const here = values[row * width + column] as number;
      const right = values[row * width + column + 1] as number;
      const below = values[(row + 1) * width + column] as number;
      if (here < 0.5 !== right < 0.5) yield [column + 0.5 + (0.5 - here) / (right - here), row + 0.5];
      if (here < 0.5 !== below < 0.5) yield [column + 0.5, row + 0.5 + (0.5 - here) / (below - here)];
    }
  }
}

/** To where more is covered, 1 long; null where it is the same all about. */
function directionAt(coverage: Coverage, [x, y]: Point): Point | null {
  const dx = sample(coverage, x + 0.5, y) - sample(coverage, x - 0.5, y);
  const dy = sample(coverage, x, y + 0.5) - sample(coverage, x, y - 0.5);
  const length = Math.hypot(dx, dy);
  return length === 0 ? null : [dx / length, dy / length];
}

/** In pixels: so far the line is looked for to both sides. */
const reach = 1.5;
const step = 0.05;

/** The zero that is nearest to 0, nearer than `within`, of what rises or falls along a line; `within` where there is none. */
function nearestCrossing(valueAt: (along: number) => number, within: number): number {
  let nearest = within;
  let before = valueAt(-within);
  for (let along = step - within; along <= within; along += step) {
    const value = valueAt(along);
    const crossing = Math.abs(along - step + (step * before) / (before - value));
    if (before < 0 !== value < 0) nearest = Math.min(nearest, crossing);
    before = value;
  }
  return nearest;
}

/** In turn to both sides of the first, which leads straight across a line: where that bends, another point of it may be nearer. */
const turnsDeg = [0, ...Array.from({ length: 22 }, (_, at) => (at % 2 === 0 ? 1 : -1) * 7.5 * (1 + (at >> 1)))];

/**
 * The largest distance, in pixels of `one`, from a point of its 50 % line to the nearest of that of `other`. Only where all is covered on
 * one side of it and nothing on the other, `reach` away: what is thinner, or nearer to another, has no such line to find. `toOther` leads
 * from the pixels of `one` to those of `other`.
 */
export function measureApart(one: Coverage, other: Coverage, toOther: Affine): { px: number; points: number } {
  let [px, points] = [0, 0];
  for (const point of listContour(one)) {
    const direction = directionAt(one, point);
    if (direction === null) continue;
    const at = (along: number): [number, number] => [point[0] + along * direction[0], point[1] + along * direction[1]];
    if (sample(one, ...at(reach)) < 0.99 || sample(one, ...at(-reach)) > 0.01) continue;
    points += 1;
    let apart = reach;
    for (const turnDeg of turnsDeg) {
      const [along, across] = [Math.cos((turnDeg * Math.PI) / 180), Math.sin((turnDeg * Math.PI) / 180)];
      const [dx, dy] = [direction[0] * along - direction[1] * across, direction[0] * across + direction[1] * along];
      const valueAt = (way: number): number => {
        const [x, y] = transformOutline([point[0] + way * dx, point[1] + way * dy], toOther) as [number, number];
        return sample(other, x, y) - 0.5;
      };
      apart = nearestCrossing(valueAt, apart);
    }
    px = Math.max(px, apart);
  }
  return { px, points };
}
