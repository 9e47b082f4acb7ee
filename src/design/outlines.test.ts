import { expect, test } from "vitest";
import { boundsOf, readOutlines } from "./outlines.ts";

test("a curve is followed as closely as is asked", () => {
  const [outline = []] = readOutlines("M0 0Q50 100 100 0Z", 0.01);
  expect(boundsOf([outline]).bottom).toBeCloseTo(50, 1);
  expect(outline.length).toBeGreaterThan(60);
});

test.each([
  ["leads to the moon", "M0 0Q384400000 1 9 9C1 1 384400000 9 5 5Z", 0.05],
  ["has to be followed to less than nothing", "M0 0Q5 9 9 0C1 1 7 9 5 5Z", 0],
  ["stays where it is", "M5 5Q5 5 5 5C5 5 5 5 5 5Z", 0],
])("a curve that %s is of a few lines, which end where it does", (_, path, tolerance) => {
  const [outline = []] = readOutlines(path, tolerance);
  expect(outline.length).toBeLessThan(1200);
  expect(outline.slice(-2)).toEqual([5, 5]);
});
