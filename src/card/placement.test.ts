import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  clampPlacement,
  coverPlacement,
  coverScale,
  coversBleed,
  effectiveDpi,
  invertAffine,
  maxZoom,
  normaliseDegrees,
  type PhotoSize,
  type Placement,
  photoToCard,
  photoToRaster,
  zoomOf,
} from "./placement.ts";
import { bleedSizeMm, type Product, products } from "./products.ts";

const anyProduct = fc.constantFrom<Product>(...products);
const anyPhoto = fc.record({
  widthPx: fc.integer({ min: 1, max: 40_000 }),
  heightPx: fc.integer({ min: 1, max: 40_000 }),
});
const anyNumber = (size: number) => fc.double({ min: -size, max: size, noNaN: true });
const anyPlacement: fc.Arbitrary<Placement> = fc.record({
  xMm: anyNumber(5000),
  yMm: anyNumber(5000),
  mmPerPx: fc.double({ min: 1e-6, max: 100, noNaN: true }),
  rotationDeg: fc.oneof(anyNumber(1000), fc.constantFrom(0, 90, -90, 180, 45, 10, 1e-9)),
  mirrored: fc.boolean(),
});
const anyCase = fc.tuple(anyPlacement, anyPhoto, anyProduct);

/**
 * Where a point of the card lies in the photo, worked out step by step backwards from what `Placement` says:
 * undo the move, undo the turn, undo the scale, undo the mirror.
 */
function cardToPhoto(placement: Placement, photo: PhotoSize, xMm: number, yMm: number): { x: number; y: number } {
  const angle = (-placement.rotationDeg / 180) * Math.PI;
  const [movedX, movedY] = [xMm - placement.xMm, yMm - placement.yMm];
  const alongMm = movedX * Math.cos(angle) - movedY * Math.sin(angle);
  const downMm = movedX * Math.sin(angle) + movedY * Math.cos(angle);
  const alongPx = (placement.mirrored ? -alongMm : alongMm) / placement.mmPerPx;
  return { x: photo.widthPx / 2 + alongPx, y: photo.heightPx / 2 + downMm / placement.mmPerPx };
}

/** How far the bleed's worst corner sticks out of the photo, in photo pixels; 0 or less means covered. */
function overshootPx(placement: Placement, photo: PhotoSize, product: Product): number {
  const { widthMm, heightMm } = bleedSizeMm(product);
  const corners = [-0.5, 0.5].flatMap((x) =>
    [-0.5, 0.5].map((y) => cardToPhoto(placement, photo, x * widthMm, y * heightMm)),
  );
  return Math.max(...corners.flatMap(({ x, y }) => [-x, x - photo.widthPx, -y, y - photo.heightPx]));
}

describe("a clamped placement", () => {
  test("leaves no corner of the bleed without photo, whatever was wanted", () => {
    fc.assert(
      fc.property(anyCase, ([wanted, photo, product]) => {
        const placement = clampPlacement(wanted, photo, product);
        const tolerance = 1e-9 * Math.max(photo.widthPx, photo.heightPx);
        expect(overshootPx(placement, photo, product)).toBeLessThanOrEqual(tolerance);
      }),
      { numRuns: 5000 },
    );
  });

  test("is said to cover the bleed, and any other just when no corner is left without photo", () => {
    fc.assert(
      fc.property(anyCase, ([wanted, photo, product]) => {
        expect(coversBleed(clampPlacement(wanted, photo, product), photo, product)).toBe(true);
        const emptyMm = overshootPx(wanted, photo, product) * wanted.mmPerPx;
        if (Math.abs(emptyMm - 0.001) > 1e-4) expect(coversBleed(wanted, photo, product)).toBe(emptyMm < 0.001);
      }),
      { numRuns: 2000 },
    );
  });

  test("is not clamped again", () => {
    fc.assert(
      fc.property(anyCase, ([wanted, photo, product]) => {
        const once = clampPlacement(wanted, photo, product);
        const twice = clampPlacement(once, photo, product);
        expect(Math.hypot(twice.xMm - once.xMm, twice.yMm - once.yMm)).toBeLessThan(
          1e-9 * (1 + Math.hypot(once.xMm, once.yMm)),
        );
        expect({ ...twice, xMm: 0, yMm: 0 }).toEqual({ ...once, xMm: 0, yMm: 0 });
      }),
    );
  });

  test("is the wanted one when that covers the card and is not zoomed too far", () => {
    fc.assert(
      fc.property(anyCase, fc.double({ min: 1, max: maxZoom, noNaN: true }), ([wanted, photo, product], zoom) => {
        const rotationDeg = normaliseDegrees(wanted.rotationDeg);
        const mmPerPx = coverScale(photo, product, rotationDeg) * zoom;
        const placed = {
          ...wanted,
          rotationDeg,
          mmPerPx: Math.min(mmPerPx, coverScale(photo, product, rotationDeg) * maxZoom),
        };
        // A third of the way to the limit found by clamping covers as well, since the set of covering places is convex.
        const { xMm, yMm } = clampPlacement(placed, photo, product);
        const inside = { ...placed, xMm: xMm / 3, yMm: yMm / 3 };
        const clamped = clampPlacement(inside, photo, product);
        expect(Math.hypot(clamped.xMm - inside.xMm, clamped.yMm - inside.yMm)).toBeLessThan(1e-9);
        expect({ ...clamped, xMm: 0, yMm: 0 }).toEqual({ ...inside, xMm: 0, yMm: 0 });
      }),
    );
  });

  test("keeps the mirror and the angle, and keeps the zoom between 1 and the largest", () => {
    fc.assert(
      fc.property(anyCase, ([wanted, photo, product]) => {
        const placement = clampPlacement(wanted, photo, product);
        const zoom = zoomOf(placement, photo, product);
        expect(zoom).toBeGreaterThan(1 - 1e-12);
        expect(zoom).toBeLessThan(maxZoom + 1e-12);
        expect(placement.mirrored).toBe(wanted.mirrored);
        const turn = (placement.rotationDeg - wanted.rotationDeg) / 360;
        expect(Math.abs(turn - Math.round(turn))).toBeLessThan(1e-9);
      }),
    );
  });

  test("moves the photo no further than it must: any place nearer to the wanted one leaves a gap", () => {
    fc.assert(
      fc.property(anyCase, fc.double({ min: 0.001, max: 1, noNaN: true }), ([wanted, photo, product], share) => {
        const placement = clampPlacement(wanted, photo, product);
        const [awayX, awayY] = [wanted.xMm - placement.xMm, wanted.yMm - placement.yMm];
        fc.pre(Math.hypot(awayX, awayY) > 1e-3);
        const nearer = { ...placement, xMm: placement.xMm + awayX * share, yMm: placement.yMm + awayY * share };
        expect(overshootPx(nearer, photo, product)).toBeGreaterThan(0);
      }),
    );
  });

  test("covers at 10 degrees, zoom 1.2 and full pan, where others leave 18.7 % of the crop empty", () => {
    const photo = { widthPx: 4000, heightPx: 3000 };
    const [product] = products;
    for (const [xMm, yMm] of [
      [1e3, 1e3],
      [-1e3, 1e3],
      [1e3, -1e3],
      [-1e3, -1e3],
    ] as const) {
      const mmPerPx = coverScale(photo, product, 10) * 1.2;
      const placement = clampPlacement({ xMm, yMm, mmPerPx, rotationDeg: 10, mirrored: false }, photo, product);
      expect(zoomOf(placement, photo, product)).toBeCloseTo(1.2, 12);
      expect(overshootPx(placement, photo, product)).toBeLessThan(1e-9);
      expect(overshootPx(placement, photo, product)).toBeGreaterThan(-1e-6);
    }
  });
});

describe("fitting", () => {
  test("covers the card with the smallest photo that can", () => {
    fc.assert(
      fc.property(anyPhoto, anyProduct, (photo, product) => {
        const fit = coverPlacement(photo, product);
        const tolerance = 1e-9 * Math.max(photo.widthPx, photo.heightPx);
        expect(Math.abs(overshootPx(fit, photo, product))).toBeLessThanOrEqual(tolerance);
        expect(clampPlacement(fit, photo, product)).toEqual(fit);
      }),
    );
  });

  test("840 pixels across the card are 249 dpi", () => {
    expect(
      Math.floor(
        effectiveDpi({ ...coverPlacement({ widthPx: 840, heightPx: 840 }, products[0]), mmPerPx: 85.6 / 840 }),
      ),
    ).toBe(249);
  });
});

describe("the maps used for drawing", () => {
  test("undo to the same point that the placement's own words give", () => {
    const anyShare = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(anyCase, anyShare, anyShare, ([wanted, photo, product], across, along) => {
        const placement = clampPlacement(wanted, photo, product);
        const point = { x: across * photo.widthPx, y: along * photo.heightPx };
        const [a, b, c, d, e, f] = photoToCard(placement, photo);
        const onCard = { xMm: a * point.x + c * point.y + e, yMm: b * point.x + d * point.y + f };
        const back = cardToPhoto(placement, photo, onCard.xMm, onCard.yMm);
        const tolerance = 1e-8 * Math.max(photo.widthPx, photo.heightPx);
        expect(Math.hypot(back.x - point.x, back.y - point.y)).toBeLessThan(tolerance);
      }),
    );
  });

  test("lead back from the card to the photo when they are inverted", () => {
    fc.assert(
      fc.property(anyCase, anyNumber(100), anyNumber(100), ([wanted, photo, product], xMm, yMm) => {
        const placement = clampPlacement(wanted, photo, product);
        const [a, b, c, d, e, f] = invertAffine(photoToCard(placement, photo));
        const meant = cardToPhoto(placement, photo, xMm, yMm);
        const tolerance = 1e-8 * Math.max(photo.widthPx, photo.heightPx);
        expect(Math.hypot(a * xMm + c * yMm + e - meant.x, b * xMm + d * yMm + f - meant.y)).toBeLessThan(tolerance);
      }),
    );
  });

  test("put the card's centre in the middle of the raster, and the bleed's corner in the raster's corner", () => {
    fc.assert(
      fc.property(anyCase, ([wanted, photo, product]) => {
        const placement = clampPlacement(wanted, photo, product);
        const { widthMm, heightMm } = bleedSizeMm(product);
        const [a, b, c, d, e, f] = photoToRaster(placement, photo, product);
        for (const share of [0, 0.5, 1]) {
          const { x, y } = cardToPhoto(placement, photo, (share - 0.5) * widthMm, (share - 0.5) * heightMm);
          expect(a * x + c * y + e).toBeCloseTo(share * product.widthPx, 4);
          expect(b * x + d * y + f).toBeCloseTo(share * product.heightPx, 4);
        }
      }),
    );
  });

  test("mirror the photo before turning it", () => {
    const photo = { widthPx: 100, heightPx: 50 };
    const placement: Placement = { xMm: 0, yMm: 0, mmPerPx: 1, rotationDeg: 90, mirrored: true };
    const [, , , , xMm, yMm] = photoToCard(placement, photo);
    // The photo's top left corner, mirrored to its top right, turned clockwise to the bottom right.
    expect([xMm, yMm]).toEqual([expect.closeTo(25, 9), expect.closeTo(50, 9)]);
  });
});

test("an angle that is in range is not changed by rounding, so that a placement that needs no clamping stays as it is", () => {
  fc.assert(
    fc.property(fc.double({ min: -179.9, max: 180, noNaN: true }), (degrees) => {
      expect(normaliseDegrees(degrees)).toBe(degrees + 0);
    }),
  );
});

test("angles are kept within half a turn", () => {
  expect([0, 180, -180, 181, -181, 540, 720.5].map(normaliseDegrees)).toEqual([0, 180, 180, -179, 179, 180, 0.5]);
});
