import { expect, test } from "vitest";
import { findProduct, bleedSizeMm } from "#card/products.ts";
import { cardToRaster } from "#card/placement.ts";
import { drawElement, shapeNames, type DrawnElement } from "#design/elements.ts";
import { coverPlaces } from "./cover.ts";
import { paintElements } from "./paint.ts";
import { readPaint } from "./testing/read-paint.ts";

const raster = { widthPx: 120, heightPx: 80, dpi: 36 };
const product = { ...findProduct("photo-landscape")!, ...raster };

/** Where the painter of the print picture has covered a pixel by more than half, as one character each. */
function painted(drawn: readonly DrawnElement[]): string {
  const rgba = new Uint8ClampedArray(raster.widthPx * raster.heightPx * 4).fill(255);
  paintElements(readPaint(), rgba, raster, drawn);
  return Array.from({ length: raster.widthPx * raster.heightPx }, (_, at) =>
    (rgba[at * 4] as number) < 128 ? "#" : ".",
  ).join("");
}

function covered(drawn: readonly DrawnElement[]): string {
  const places = new Float32Array(raster.widthPx * raster.heightPx);
  const grid = { columns: raster.widthPx, rows: raster.heightPx, toGrid: cardToRaster(product) };
  coverPlaces(places, grid, drawn, () => 1);
  return Array.from(places, (value) => (value === 1 ? "#" : ".")).join("");
}

const differing = (one: string, other: string): number => one.split("").filter((each, at) => each !== other[at]).length;

test.each(shapeNames)("of a %s the places are those that the print picture covers", (shape) => {
  const box = { xMm: 3, yMm: -2, widthMm: 40, heightMm: 30, rotationDeg: 25, mirrored: true };
  const drawn = drawElement({ kind: "shape", id: "e", shape, fill: "#000000", box }, () => undefined)!;
  const [cover, print] = [covered([drawn]), painted([drawn])];
  expect(print.split("").filter((each) => each === "#").length).toBeGreaterThan(700);
  // At its edge a pixel may be half covered.
  expect(differing(cover, print)).toBeLessThan(40);
});

test("holes stay open by either rule, the uppermost fill counts, and what is no path covers nothing", () => {
  const { widthMm } = bleedSizeMm(product);
  const ring = "M0 0L30 0L30 30L0 30ZM10 10L20 10L20 20L10 20Z";
  const opposite = "M0 0L30 0L30 30L0 30ZM10 10L10 20L20 20L20 10Z";
  const at = (path: string, rule: "nonzero" | "evenodd", fill = "#000000"): DrawnElement => ({
    id: "e",
    ops: [{ path, fill, rule }],
    matrix: [1, 0, 0, 1, -15, -15],
  });
  for (const drawn of [at(ring, "evenodd"), at(ring, "nonzero"), at(opposite, "nonzero")])
    expect(differing(covered([drawn]), painted([drawn]))).toBe(0);
  const places = new Float32Array(4);
  const grid = { columns: 4, rows: 1, toGrid: [4 / widthMm, 0, 0, 1, 2, 0.5] as const };
  const wide = "M-50 0L100 0L100 30L-50 30Z";
  coverPlaces(places, grid, [at(wide, "nonzero"), at("M0 0", "nonzero"), at("nonsense", "nonzero")], () => 1);
  expect([...places]).toEqual([1, 1, 1, 1]);
  coverPlaces(places, grid, [at(ring, "evenodd", "#ffffff")], (fill) => (fill === "#ffffff" ? 2 : 0));
  expect(new Set(places)).toEqual(new Set([1, 2]));
});
