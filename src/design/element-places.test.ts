import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { products } from "#card/products.ts";
import { clampBox } from "./element-box.ts";
import { extentOf, findElementAt, findElementFlaw, fromBox, moveIntoSight, placeOf, toBox } from "./element-places.ts";
import { type Box, type Shape, shapeNames } from "./elements.ts";
import { landscape } from "./testing/arbitrary.ts";
import { heart } from "./testing/elements.ts";

const shape = (box: Partial<Box>, name: Shape["shape"] = "heart"): Shape => ({
  ...heart,
  shape: name,
  id: "e1",
  box: { ...heart.box, ...box },
});
const chip = landscape.zones.find(({ kind }) => kind === "chip")!;
const overChip = { xMm: chip.xMm + chip.widthMm / 2, yMm: chip.yMm + chip.heightMm / 2 };

const anyBox: fc.Arbitrary<Box> = fc.record({
  xMm: fc.double({ min: -60, max: 60, noNaN: true }),
  yMm: fc.double({ min: -60, max: 60, noNaN: true }),
  widthMm: fc.double({ min: 2, max: 40, noNaN: true }),
  heightMm: fc.double({ min: 2, max: 40, noNaN: true }),
  rotationDeg: fc.double({ min: -179, max: 180, noNaN: true }),
  mirrored: fc.boolean(),
});

describe("where an element lies", () => {
  it("its axes lead there and back, and its extent holds its corners and touches them", () => {
    fc.assert(
      fc.property(anyBox, (box) => {
        const corners = [-1, 1].flatMap((x) =>
          [-1, 1].map((y) => ({ xMm: (x * box.widthMm) / 2, yMm: (y * box.heightMm) / 2 })),
        );
        const onCard = corners.map((corner) => fromBox(box, corner));
        onCard.forEach((point, at) => {
          expect(toBox(box, point).xMm).toBeCloseTo(corners[at]!.xMm, 6);
          expect(toBox(box, point).yMm).toBeCloseTo(corners[at]!.yMm, 6);
        });
        const extent = extentOf(box);
        expect(Math.min(...onCard.map(({ xMm }) => xMm))).toBeCloseTo(extent.leftMm, 6);
        expect(Math.max(...onCard.map(({ yMm }) => yMm))).toBeCloseTo(extent.bottomMm, 6);
      }),
    );
  });

  it("a point means the uppermost, a small one from 3 mm off, and one that is really there before that", () => {
    const [below, above] = [shape({ widthMm: 20, heightMm: 20 }), shape({ widthMm: 10, heightMm: 10 })];
    const { xMm, yMm } = heart.box;
    expect(findElementAt([below, above], { xMm, yMm })).toBe(above);
    expect(findElementAt([below, above], { xMm: xMm + 8, yMm })).toBe(below);
    expect(findElementAt([below, above], { xMm: xMm + 11, yMm })).toBeUndefined();
    const small = shape({ widthMm: 2, heightMm: 2 });
    expect(findElementAt([small], { xMm: xMm + 2.9, yMm })).toBe(small);
    expect(findElementAt([small], { xMm: xMm + 3.1, yMm })).toBeUndefined();
    expect(findElementAt([below, shape({ xMm: xMm + 12, widthMm: 2, heightMm: 2 })], { xMm: xMm + 9.5, yMm })).toBe(
      below,
    );
  });

  it("is told by what is nearest", () => {
    const right = chip.xMm + chip.widthMm;
    const beside = shape({ xMm: right + 7, yMm: overChip.yMm, widthMm: 10, heightMm: 4 });
    expect(placeOf(beside.box, landscape)).toEqual({ to: "chip", gapMm: expect.closeTo(2, 9) });
    expect(placeOf(shape({ xMm: 0, yMm: -20, widthMm: 4, heightMm: 4 }).box, landscape).to).toBe("edge");
    expect(placeOf(shape(overChip).box, landscape)).toEqual({ to: "chip", gapMm: 0 });
  });
});

describe("what is not seen of an element", () => {
  it("is most of it under the chip or the network mark, or what is cut off", () => {
    expect(findElementFlaw(shape({}), landscape)).toBeNull();
    expect(findElementFlaw(shape({ ...overChip, widthMm: 9, heightMm: 9 }), landscape)).toBe("under-chip");
    expect(findElementFlaw(shape({ ...overChip, widthMm: 30, heightMm: 30 }), landscape)).toBeNull();
    const mark = landscape.zones.find(({ kind }) => kind === "network-mark")!;
    expect(findElementFlaw(shape({ xMm: mark.xMm + 7, yMm: mark.yMm + 4, widthMm: 6, heightMm: 6 }), landscape)).toBe(
      "under-mark",
    );
    expect(findElementFlaw(shape({ xMm: 42 }), landscape)).toBe("cut");
    expect(findElementFlaw(shape({ yMm: -24 }), landscape)).toBe("cut");
  });

  it("is nothing of a stripe that is meant to reach beyond the card", () => {
    const stripe = { xMm: 0, yMm: 20, widthMm: 100, heightMm: 30 };
    expect(findElementFlaw(shape(stripe, "rectangle"), landscape)).toBeNull();
    expect(findElementFlaw(shape(stripe, "ellipse"), landscape)).toBe("cut");
    expect(findElementFlaw(shape({ ...stripe, widthMm: 87 }, "rectangle"), landscape)).toBe("cut");
  });

  it("is found a place for wherever it fits, which is allowed and in sight", () => {
    fc.assert(
      fc.property(fc.constantFrom(...products), anyBox, fc.constantFrom(...shapeNames), (product, box, name) => {
        const element = shape(
          clampBox({ ...box, widthMm: box.widthMm / 2, heightMm: box.heightMm / 2 }, product, { kind: "shape" }),
          name,
        );
        if (findElementFlaw(element, product) === null) return;
        const moved = moveIntoSight(element, product)?.(element.box, product, element);
        expect(moved).toBeDefined();
        expect(clampBox(moved!, product, { kind: "shape" })).toEqual(moved);
        expect(findElementFlaw({ ...element, box: moved! }, product)).toBeNull();
      }),
    );
  });
});
