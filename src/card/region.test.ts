import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lightWithin } from "./crop-light.ts";
import { measureDpi } from "./detail.ts";
import {
  carryPlacement,
  centreOf,
  clampPlacement,
  coverPlacement,
  coversBleed,
  coveredBy,
  type PhotoSize,
  type Placement,
  zoomOf,
} from "./placement.ts";
import { bleedSizeMm, findProduct, type Product, products } from "./products.ts";
import { isInRegion, paintAround, type Region, sameRegion } from "./region.ts";
import { isCut, seenEdges, shareStandingOut, type Subject } from "./subject.ts";

const landscape = findProduct("photo-landscape")!;
const leftHalf: Region = { xMm: -30, yMm: 0, widthMm: 60, heightMm: 80 };
const mm = (most: number) => fc.double({ min: -most, max: most, noNaN: true });
const side = fc.double({ min: 5, max: 120, noNaN: true });
const anyRegion = fc.record({ xMm: mm(40), yMm: mm(25), widthMm: side, heightMm: side });
const anyProduct = fc.constantFrom<Product>(...products);
const anyPhoto = fc.record({
  widthPx: fc.integer({ min: 100, max: 9000 }),
  heightPx: fc.integer({ min: 100, max: 9000 }),
  region: anyRegion,
});
const anyPlacement: fc.Arbitrary<Placement> = fc.record({
  xMm: mm(500),
  yMm: mm(500),
  mmPerPx: fc.double({ min: 1e-4, max: 1, noNaN: true }),
  rotationDeg: fc.oneof(mm(180), fc.constantFrom(0, 90, 180)),
  mirrored: fc.boolean(),
});

describe("a photo that covers a part of the card", () => {
  it("is clamped to that, is no larger than it takes, and is not clamped again", () => {
    fc.assert(
      fc.property(anyPlacement, anyPhoto, anyProduct, (wanted, photo, product) => {
        const once = clampPlacement(wanted, photo, product);
        expect(coversBleed(once, photo, product)).toBe(true);
        const twice = clampPlacement(once, photo, product);
        expect(Math.hypot(twice.xMm - once.xMm, twice.yMm - once.yMm)).toBeLessThan(1e-9);
        expect(twice.mmPerPx).toBe(once.mmPerPx);
        const least = coverPlacement(photo, product, once.rotationDeg);
        expect(coversBleed(least, photo, product)).toBe(true);
        expect(coversBleed({ ...least, mmPerPx: least.mmPerPx * 0.99 }, photo, product)).toBe(false);
        expect(least).toMatchObject(centreOf(photo, product));
      }),
      { numRuns: 2000 },
    );
  });

  it("covers what of its region is within the bleed, and all of the bleed where that is nothing", () => {
    const { widthMm, heightMm } = bleedSizeMm(landscape);
    const left = coveredBy({ region: leftHalf }, landscape);
    expect(left.widthMm).toBeCloseTo(widthMm / 2, 9);
    expect(left.xMm).toBeCloseTo(-widthMm / 4, 9);
    expect([left.yMm, left.heightMm]).toEqual([0, heightMm]);
    expect(coveredBy({ region: { ...leftHalf, xMm: -300 } }, landscape).widthMm).toBe(widthMm);
    expect(coveredBy({}, landscape)).toEqual({ xMm: 0, yMm: 0, widthMm, heightMm });
  });

  it("is carried to another with its zoom, and back to where it was as far as that lets it", () => {
    const anyPair = fc.tuple(anyPlacement, anyPhoto, anyRegion, anyProduct);
    fc.assert(
      fc.property(anyPair, ([wanted, photo, region, product]) => {
        const placement = clampPlacement(wanted, photo, product);
        const carried = carryPlacement(placement, photo, region, product);
        const other: PhotoSize = { ...photo, region };
        expect(coversBleed(carried, other, product)).toBe(true);
        expect(zoomOf(carried, other, product)).toBeCloseTo(zoomOf(placement, photo, product), 6);
        const centred = coverPlacement(photo, product, placement.rotationDeg);
        const there = carryPlacement(centred, photo, region, product);
        expect(there.xMm).toBeCloseTo(centreOf(other, product).xMm, 6);
        const back = carryPlacement(there, other, photo.region, product);
        expect(back.xMm).toBeCloseTo(centred.xMm, 6);
        expect(back.mmPerPx / centred.mmPerPx).toBeCloseTo(1, 9);
      }),
      { numRuns: 1000 },
    );
  });

  it("leaves every pixel outside of it to the ground, and none within", () => {
    const small = { ...landscape, widthPx: 103, heightPx: 67, dpi: 30 };
    fc.assert(
      fc.property(anyRegion, (region) => {
        const rgba = new Uint8ClampedArray(small.widthPx * small.heightPx * 4).fill(7);
        paintAround(rgba, region, "#102030", small);
        for (let at = 0; at < small.widthPx * small.heightPx; at++) {
          const [x, y] = [at % small.widthPx, Math.floor(at / small.widthPx)];
          const toMm = (px: number, of: number): number => ((px + 0.5 - of / 2) * 25.4) / small.dpi;
          const isWithin = isInRegion(region, toMm(x, small.widthPx), toMm(y, small.heightPx));
          const pixel = [...rgba.subarray(at * 4, at * 4 + 4)];
          if (pixel.join() !== (isWithin ? "7,7,7,7" : "16,32,48,255")) throw new Error(`${x} ${y}: ${pixel.join()}`);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("is told from another", () => {
    expect(sameRegion(leftHalf, { ...leftHalf })).toBe(true);
    expect(sameRegion(leftHalf, { ...leftHalf, widthMm: 59 })).toBe(false);
    expect(sameRegion(leftHalf, undefined)).toBe(false);
    expect(sameRegion(undefined, undefined)).toBe(true);
  });
});

describe("how it prints", () => {
  const photo: PhotoSize = { widthPx: 1000, heightPx: 1000, region: leftHalf };
  const placement = coverPlacement(photo, landscape);
  const dark = { columns: 1, rows: 1, values: Float32Array.of(0.1) };

  it("is as light as the ground beside it", () => {
    const within = { left: -10, top: 0, right: 10, bottom: 1 };
    const seen = lightWithin({ light: dark, placement, photo, aside: 0.7 }, within, 4, 1);
    expect([...seen].map((value) => Math.round(value * 10) / 10)).toEqual([0.1, 0.1, 0.7, 0.7]);
  });

  it("is as sharp as what is seen of it, and nothing is hidden or cut where it is not", () => {
    const spots = [0, 1, 2].map((at) => ({ xPx: 900 + at, yPx: 500, widthPx: 5 }));
    const detail = { spots, leastWidthPx: 0.1 };
    const { region: _all, ...whole } = photo;
    // The right tenth of the photo is beyond the left half of the card.
    const moved = clampPlacement({ ...placement, mmPerPx: placement.mmPerPx * 2 }, photo, landscape);
    expect(measureDpi(detail, moved, photo, landscape)).toBeNull();
    expect(measureDpi(detail, moved, whole, landscape)).not.toBeNull();
    const attention = { columns: 1, rows: 1, values: Uint8Array.of(255) };
    const all = { xPx: 0, yPx: 0, widthPx: 1000, heightPx: 1000 };
    const subject: Subject = { whole: all, core: all, attention, confidence: 1 };
    const right = { left: 10, top: -5, right: 20, bottom: 5 };
    expect(shareStandingOut(subject, right, moved, whole)).toBe(1);
    expect(shareStandingOut(subject, right, moved, photo)).toBe(0);
    expect(seenEdges(photo, landscape).right).toBe(0);
    // As small as covers the left half it lies there whole, but for what the card's edge takes.
    const face = { xPx: 300, yPx: 300, widthPx: 400, heightPx: 400 };
    const centred = { ...subject, core: face };
    expect(isCut(centred, placement, photo, landscape)).toBe(false);
    expect(isCut(centred, { ...placement, xMm: -7 }, photo, landscape)).toBe(true);
  });
});
