import { getStrokeOutlinePoints, type StrokePoint } from "perfect-freehand";
import type { PointMm } from "#design/edits.ts";
import { type Outline, thinOutline } from "#design/outlines.ts";
import { type Pen, widths } from "./pens.ts";

/** The library's units: it leaves out what is nearer than 3 to a stroke's end. */
const unitsPerMm = 100;

/** What is nearer to the point before is left out. */
const leastStepMm = 0.08;

/** What outlines may be simplified by: with what is rounded afterwards no more than 0.02 mm, half a pixel of the finest card. */
const toleranceMm = 0.014;

/** Points of which one outline is made: what a pen does meanwhile takes no longer the longer it goes on. */
const mostPoints = 500;

/** Points of what is shown as settled at a time: only what comes after is shown anew with each frame. */
const shownPoints = 16;

/** Characters of a path that a point may take, and the caps of a stroke. */
const perPoint = 22;
const perEnd = 900;

/**
 * A stroke as a pen makes it, in mm from the card's centre. It is frozen piece by piece, each with round ends over those of its neighbours.
 */
export class Stroke {
  readonly #pen: Pen;
  readonly #room: number;
  readonly #frozen: Outline[] = [];
  #frozenLength = 0;
  #points: StrokePoint[] = [];
  readonly #settled: Outline[] = [];
  #settledPoints = 0;
  /** Where the pen has got to, before and after it is steadied. */
  #raw: readonly [number, number, number | null] | null = null;
  #at: readonly [number, number] | null = null;

  /** With `room` the characters that its paths may take. */
  constructor(pen: Pen, room = Infinity) {
    this.#pen = pen;
    this.#room = room;
  }

  /** What can be shown of it and changes no more: the same list as long as the stroke lasts, which only grows. */
  get settled(): readonly Outline[] {
    return this.#settled;
  }

  /** What may still change. */
  get tail(): Outline | null {
    return this.#points.length === 0 ? null : this.#outline(this.#points.slice(this.#settledPoints));
  }

  /** Without room nothing is added. */
  get isFull(): boolean {
    return this.#frozenLength + this.#points.length * perPoint + perEnd > this.#room;
  }

  /** The pen is somewhere else. `pressure` is a pen's, from 0 to 1; without it the width follows the speed, as that of a pen does. */
  add({ xMm, yMm }: PointMm, pressure: number | null): void {
    if (this.isFull) return;
    const [x, y] = [xMm * unitsPerMm, yMm * unitsPerMm];
    this.#raw = [x, y, pressure];
    const follow = 1 - 0.85 * (this.#pen.steady / 100);
    const [fromX, fromY] = this.#at ?? [x, y];
    this.#at = [fromX + (x - fromX) * follow, fromY + (y - fromY) * follow];
    this.#put(this.#at, pressure, leastStepMm * unitsPerMm);
    if (this.#points.length - this.#settledPoints > shownPoints) this.#settle();
    if (this.#points.length >= mostPoints) this.#freeze(true);
  }

  /** The pen leaves the card. It may come back elsewhere. */
  lift(): void {
    if (this.#raw !== null && !this.isFull) this.#put([this.#raw[0], this.#raw[1]], this.#raw[2], 1);
    this.#freeze(false);
    this.#raw = null;
    this.#at = null;
  }

  /** All of it. */
  finish(): readonly Outline[] {
    this.lift();
    return this.#frozen;
  }

  #put([x, y]: readonly [number, number], pressure: number | null, leastStep: number): void {
    const last = this.#points.at(-1);
    if (last === undefined) {
      this.#points = [
        { point: [x, y], pressure: pressure ?? firstPressure, vector: [1, 1], distance: 0, runningLength: 0 },
      ];
      return;
    }
    const [awayX, awayY] = [last.point[0] - x, last.point[1] - y];
    const distance = Math.hypot(awayX, awayY);
    if (distance < leastStep) return;
    const vector: [number, number] = [awayX / distance, awayY / distance];
    if (this.#points.length === 1) last.vector = vector;
    this.#points.push({
      point: [x, y],
      pressure: pressure ?? simulatePressure(last.pressure, distance, widths[this.#pen.tip].mm * unitsPerMm),
      vector,
      distance,
      runningLength: last.runningLength + distance,
    });
  }

  #outline(points: StrokePoint[]): Outline {
    const { mm, thinning } = widths[this.#pen.tip];
    const size = mm * unitsPerMm;
    // The pressure is true, or simulated already: the library would begin anew with each piece.
    const options = { size, thinning, smoothing: 0.3, simulatePressure: false, last: true } as const;
    return getStrokeOutlinePoints(points, options).flatMap(([x, y]) => [x / unitsPerMm, y / unitsPerMm]);
  }

  #settle(): void {
    this.#settled.push(this.#outline(this.#points.slice(this.#settledPoints)));
    this.#settledPoints = this.#points.length - 1;
  }

  #freeze(goesOn: boolean): void {
    const last = this.#points.at(-1);
    if (last === undefined) return;
    this.#settle();
    this.#settledPoints = 0;
    const outline = thinOutline(this.#outline(this.#points), toleranceMm);
    this.#frozen.push(outline);
    this.#frozenLength += (outline.length / 2) * (perPoint / 2) + 2;
    this.#points = goesOn ? [{ ...last, distance: 0 }] : [];
  }
}

/** Of a hand that has not begun to move. */
const firstPressure = 0.25;

/** The library's own: the faster the lighter, and never at once. */
function simulatePressure(before: number, distance: number, size: number): number {
  const speed = Math.min(1, distance / size);
  return Math.min(1, before + (1 - speed - before) * speed * 0.275);
}
