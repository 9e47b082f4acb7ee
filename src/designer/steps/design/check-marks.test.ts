import { expect, it } from "vitest";
import { findProduct, products } from "#card/products.ts";
import { boxesOf, markOf } from "./check-marks.ts";
import type { CheckKind, DesignCheck } from "./design-checks.ts";

const product = findProduct("photo-landscape")!;

function mark(kind: CheckKind, tone: DesignCheck["tone"] = "warn") {
  return markOf({ id: "lines", kind, tone, refused: false });
}

it.each([
  ["hard-name", ["cardholder-name"]],
  ["hard-lines", ["card-number", "cardholder-name"]],
  ["under-chip", ["chip"]],
  ["under-mark", ["network-mark"]],
] as const)("%s is marked about what it speaks of, and nowhere else", (kind, zones) => {
  const boxes = boxesOf(mark(kind)!, product);
  const within = product.zones.filter(({ xMm, yMm, widthMm, heightMm }) =>
    boxes.some(
      (box) =>
        xMm > box.xMm &&
        yMm > box.yMm &&
        xMm + widthMm < box.xMm + box.widthMm &&
        yMm + heightMm < box.yMm + box.heightMm,
    ),
  );
  expect(within.map((zone) => zone.kind)).toEqual(zones);
  expect(boxes).toHaveLength(zones.length);
});

it("the cut is marked along the safe area, the light and softness of a photo all over the card, and what is well nowhere", () => {
  for (const card of products) {
    const [edge] = boxesOf(mark("cut")!, card);
    expect(edge!.widthMm).toBeCloseTo(card.trimWidthMm - 2 * card.safeMarginMm);
    for (const kind of ["dark", "white", "black", "soft", "too-soft", "blurred"] as const) {
      const [box] = boxesOf(mark(kind)!, card);
      expect(box!.heightMm).toBeGreaterThan(edge!.heightMm);
      expect(box!.heightMm).toBeLessThan(card.trimHeightMm);
    }
  }
  expect(mark("sharp", "ok")).toBeNull();
});
