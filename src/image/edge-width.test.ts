import { describe, expect, it } from "vitest";
import { measureEdges } from "./edge-width.ts";

const side = 48;

/** The error function, to 1e-6 and better (Abramowitz and Stegun 7.1.26). */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const rest = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - rest * Math.exp(-x * x));
}

/** A slanting edge from dark to light through the middle, of a Gaussian so wide, with noise from -1 to 1 times as much. */
function edge(widthPx: number, noise = 0): Float32Array {
  let seed = 1;
  return Float32Array.from({ length: side * side }, (_, at) => {
    const along = (at % side) - side / 2 + 0.3 * (Math.floor(at / side) - side / 2);
    seed = (seed * 48271) % 2147483647;
    return 128 + 90 * erf(along / 1.044 / (widthPx * Math.SQRT2)) + noise * (2 * (seed / 2147483647) - 1);
  });
}

describe("the width of edges", () => {
  it("is about that of the Gaussian that made them, from a sharp one to one of eight pixels", () => {
    for (const widthPx of [1, 1.5, 2, 3, 4, 6]) {
      const measured = measureEdges(side, edge(widthPx));
      expect(measured / widthPx, `${widthPx} px: ${measured}`).toBeGreaterThan(0.7);
      expect(measured / widthPx, `${widthPx} px: ${measured}`).toBeLessThan(1.4);
    }
    expect(measureEdges(side, edge(0.3))).toBeLessThan(0.6);
  });

  it("is not taken from a camera's noise", () => {
    expect(measureEdges(side, edge(3, 2))).toBeGreaterThan(1.5);
    const sky = edge(1000, 2);
    expect(measureEdges(side, sky)).toBe(0);
  });

  it("is 0 where there are none", () => {
    expect(measureEdges(side, new Float32Array(side * side).fill(200))).toBe(0);
  });
});
