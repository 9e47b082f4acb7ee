import fc from "fast-check";
import { expect, it } from "vitest";
import { products } from "#card/products.ts";
import { carryElements, layCarried } from "./carry-elements.ts";
import { createDesign, vectorElementsOf } from "./design.ts";
import { addElement } from "./element-edits.ts";
import { extentOf } from "./element-places.ts";
import { type Drawing, drawnLengthOf, maxDrawnLength, type Shape, type VectorElement } from "./elements.ts";
import { designWith } from "./testing/arbitrary.ts";
import { heart, sticker } from "./testing/elements.ts";

const [landscape, portrait] = products;

const placed = fc.record({
  xMm: fc.double({ min: -35, max: 35, noNaN: true }),
  yMm: fc.double({ min: -20, max: 20, noNaN: true }),
  widthMm: fc.double({ min: 8, max: 30, noNaN: true }),
  heightMm: fc.double({ min: 8, max: 30, noNaN: true }),
  rotationDeg: fc.integer({ min: -179, max: 180 }),
  mirrored: fc.boolean(),
});

const shapes = (boxes: readonly Shape["box"][]): readonly Shape[] =>
  boxes.map((box, at) => ({ ...heart, id: `e${at}`, box }));

it("what lies on a card comes to the turned one within its safe area, in the same proportions and as upright", () => {
  fc.assert(
    fc.property(fc.array(placed, { minLength: 1, maxLength: 12 }), fc.boolean(), (boxes, isBack) => {
      const [from, to] = isBack ? [portrait, landscape] : [landscape, portrait];
      // What is not cut off.
      const given = shapes(boxes).filter(({ box }) => {
        const { leftMm, topMm, rightMm, bottomMm } = extentOf(box);
        const [x, y] = [from.trimWidthMm / 2, from.trimHeightMm / 2];
        return leftMm > -x && rightMm < x && topMm > -y && bottomMm < y;
      });
      const carried = carryElements(given, from, to);
      for (const [at, { box }] of carried.entries()) {
        const before = given[at]!.box;
        expect(box).toMatchObject({ rotationDeg: before.rotationDeg, mirrored: before.mirrored });
        expect(box.widthMm / box.heightMm).toBeCloseTo(before.widthMm / before.heightMm, 6);
        expect(box.widthMm).toBeLessThanOrEqual(before.widthMm + 1e-9);
        const { leftMm, topMm, rightMm, bottomMm } = extentOf(box);
        expect(Math.max(-leftMm, rightMm)).toBeLessThanOrEqual(to.trimWidthMm / 2 - to.safeMarginMm + 1e-6);
        expect(Math.max(-topMm, bottomMm)).toBeLessThanOrEqual(to.trimHeightMm / 2 - to.safeMarginMm + 1e-6);
      }
    }),
  );
});

it("what is small enough keeps its size, and comes to the middle", () => {
  const [only] = carryElements(shapes([heart.box]), landscape, portrait);
  expect(only?.box).toEqual({ ...heart.box, xMm: 0, yMm: 0 });
  const two = shapes([heart.box, { ...heart.box, xMm: heart.box.xMm + 20, yMm: heart.box.yMm + 8 }]);
  expect(carryElements(two, landscape, portrait).map(({ box }) => [box.xMm, box.yMm])).toEqual([
    [-10, -4],
    [10, 4],
  ]);
});

it("carried elements are laid on what is there, each under an id of its own, and no more than a card holds", () => {
  const before = addElement(heart)(designWith(), landscape);
  const carried: readonly VectorElement[] = [{ ...sticker, id: "e1" }, ...shapes([heart.box])];
  const laid = layCarried(carried)(before, landscape);
  expect(laid.elements.slice(0, before.elements.length)).toEqual(before.elements);
  expect(vectorElementsOf(laid)).toHaveLength(3);
  expect(new Set(laid.elements.map(({ id }) => id)).size).toBe(4);
  const many = layCarried(Array.from({ length: 200 }, () => carried[0]!))(before, landscape);
  expect(many.elements).toHaveLength(100);
  const empty = createDesign(landscape);
  expect(layCarried(carried)(empty, landscape)).toBe(empty);
});

it("of carried drawings the last are left out where a card holds no more of them, and all else is laid", () => {
  const drawing = (points: number): Drawing => ({
    kind: "drawing",
    id: "e1",
    art: { width: 10, height: 10, ops: [{ path: `M0 0${"L1 1".repeat(points)}Z`, fill: "#000000", rule: "nonzero" }] },
    box: { ...heart.box, widthMm: 10, heightMm: 10 },
  });
  const before = addElement(drawing(20_000))(designWith(), landscape);
  const laid = layCarried([drawing(25_000), drawing(10_000), ...shapes([heart.box]), drawing(1)])(before, landscape);
  expect(laid.elements.slice(before.elements.length).map(({ kind }) => kind)).toEqual(["drawing", "shape"]);
  expect(drawnLengthOf(laid.elements)).toBeLessThanOrEqual(maxDrawnLength);
});
