import { describe, expect, test } from "vitest";
import { bleedPerSideMm, findProduct, type Product, products, type Zone } from "./products.ts";

function zoneOf(product: Product, kind: Zone["kind"]): Zone {
  const zone = product.zones.find((candidate) => candidate.kind === kind);
  if (zone === undefined) throw new Error(`${product.id} has no ${kind}`);
  return zone;
}

function overlap(one: Zone, other: Zone): boolean {
  const across = one.xMm < other.xMm + other.widthMm && other.xMm < one.xMm + one.widthMm;
  return across && one.yMm < other.yMm + other.heightMm && other.yMm < one.yMm + one.heightMm;
}

describe.each(products.map((product): [string, Product] => [product.id, product]))("%s", (_, product) => {
  test("prints beyond the trim on every side", () => {
    const bleed = bleedPerSideMm(product);
    expect(bleed.xMm).toBeGreaterThan(0);
    expect(bleed.yMm).toBeGreaterThan(0);
  });

  test("has one zone of each kind, inside the safe area, none over another", () => {
    const kinds = product.zones.map((zone) => zone.kind);
    expect(kinds.toSorted()).toEqual(["card-number", "cardholder-name", "chip", "issuer-logo", "network-mark"]);
    for (const zone of product.zones) {
      const [halfWidth, halfHeight] = [product.trimWidthMm / 2, product.trimHeightMm / 2];
      expect(zone.xMm).toBeGreaterThanOrEqual(product.safeMarginMm - halfWidth);
      expect(zone.yMm).toBeGreaterThanOrEqual(product.safeMarginMm - halfHeight);
      expect(zone.xMm + zone.widthMm).toBeLessThanOrEqual(halfWidth - product.safeMarginMm);
      expect(zone.yMm + zone.heightMm).toBeLessThanOrEqual(halfHeight - product.safeMarginMm);
      expect(product.zones.filter((other) => other !== zone && overlap(zone, other))).toEqual([]);
    }
  });

  test("is found by its id", () => {
    expect(findProduct(product.id)).toBe(product);
  });
});

test("the bleed of each raster is the one known in the field", () => {
  const bleed = (id: string): number[] => {
    const { xMm, yMm } = bleedPerSideMm(findProduct(id) as Product);
    return [xMm, yMm].map((mm) => Math.round(mm * 100) / 100);
  };
  expect(bleed("photo-landscape")).toEqual([1.06, 1.12]);
  expect(bleed("photo-portrait")).toEqual([1.12, 1.06]);
  expect(bleed("photo-wide-bleed")).toEqual([2.03, 2.05]);
  expect(bleed("photo-fine")).toEqual([1.65, 1.46]);
});

test("the chip covers all contacts, and stays where it is when the card is turned", () => {
  const chip = zoneOf(products[0], "chip");
  expect(chip.xMm + 42.8).toBeLessThan(10.25);
  expect(chip.yMm + 26.99).toBeLessThan(19.23);
  expect(chip.xMm + 42.8 + chip.widthMm).toBeGreaterThan(19.87);
  expect(chip.yMm + 26.99 + chip.heightMm).toBeGreaterThan(28.55);
  const turned = zoneOf(products[1], "chip");
  expect(turned.yMm).toBeCloseTo(chip.xMm, 9);
  expect(turned.xMm + turned.widthMm).toBeCloseTo(-chip.yMm, 9);
  expect([turned.widthMm, turned.heightMm]).toEqual([chip.heightMm, chip.widthMm]);
});

test("the number runs along the embossing line, the name lies in the name area", () => {
  const number = zoneOf(products[0], "card-number");
  expect(26.99 - (number.yMm + number.heightMm / 2)).toBeCloseTo(21.42, 2);
  const name = zoneOf(products[0], "cardholder-name");
  expect(26.99 - name.yMm).toBeLessThanOrEqual(2.41 + 14.53);
  expect(26.99 - (name.yMm + name.heightMm)).toBeGreaterThanOrEqual(2.41);
  expect(42.8 + name.xMm).toBeGreaterThanOrEqual(7.65);
});

test("an unknown product is not found", () => {
  expect(findProduct("toString")).toBeUndefined();
});
