import { expect, test } from "vitest";
import { drawZone, type Shape } from "./face.ts";
import { products, type Zone } from "./products.ts";

type Point = readonly [xMm: number, yMm: number];

/** From a shape's own coordinates to its parent's, as `placeAt` and the leaves' `rotate` say it. */
function toParent({ attributes }: Shape, [x, y]: Point): Point {
  const transform = String(attributes["transform"] ?? "");
  const turn = (Number(/^rotate\((\S+)\)$/.exec(transform)?.[1] ?? 0) * Math.PI) / 180;
  const [xMm = 0, yMm = 0, scale = 1] =
    /^translate\((\S+) (\S+)\) scale\((\S+)\)/.exec(transform)?.slice(1).map(Number) ?? [];
  const turned = [x * Math.cos(turn) - y * Math.sin(turn), x * Math.sin(turn) + y * Math.cos(turn)] as const;
  return [xMm + turned[0] * scale, yMm + turned[1] * scale];
}

/** The corners of every contour. An arc bulges no further than the box around its letter, a curve than its control points. */
function cornersOf(shape: Shape): Point[] {
  const own: Point[] = [];
  let [x, y]: Point = [0, 0];
  for (const [, command = "", text = ""] of String(shape.attributes["d"] ?? "").matchAll(/([MLHVACZ])([^MLHVACZ]*)/g)) {
    const numbers = text.trim() === "" ? [] : text.trim().split(/\s+/).map(Number);
    if (numbers.some((number) => !Number.isFinite(number))) throw new Error(`not read: ${command}${text}`);
    if (command === "H") x = numbers[0]!;
    else if (command === "V") y = numbers[0]!;
    else if (command !== "Z") {
      const points = command === "A" ? numbers.slice(-2) : numbers;
      for (let at = 0; at < points.length; at += 2) own.push(([x, y] = [points[at]!, points[at + 1]!]));
    }
    own.push([x, y]);
  }
  return [...own, ...shape.children.flatMap(cornersOf)].map((point) => toParent(shape, point));
}

function extentOf(zone: Zone): { left: number; right: number; top: number; bottom: number } {
  const corners = cornersOf(drawZone(zone, "zone", products[0])!);
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
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
