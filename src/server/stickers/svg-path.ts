import type { Affine } from "#card/placement.ts";

/** An absolute command and its points. */
interface Segment {
  readonly command: "M" | "L" | "Q" | "C" | "Z";
  readonly points: readonly (readonly [x: number, y: number])[];
}

type Point = readonly [x: number, y: number];

const numberPattern = /[\s,]*([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?)/y;
// Nothing has to stand between the flags of an arc and what follows.
const flagPattern = /[\s,]*([01])/y;
const commandPattern = /[\s,]*([A-Za-z])/y;

/** Numbers that a command takes, in SVG 2, 9.3. */
const counts = new Map(Object.entries({ M: 2, L: 2, H: 1, V: 1, C: 6, S: 4, Q: 4, T: 2, A: 7, Z: 0 }));

/** Commands and their numbers, as they are written. Throws an Error with the end of a sentence where that is no path. */
function* readCommands(path: string): Generator<{ readonly letter: string; readonly numbers: readonly number[] }> {
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(path);
    if (found === null) return undefined;
    at = pattern.lastIndex;
    return found[1];
  };
  const refuse = (): never => {
    throw new Error(`has a path that cannot be read at its character ${at + 1}`);
  };
  let isFirst = true;
  while (path.slice(at).trim() !== "") {
    let letter = take(commandPattern) ?? refuse();
    const count = counts.get(letter.toUpperCase()) ?? refuse();
    if (isFirst && letter.toUpperCase() !== "M") refuse();
    isFirst = false;
    do {
      const numbers = Array.from({ length: count }, (_, index) => {
        const isFlag = count === 7 && (index === 3 || index === 4);
        return Number(take(isFlag ? flagPattern : numberPattern) ?? refuse());
      });
      yield { letter, numbers };
      // What follows the first point of a subpath are lines to the others.
      if (letter === "M") letter = "L";
      if (letter === "m") letter = "l";
      numberPattern.lastIndex = at;
    } while (count > 0 && numberPattern.test(path));
  }
}

/** An arc as cubic curves of a quarter turn at most: SVG 2, B.2.4. */
function arcToCurves(from: Point, numbers: readonly number[], to: Point): Segment[] {
  const [givenRx = 0, givenRy = 0, degrees = 0, isLarge = 0, isClockwise = 0] = numbers;
  let [rx, ry] = [Math.abs(givenRx), Math.abs(givenRy)];
  if (rx === 0 || ry === 0) return [{ command: "L", points: [to] }];
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const [halfX, halfY] = [(from[0] - to[0]) / 2, (from[1] - to[1]) / 2];
  const [x, y] = [cos * halfX + sin * halfY, cos * halfY - sin * halfX];
  if (x === 0 && y === 0) return [];
  const growth = Math.max(1, Math.hypot(x / rx, y / ry));
  [rx, ry] = [rx * growth, ry * growth];
  const across = (x / rx) ** 2 + (y / ry) ** 2;
  const factor = Math.sqrt(Math.max(0, 1 / across - 1)) * (isLarge === isClockwise ? -1 : 1);
  const [cx, cy] = [(factor * rx * y) / ry, (-factor * ry * x) / rx];
  const start = Math.atan2((y - cy) / ry, (x - cx) / rx);
  let sweep = Math.atan2((-y - cy) / ry, (-x - cx) / rx) - start;
  if (isClockwise === 1 && sweep < 0) sweep += 2 * Math.PI;
  if (isClockwise === 0 && sweep > 0) sweep -= 2 * Math.PI;
  const [midX, midY] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
  const place = (px: number, py: number): Point => {
    const [ex, ey] = [cx + rx * px, cy + ry * py];
    return [midX + cos * ex - sin * ey, midY + sin * ex + cos * ey];
  };
  const parts = Math.max(1, Math.ceil(Math.abs(sweep) / (Math.PI / 2) - 1e-9));
  const step = sweep / parts;
  const reach = (4 / 3) * Math.tan(step / 4);
  return Array.from({ length: parts }, (_, part) => {
    const [one, other] = [start + part * step, start + (part + 1) * step];
    const [cos1, sin1, cos2, sin2] = [Math.cos(one), Math.sin(one), Math.cos(other), Math.sin(other)];
    const end = part === parts - 1 ? to : place(cos2, sin2);
    const points = [place(cos1 - reach * sin1, sin1 + reach * cos1), place(cos2 + reach * sin2, sin2 - reach * cos2)];
    return { command: "C", points: [...points, end] };
  });
}

/** The path in absolute M, L, Q, C and Z alone. Throws an Error with the end of a sentence where it is none. */
export function readPath(path: string): Segment[] {
  const segments: Segment[] = [];
  let [current, start, control]: [Point, Point, Point] = [
    [0, 0],
    [0, 0],
    [0, 0],
  ];
  let before = "";
  for (const { letter, numbers } of readCommands(path)) {
    const upper = letter.toUpperCase();
    const [baseX, baseY] = letter === upper ? [0, 0] : current;
    const pointAt = (index: number): Point => [baseX + (numbers[index] ?? 0), baseY + (numbers[index + 1] ?? 0)];
    const mirrored = (after: string): Point =>
      after.includes(before) ? [2 * current[0] - control[0], 2 * current[1] - control[1]] : current;
    const made = makeSegments(upper, numbers, { current, start, baseX, baseY, pointAt, mirrored });
    segments.push(...made);
    const points = made.at(-1)?.points ?? [];
    current = upper === "Z" ? start : (points.at(-1) ?? current);
    control = points.at(-2) ?? current;
    if (upper === "M") start = current;
    before = upper;
  }
  return segments;
}

interface Pen {
  readonly current: Point;
  readonly start: Point;
  readonly baseX: number;
  readonly baseY: number;
  readonly pointAt: (index: number) => Point;
  /** The control point of before on the other side, where that was one of these commands. */
  readonly mirrored: (after: string) => Point;
}

function makeSegments(command: string, numbers: readonly number[], pen: Pen): readonly Segment[] {
  const { current, baseX, baseY, pointAt, mirrored } = pen;
  switch (command) {
    case "M":
    case "L":
      return [{ command, points: [pointAt(0)] }];
    case "H":
      return [{ command: "L", points: [[baseX + (numbers[0] ?? 0), current[1]]] }];
    case "V":
      return [{ command: "L", points: [[current[0], baseY + (numbers[0] ?? 0)]] }];
    case "C":
      return [{ command, points: [pointAt(0), pointAt(2), pointAt(4)] }];
    case "S":
      return [{ command: "C", points: [mirrored("CS"), pointAt(0), pointAt(2)] }];
    case "Q":
      return [{ command, points: [pointAt(0), pointAt(2)] }];
    case "T":
      return [{ command: "Q", points: [mirrored("QT"), pointAt(0)] }];
    case "A":
      return arcToCurves(current, numbers, pointAt(5));
    default:
      return [{ command: "Z", points: [] }];
  }
}

/** The same through a matrix. */
export function transformPath(segments: readonly Segment[], [a, b, c, d, e, f]: Affine): Segment[] {
  return segments.map(({ command, points }) => ({
    command,
    points: points.map(([x, y]) => [a * x + c * y + e, b * x + d * y + f] as const),
  }));
}

// Of each curve. Nothing can be hidden between them: two of a cubic's places tell both of its control points.
const places = Array.from({ length: 16 }, (_, at) => (at + 1) / 16);

/** Where a curve leads at some of its places, its end among them; of a line the end. */
function pointsAlong(from: Point, points: readonly Point[]): readonly Point[] {
  if (points.length < 2) return points;
  const along = (t: number, of: readonly Point[]): Point => {
    const [first, ...others] = of as readonly [Point, ...Point[]];
    if (others.length === 0) return first;
    // De Casteljau's construction.
    const nearer = others.map(([x, y], at): Point => {
      const [beforeX, beforeY] = of[at] as Point;
      return [beforeX + (x - beforeX) * t, beforeY + (y - beforeY) * t];
    });
    return along(t, nearer);
  };
  return places.map((t) => along(t, [from, ...points]));
}

/** Whether a path stays on the rectangle from 0, 0, or within so much of its sides around it. */
export function staysWithin(segments: readonly Segment[], width: number, height: number, margin: number): boolean {
  const isWithin = (value: number, side: number): boolean => value >= -margin * side && value <= (1 + margin) * side;
  let [current, start]: [Point, Point] = [
    [0, 0],
    [0, 0],
  ];
  return segments.every(({ command, points }) => {
    const along = pointsAlong(current, points);
    current = command === "Z" ? start : (points.at(-1) ?? current);
    if (command === "M") start = current;
    return along.every(([x, y]) => isWithin(x, width) && isWithin(y, height));
  });
}

/** As text, each number to so many digits behind the point. */
export function writePath(segments: readonly Segment[], digits: number): string {
  const write = (value: number): string => String(Number(value.toFixed(digits)) + 0);
  return segments.map(({ command, points }) => command + points.flat().map(write).join(" ")).join("");
}
