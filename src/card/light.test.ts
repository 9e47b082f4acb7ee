import { expect, test } from "vitest";
import { medianLevel } from "./light.ts";
import { coverPlacement } from "./placement.ts";
import { products } from "./products.ts";

const photo = { widthPx: 4000, heightPx: 3000 };

/** Dark on the left half, light on the right. */
const levels = Uint8Array.from({ length: 64 * 48 }, (_, cell) => (cell % 64 < 32 ? 20 : 200));
const grid = { columns: 64, rows: 48, levels };

test.each(products.map((product) => [product.id, product] as const))(
  "what lies beside %s does not make it lighter or darker",
  (_, product) => {
    const whole = coverPlacement(photo, product);
    const near = { ...whole, mmPerPx: whole.mmPerPx * 3 };
    const aside = 500 * near.mmPerPx * 2;
    expect(medianLevel(grid, { ...near, xMm: aside }, photo, product)).toBe(20);
    expect(medianLevel(grid, { ...near, xMm: -aside }, photo, product)).toBe(200);
    expect(medianLevel(grid, { ...near, xMm: aside, mirrored: true }, photo, product)).toBe(200);
    expect(medianLevel(grid, { ...near, yMm: aside / 2, rotationDeg: 90 }, photo, product)).toBe(20);
  },
);

test("a few lights do not make a night bright", () => {
  const night = { ...grid, levels: levels.map((_, cell) => (cell % 5 === 0 ? 255 : 12)) };
  expect(medianLevel(night, coverPlacement(photo, products[0]), photo, products[0])).toBe(12);
});
