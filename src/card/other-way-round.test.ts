import { expect, test } from "vitest";
import { fitsBetter } from "./other-way-round.ts";
import { findProduct } from "./products.ts";

const [landscape, upright] = ["photo-landscape", "photo-portrait"].map((id) => findProduct(id)!) as [
  NonNullable<ReturnType<typeof findProduct>>,
  NonNullable<ReturnType<typeof findProduct>>,
];

test("a card that lies is worse for an upright photo, one that stands for a wide one, and neither for a square one", () => {
  const better = ([widthPx, heightPx]: readonly [number, number]) => [
    fitsBetter({ widthPx, heightPx }, landscape, upright),
    fitsBetter({ widthPx, heightPx }, upright, landscape),
  ];
  expect([better([3000, 4000]), better([4000, 3000]), better([3000, 3000]), better([3000, 3300])]).toEqual([
    [true, false],
    [false, true],
    [false, false],
    [false, false],
  ]);
});

test("each product that has a turned one is that one's", () => {
  expect(findProduct(landscape.turnedId!)).toBe(upright);
  expect(findProduct(upright.turnedId!)).toBe(landscape);
});
