import fc from "fast-check";
import { expect, it } from "vitest";
import { invertAffine } from "#card/placement.ts";
import { layStroke } from "#design/drawings.ts";
import { artToCard } from "#design/elements.ts";
import { boundsOf, boundsOfPath, type Outline, transformOutline } from "#design/outlines.ts";
import { designWith, landscape } from "#design/testing/arbitrary.ts";
import { widestMm } from "./pens.ts";
import { draw, drawingsOf, drawingTip, isFilled, penWith, way, type Way } from "./testing/strokes.ts";

it("is as wide as the pen is pressed, and a mouse is never pressed at once", () => {
  const across: Way = Array.from({ length: 61 }, (_, at) => [{ xMm: at / 2 - 15, yMm: 0 }, at / 60]);
  const widthAt = (outlines: readonly Outline[], xMm: number): number => {
    const design = layStroke(outlines, "#c0272d", null)(designWith(), landscape);
    const { art, box } = drawingsOf(design)[0]!;
    const heights = Array.from({ length: 801 }, (_, at) => at / 200 - 2);
    const isInk = (yMm: number): boolean => {
      const [x, y] = transformOutline([xMm, yMm], invertAffine(artToCard(art, box))) as [number, number];
      return isFilled(art.ops, x, y);
    };
    return heights.filter(isInk).length / 200;
  };
  const pressed = draw(across, penWith("brush", 0));
  // 0.6 mm without pressure, 3 mm with all of it.
  for (const xMm of [-10, 0, 10]) expect(widthAt(pressed, xMm)).toBeCloseTo(0.6 + 2.4 * ((xMm + 15) / 30), 1);
  const even = draw(across, penWith("marker", 0));
  expect(widthAt(even, -10)).toBeCloseTo(1.2, 1);
  expect(widthAt(even, 10)).toBeCloseTo(1.2, 1);
  const slow = draw(
    across.map(([at]) => [at, null] as const),
    penWith("brush", 0),
  );
  expect(widthAt(slow, 10)).toBeGreaterThan(0.6);
});

it("steadies a hand that trembles", () => {
  const trembling: Way = Array.from({ length: 200 }, (_, at) => [
    { xMm: at / 10 - 10, yMm: at % 2 === 0 ? 0.6 : -0.6 },
    null,
  ]);
  const heightOf = (steady: number): number => {
    const { top, bottom } = boundsOf(draw(trembling.slice(0, -1), penWith("fine", steady)));
    return bottom - top;
  };
  expect(heightOf(0)).toBeGreaterThan(1.6);
  expect(heightOf(100)).toBeLessThan(1.4);
});

it("makes a dot of a tap, as wide as the pen", () => {
  const dot = layStroke(
    draw([[{ xMm: 5, yMm: 5 }, null]], penWith("marker")),
    "#c0272d",
    null,
  )(designWith(), landscape);
  const { left, right, top, bottom } = boundsOfPath(drawingsOf(dot)[0]!.art.ops[0]!.path);
  expect(right - left).toBeGreaterThan(110);
  expect(right - left).toBeLessThan(125);
  expect(bottom - top).toBeGreaterThan(110);
});

it("reaches as far as its pen is wide", () => {
  fc.assert(
    fc.property(way, drawingTip, (points, tip) => {
      const { left, right } = boundsOf(draw(points, penWith(tip, 0)));
      const xs = points.map(([{ xMm }]) => xMm);
      expect(left).toBeGreaterThan(Math.min(...xs) - widestMm(tip) / 2 - 0.05);
      expect(right).toBeLessThan(Math.max(...xs) + widestMm(tip) / 2 + 0.05);
    }),
  );
});
