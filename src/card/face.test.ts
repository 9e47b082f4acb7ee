import { expect, test } from "vitest";
import { drawZone, type Shape } from "./face.ts";
import { products, type Zone } from "./products.ts";

interface Extent {
  readonly xs: readonly number[];
  readonly ys: readonly number[];
}

/** Where a shape is put, as `placeAt` writes it. */
function placeOf({ attributes }: Shape): { xMm: number; yMm: number; scale: number } {
  const place = /^translate\((\S+) (\S+)\) scale\((\S+)\)/.exec(String(attributes["transform"] ?? ""));
  const [xMm = 0, yMm = 0, scale = 1] = place?.slice(1).map(Number) ?? [];
  return { xMm, yMm, scale };
}

/** The corners of every contour; arcs bulge no further than the box around the letter, which other corners reach. */
function cornersOf(shape: Shape): Extent {
  const path = String(shape.attributes["d"] ?? "");
  const points = [
    ...path.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)|0 0 [01] (-?[\d.]+) (-?[\d.]+)|H(-?[\d.]+)|V(-?[\d.]+)/g),
  ];
  const numbers = (...groups: readonly number[]): number[] =>
    points.flatMap((point) => groups.flatMap((group) => (point[group] === undefined ? [] : [Number(point[group])])));
  const own = { xs: numbers(1, 3, 5), ys: numbers(2, 4, 6) };
  const parts = [own, ...shape.children.map(cornersOf)];
  const { xMm, yMm, scale } = placeOf(shape);
  return {
    xs: parts.flatMap(({ xs }) => xs.map((x) => xMm + x * scale)),
    ys: parts.flatMap(({ ys }) => ys.map((y) => yMm + y * scale)),
  };
}

function extentOf(zone: Zone): { left: number; right: number; top: number; bottom: number } {
  const { xs, ys } = cornersOf(drawZone(zone, "zone")!);
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

const written: readonly Zone["kind"][] = ["card-number", "cardholder-name", "network-mark"];

test.each(products)("number, name and mark stay within their zones on $id", ({ zones }) => {
  for (const zone of zones.filter(({ kind }) => written.includes(kind))) {
    const { left, right, top, bottom } = extentOf(zone);
    expect(left, zone.kind).toBeGreaterThanOrEqual(zone.xMm - 0.001);
    expect(right, zone.kind).toBeLessThanOrEqual(zone.xMm + zone.widthMm + 0.001);
    expect(top, zone.kind).toBeGreaterThanOrEqual(zone.yMm);
    expect(bottom, zone.kind).toBeLessThanOrEqual(zone.yMm + zone.heightMm);
  }
});

test("the number is as wide as its zone", () => {
  const place = { xMm: -34, yMm: 3, widthMm: 50, heightMm: 4.4 };
  const { left, right } = extentOf({ kind: "card-number", rule: "legible", ...place });
  expect([left, right]).toEqual([-34, 16]);
});

test("name and mark grow with their zones", () => {
  const zone = { kind: "cardholder-name", rule: "legible", xMm: 2, yMm: 3, widthMm: 40, heightMm: 4 } as const;
  const [small, large] = [extentOf(zone), extentOf({ ...zone, heightMm: 8 })];
  expect(large.right - 2).toBeCloseTo(2 * (small.right - 2), 9);
  expect(large.bottom - 3).toBeCloseTo(2 * (small.bottom - 3), 9);
  const markZone = { kind: "network-mark", rule: "keep-clear", xMm: 2, yMm: 3, widthMm: 28, heightMm: 16 } as const;
  const mark = extentOf(markZone);
  expect(mark.left + mark.right).toBeCloseTo(2 * (markZone.xMm + 14), 2);
  expect(mark.bottom).toBeLessThanOrEqual(markZone.yMm + markZone.heightMm);
});
