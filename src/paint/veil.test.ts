import { expect, it } from "vitest";
import { findProduct } from "#card/products.ts";
import { printVeil } from "./veil.ts";

const product = findProduct("photo-landscape")!;

it("a veil darkens what is behind number and name, and leaves every other pixel as it was", () => {
  const rgba = new Uint8ClampedArray(product.widthPx * product.heightPx * 4).fill(255);
  printVeil(rgba, { colour: "#000000", percent: 60 }, product);
  const at = (xMm: number, yMm: number): number[] => {
    const perMm = product.dpi / 25.4;
    const [x, y] = [xMm * perMm + product.widthPx / 2, yMm * perMm + product.heightPx / 2].map(Math.floor);
    const place = (y! * product.widthPx + x!) * 4;
    return [...rgba.subarray(place, place + 4)];
  };
  for (const { rule, xMm, yMm, widthMm, heightMm } of product.zones) {
    const middle = at(xMm + widthMm / 2, yMm + heightMm / 2);
    if (rule === "legible") expect(middle).toEqual([102, 102, 102, 255]);
    if (rule === "prefer-clear") expect(middle).toEqual([255, 255, 255, 255]);
  }
  expect(new Set(rgba).size, "it has no edge").toBeGreaterThan(140);
});
