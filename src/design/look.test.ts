import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { coverPlacement } from "#card/placement.ts";
import { findProduct } from "#card/products.ts";
import { createDesign, photoOf, sameDesign } from "./design.ts";
import { adjustPhoto, filterPhoto, layGround, putPhoto, resetAdjustments } from "./edits.ts";
import { applyEdit, beginGesture, endGesture, startHistory, undo } from "./history.ts";
import { adjustmentNames, adjustmentRanges, adjustmentsOf, liftLevel, liftTo, noAdjustments } from "./look.ts";

const product = findProduct("photo-landscape")!;
const file = { sha256: "a".repeat(64), widthPx: 4000, heightPx: 3000 };
const plain = putPhoto(file, coverPlacement(file, product))(createDesign(product), product);

test("each adjustment keeps to its range in whole numbers, and leaves the others alone", () => {
  const wanted = fc.double({ min: -300, max: 300, noNaN: true });
  fc.assert(
    fc.property(fc.constantFrom(...adjustmentNames), fc.constantFrom(...adjustmentNames), wanted, (name, other, to) => {
      fc.pre(name !== other);
      const before = adjustPhoto({ [other]: 30 })(plain, product);
      const after = adjustmentsOf(adjustPhoto({ [name]: to })(before, product))!;
      const { min, max } = adjustmentRanges[name];
      expect(after).toEqual({
        ...noAdjustments,
        [other]: 30,
        [name]: Math.round(Math.min(max, Math.max(min, to))) + 0,
      });
    }),
  );
});

test("a photo that is as it is has no look in its design, however it came to that", () => {
  const adjusted = adjustPhoto({ brightness: 12, lift: 40 })(plain, product);
  expect(sameDesign(adjusted, plain)).toBe(false);
  for (const edit of [adjustPhoto({ brightness: 0, lift: 0 }), resetAdjustments()]) {
    expect(edit(adjusted, product)).toStrictEqual(plain);
  }
  // As another program may write it.
  const zeros = { ...plain, look: { adjust: noAdjustments } };
  expect(adjustmentsOf(zeros)).toBeUndefined();
  expect(sameDesign(zeros, plain)).toBe(true);
});

test("stays where it is when the photo is laid again, as from another file without what its camera wrote", () => {
  const adjusted = layGround("#000000")(adjustPhoto({ warmth: 50 })(plain, product), product);
  const again = putPhoto({ ...file, sha256: "b".repeat(64) }, photoOf(plain)!.placement)(adjusted, product);
  expect(again.look).toEqual(adjusted.look);
});

test("a slider's whole way is one step of undo, and none when it ends where it began", () => {
  const slide = (...ways: number[]) =>
    ways.reduce(
      (history, brightness) => applyEdit(history, (design) => adjustPhoto({ brightness })(design, product)),
      beginGesture(startHistory(plain)),
    );
  const moved = endGesture(slide(3, 20, 41));
  expect(adjustmentsOf(moved.present)?.brightness).toBe(41);
  expect(moved.past).toEqual([plain]);
  expect(undo(moved).present).toBe(plain);
  expect(endGesture(slide(3, 20, 0)).past).toEqual([]);
});

test("a level is lifted as far as is wanted, in the fewest steps, and no further than that goes", () => {
  const level = fc.integer({ min: 0, max: 255 }).map((of255) => of255 / 255);
  fc.assert(
    fc.property(level, level, (from, wanted) => {
      const lift = liftTo(from, wanted);
      if (lift < 100) expect(liftLevel(from, lift)).toBeGreaterThanOrEqual(wanted - 1e-9);
      if (lift > 0) expect(liftLevel(from, lift - 5)).toBeLessThan(wanted);
    }),
  );
  expect([liftTo(0, 0.1), liftTo(0.01, 0.9), liftTo(0.3, 0.3), liftTo(1, 0.5)]).toEqual([100, 100, 0, 0]);
});

describe("a filter over the photo", () => {
  const warm = filterPhoto({ id: "warm", percent: 60 });

  test("is laid, changed and taken away, and neither it nor the adjustments lose the other", () => {
    const adjusted = adjustPhoto({ brightness: 12 })(plain, product);
    const both = warm(adjusted, product);
    expect(both.look).toEqual({ adjust: { ...noAdjustments, brightness: 12 }, filter: { id: "warm", percent: 60 } });
    expect(resetAdjustments()(both, product).look).toEqual({ filter: { id: "warm", percent: 60 } });
    expect(filterPhoto(null)(both, product)).toStrictEqual(adjusted);
    expect(filterPhoto(null)(warm(plain, product), product)).toStrictEqual(plain);
  });

  test("keeps to its range in whole numbers", () => {
    const percents = [-3, 0, 0.4, 41.6, 250].map(
      (percent) => filterPhoto({ id: "warm", percent })(plain, product).look?.filter?.percent,
    );
    expect(percents).toEqual([1, 1, 1, 42, 100]);
  });

  test("makes another design by its id and by its strength", () => {
    const filtered = warm(plain, product);
    expect(sameDesign(filtered, plain)).toBe(false);
    expect(sameDesign(filtered, filterPhoto({ id: "warm", percent: 61 })(plain, product))).toBe(false);
    expect(sameDesign(filtered, filterPhoto({ id: "cool", percent: 60 })(plain, product))).toBe(false);
    expect(sameDesign(filtered, warm({ ...plain }, product))).toBe(true);
  });
});
