import fc from "fast-check";
import { bleedSizeMm } from "#card/products.ts";
import type { Design } from "#design/design.ts";
import type { Drawing, DrawOp } from "#design/elements.ts";
import { type Outline, readOutlines } from "#design/outlines.ts";
import { landscape } from "#design/testing/arbitrary.ts";
import type { Pen, Tip } from "../pens.ts";
import { Stroke } from "../stroke.ts";

const { widthMm, heightMm } = bleedSizeMm(landscape);
/** Whole numbers, because nearly all doubles are next to 0. */
const hundredths = (from: number, to: number) =>
  fc.integer({ min: Math.ceil(from * 100), max: Math.floor(to * 100) }).map((value) => value / 100);
const coordinate = (sideMm: number) => hundredths(-sideMm / 2, sideMm / 2);
/** How a drawing is turned, in degrees, and by which factor it is scaled. */
export const placed = fc.record({ turn: hundredths(-179, 180), by: hundredths(0.5, 2), isMirrored: fc.boolean() });
export const point = fc.record({ xMm: coordinate(widthMm), yMm: coordinate(heightMm) });
const pressure = fc.option(hundredths(0, 1));
export const way = fc.array(fc.tuple(point, pressure), { minLength: 1, maxLength: 30 });
export type Way = readonly (readonly [{ readonly xMm: number; readonly yMm: number }, number | null])[];
export const drawingTip = fc.constantFrom<Tip>("fine", "marker", "brush");

export function penWith(tip: Tip, steady = 30): Pen {
  return { tip, fill: "#c0272d", steady };
}

export function draw(points: Way, pen: Pen): readonly Outline[] {
  const stroke = new Stroke(pen);
  for (const [at, pressure] of points) stroke.add(at, pressure);
  return stroke.finish();
}

export function drawingsOf({ elements }: Design): readonly Drawing[] {
  return elements.filter((element): element is Drawing => element.kind === "drawing");
}

/** By rays: whether a point is in what these ops fill. */
export function isFilled(ops: readonly DrawOp[], x: number, y: number): boolean {
  return ops.some(({ path, rule }) => {
    let [winding, crossings] = [0, 0];
    for (const outline of readOutlines(path, 0.1)) {
      for (let at = 0; at < outline.length; at += 2) {
        const [x0, y0] = [outline[at]!, outline[at + 1]!];
        const [x1, y1] = [outline[(at + 2) % outline.length]!, outline[(at + 3) % outline.length]!];
        if (y0 <= y === y1 <= y || x0 + ((y - y0) / (y1 - y0)) * (x1 - x0) <= x) continue;
        crossings += 1;
        winding += y1 > y0 ? 1 : -1;
      }
    }
    return rule === "nonzero" ? winding !== 0 : crossings % 2 === 1;
  });
}
