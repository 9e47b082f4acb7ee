import { expect, test } from "vitest";
import { dressProduct, inks, isLightInk, luminanceOf } from "./art.ts";
import { coverPlacement } from "./placement.ts";
import { findHardLines } from "./printed-lines.ts";
import { products } from "./products.ts";

test("an ink's luminance is worked out from its colour, and says whether it is a light one", () => {
  expect(luminanceOf("#ffffff")).toBeCloseTo(1, 6);
  expect(luminanceOf("#000000")).toBe(0);
  expect(luminanceOf("#808080")).toBeCloseTo(0.216, 3);
  const isLight = (ink: string) => isLightInk(dressProduct(products[0], { ink }));
  expect(Object.entries(inks).map(([name, ink]) => [name, isLight(ink)])).toEqual([
    ["white", true],
    ["black", false],
    ["gold", true],
    ["silver", true],
  ]);
});

test.each(products)("with the logo at the other side nothing of $id overlaps, and it stays on the card", (product) => {
  const { zones, trimWidthMm } = dressProduct(product, { logo: "top-right" });
  const logo = zones.find(({ kind }) => kind === "issuer-logo")!;
  expect(logo.xMm + logo.widthMm).toBeLessThanOrEqual(trimWidthMm / 2 - product.safeMarginMm);
  const overlapping = zones.filter(
    (other) =>
      other !== logo &&
      other.xMm < logo.xMm + logo.widthMm &&
      logo.xMm < other.xMm + other.widthMm &&
      other.yMm < logo.yMm + logo.heightMm &&
      logo.yMm < other.yMm + other.heightMm,
  );
  expect(overlapping).toEqual([]);
});

test("what is not said stays as the product has it", () => {
  expect(dressProduct(products[0])).toEqual(products[0]);
  expect(dressProduct(products[0], { logo: "top-left" }, { light: "/a", dark: "/b" })).toEqual(products[0]);
});

test("number and name are judged in the issuer's ink", () => {
  const photo = { widthPx: 4000, heightPx: 3000 };
  const on = (light: number, ink: string): number => {
    const lit = { light: { columns: 1, rows: 1, values: Float32Array.of(light) }, photo };
    const product = dressProduct(products[0], { ink });
    return findHardLines({ ...lit, placement: coverPlacement(photo, product) }, product).length;
  };
  expect([on(0.9, inks.white), on(0.9, inks.black)]).toEqual([2, 0]);
  expect([on(0.02, inks.white), on(0.02, inks.black)]).toEqual([0, 2]);
  // Where white is still read gold is not.
  expect([on(0.3, inks.white), on(0.3, inks.gold)]).toEqual([0, 2]);
});
