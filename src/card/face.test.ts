import { expect, test } from "vitest";
import { markWordPath, namePath, numberPath } from "./face.ts";
import { letterPath } from "./lettering.ts";
import { products, type RectMm, type Zone } from "./products.ts";

/** The corners of every contour; arcs bulge no further than the box around the letter, which other corners reach. */
function extentOf(path: string): { left: number; right: number; top: number; bottom: number } {
  const points = [...path.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)|0 0 [01] (-?[\d.]+) (-?[\d.]+)/g)];
  const xs = points.map((point) => Number(point[1] ?? point[3]));
  const ys = points.map((point) => Number(point[2] ?? point[4]));
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

const lines = { "card-number": numberPath, "cardholder-name": namePath, "network-mark": markWordPath } as const;
const isWritten = (zone: Zone): zone is Zone & { kind: keyof typeof lines } => zone.kind in lines;

test.each(products)("number, name and mark stay within their zones on $id", ({ zones }) => {
  for (const zone of zones.filter(isWritten)) {
    const { left, right, top, bottom } = extentOf(lines[zone.kind](zone));
    expect(left, zone.kind).toBeGreaterThanOrEqual(zone.xMm - 0.001);
    expect(right, zone.kind).toBeLessThanOrEqual(zone.xMm + zone.widthMm + 0.001);
    expect(top, zone.kind).toBeGreaterThanOrEqual(zone.yMm);
    expect(bottom, zone.kind).toBeLessThanOrEqual(zone.yMm + zone.heightMm);
  }
});

test("a line that is told how wide to be is as wide as that", () => {
  const zone: RectMm = { xMm: -34, yMm: 3, widthMm: 50, heightMm: 4.4 };
  const { left, right } = extentOf(numberPath(zone));
  expect([left, right]).toEqual([-34, 16]);
});

test("letters without a drawing are spaces, and every drawn one leaves ink", () => {
  const line = { xMm: 0, baselineYMm: 0, heightMm: 3, stem: 0.15, spacing: 0.1 };
  expect(letterPath("?", line)).toBe("");
  for (const letter of "0AEKMNORTUWY") expect(letterPath(letter, line), letter).toMatch(/^M[\dML.\- AZ]+Z$/);
});
