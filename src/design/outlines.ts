import type { Affine } from "#card/placement.ts";

/** A closed line: the coordinates of its points in turn, x before y. */
export type Outline = readonly number[];

export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export const noBounds: Bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };

export function boundsOf(outlines: readonly Outline[]): Bounds {
  let { left, top, right, bottom } = noBounds;
  for (const outline of outlines) {
    for (let at = 0; at < outline.length; at += 2) {
      const [x, y] = [outline[at] as number, outline[at + 1] as number];
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return { left, top, right, bottom };
}

export function joinBounds(one: Bounds, other: Bounds): Bounds {
  return {
    left: Math.min(one.left, other.left),
    top: Math.min(one.top, other.top),
    right: Math.max(one.right, other.right),
    bottom: Math.max(one.bottom, other.bottom),
  };
}

export function doMeet(one: Bounds, other: Bounds): boolean {
  return one.left <= other.right && other.left <= one.right && one.top <= other.bottom && other.top <= one.bottom;
}

export function transformOutline(outline: Outline, [a, b, c, d, e, f]: Affine): Outline {
  const moved: number[] = [];
  for (let at = 0; at < outline.length; at += 2) {
    const [x, y] = [outline[at] as number, outline[at + 1] as number];
    moved.push(a * x + c * y + e, b * x + d * y + f);
  }
  return moved;
}

/** Of a point to the line between two points of an outline, each by its place in it. */
function distanceToLine(outline: Outline, at: number, from: number, to: number): number {
  const point = (index: number): [number, number] => [outline[2 * index] as number, outline[2 * index + 1] as number];
  const [[x, y], [fromX, fromY], [toX, toY]] = [point(at), point(from), point(to)];
  const [alongX, alongY] = [toX - fromX, toY - fromY];
  const squared = alongX * alongX + alongY * alongY;
  const part = squared === 0 ? 0 : Math.min(Math.max(((x - fromX) * alongX + (y - fromY) * alongY) / squared, 0), 1);
  return Math.hypot(x - fromX - part * alongX, y - fromY - part * alongY);
}

/** Leaves points out: no one of them was farther than `tolerance` from the line that goes on without it (Douglas and Peucker). */
export function thinOutline(outline: Outline, tolerance: number): Outline {
  const count = outline.length / 2;
  if (count < 4) return outline;
  const kept = new Uint8Array(count);
  kept[0] = 1;
  kept[count - 1] = 1;
  const spans = [[0, count - 1]];
  for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
    const [from, to] = span as [number, number];
    let [farthest, most] = [from, tolerance];
    for (let at = from + 1; at < to; at += 1) {
      const distance = distanceToLine(outline, at, from, to);
      if (distance > most) [farthest, most] = [at, distance];
    }
    if (farthest === from) continue;
    kept[farthest] = 1;
    spans.push([from, farthest], [farthest, to]);
  }
  return outline.filter((_, at) => kept[at >> 1] === 1);
}

/** As a path with so many decimals; empty where nothing is left that has an area. */
export function writePath(outlines: readonly Outline[], decimals: number): string {
  const scale = 10 ** decimals;
  const round = (value: number): number => Math.round(value * scale) / scale + 0;
  return outlines
    .map((outline) => {
      const points: string[] = [];
      for (let at = 0; at < outline.length; at += 2) {
        const point = `${round(outline[at] as number)} ${round(outline[at + 1] as number)}`;
        if (point !== points.at(-1)) points.push(point);
      }
      return points.length < 3 ? "" : `M${points.join("L")}Z`;
    })
    .join("");
}

const numberPattern = /-?(?:\d+(?:\.\d+)?|\.\d+)/g;

/** Of all points of a path, those between which a curve is drawn among them. */
export function boundsOfPath(path: string): Bounds {
  return boundsOf([Array.from(path.matchAll(numberPattern), ([digits]) => Number(digits))]);
}

/** The same path, so much to the right and down. */
export function shiftPath(path: string, x: number, y: number, decimals: number): string {
  const scale = 10 ** decimals;
  let isAcross = false;
  return path.replace(numberPattern, (digits: string, ...[at]: [number]) => {
    isAcross = !isAcross;
    const shifted = Math.round((Number(digits) + (isAcross ? x : y)) * scale) / scale + 0;
    return /[MLQCZ ]/.test(path[at - 1] ?? "M") ? `${shifted}` : ` ${shifted}`;
  });
}

const coordinates: Readonly<Record<string, number>> = { M: 2, L: 2, Q: 4, C: 6 };

/** A curve as wide as the largest screen is within a tenth of a pixel of so many lines: what would take more is seen on no card. */
const mostLines = 256;

/** The points of a curve after its first one, as many as keep the lines between them within `tolerance` of it, and no more than `mostLines`. */
function flatten(from: readonly number[], curve: readonly number[], tolerance: number): number[] {
  const points = [...from, ...curve];
  const bend = (at: number): number =>
    Math.hypot(
      (points[at] as number) - 2 * (points[at + 2] as number) + (points[at + 4] as number),
      (points[at + 1] as number) - 2 * (points[at + 3] as number) + (points[at + 5] as number),
    );
  const degree = points.length / 2 - 1;
  const most = degree === 2 ? bend(0) : Math.max(bend(0), bend(2));
  const wanted = Math.ceil(Math.sqrt((degree * (degree - 1) * most) / (8 * tolerance)));
  const steps = wanted > 1 ? Math.min(wanted, mostLines) : 1;
  return Array.from({ length: steps }, (_, step) => pointOn(points, (step + 1) / steps)).flat();
}

/** By de Casteljau. */
function pointOn(points: readonly number[], part: number): readonly number[] {
  if (points.length === 2) return points;
  const between = points.slice(2).map((value, at) => (points[at] as number) * (1 - part) + value * part);
  return pointOn(between, part);
}

const tokenPattern = new RegExp(`[MLQCZ]|${numberPattern.source}`, "g");

/** A path that painters take (`DrawOp`) as closed lines, no farther than `tolerance` from its curves. */
export function readOutlines(path: string, tolerance: number): readonly Outline[] {
  const outlines: number[][] = [];
  let [command, values]: [string, number[]] = ["Z", []];
  for (const token of path.match(tokenPattern) ?? []) {
    if (token >= "A") {
      [command, values] = [token, []];
      continue;
    }
    values.push(Number(token));
    if (values.length !== coordinates[command]) continue;
    const last = outlines.at(-1);
    if (command === "M") {
      outlines.push(values);
      command = "L";
    } else if (command === "L") last?.push(values[0] as number, values[1] as number);
    else last?.push(...flatten(last.slice(-2), values, tolerance));
    values = [];
  }
  return outlines.filter((outline) => outline.length >= 6);
}
