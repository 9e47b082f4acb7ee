import fc from "fast-check";
import { expect, it } from "vitest";
import { guessPxPerMm, leastPxPerMm, mostPxPerMm, pxPerMmAt, sizeSteps, stepAt } from "./true-size.ts";

const anyStep = fc.integer({ min: 0, max: sizeSteps });
const anySize = fc.double({ min: leastPxPerMm, max: mostPxPerMm, noNaN: true });

it("a step of the slider and the size that it stands for are one", () => {
  fc.assert(fc.property(anyStep, (step) => stepAt(pxPerMmAt(step)) === step));
});

it("every screen's size is met to a quarter of a millimetre of the card", () => {
  const errorMm = (pxPerMm: number): number => Math.abs(pxPerMmAt(stepAt(pxPerMm)) / pxPerMm - 1) * 85.6;
  fc.assert(fc.property(anySize, (pxPerMm) => errorMm(pxPerMm) < 0.25));
});

it("a step more is larger, and nothing leads out of the range", () => {
  fc.assert(
    fc.property(fc.integer({ min: -50, max: sizeSteps + 50 }), (step) => {
      const size = pxPerMmAt(step);
      expect(size).toBeGreaterThanOrEqual(leastPxPerMm);
      expect(size).toBeLessThanOrEqual(mostPxPerMm * (1 + 1e-12));
      if (step >= 0 && step < sizeSteps) expect(pxPerMmAt(step + 1)).toBeGreaterThan(size);
    }),
  );
  for (const isHandheld of [true, false]) expect(pxPerMmAt(stepAt(guessPxPerMm(isHandheld)))).toBeGreaterThan(3);
});
