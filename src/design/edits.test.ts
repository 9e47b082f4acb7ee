import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coverPlacement, type Placement, photoToCard, zoomOf } from "#card/placement.ts";
import { bleedSizeMm, type Product, products } from "#card/products.ts";
import { createDesign, type Design, photoOf, sameDesign, samePlacement } from "./design.ts";
import { layVeil, mirror, moveBy, place, putPhoto, quarterTurn, turnTo, zoomAbout, zoomTo } from "./edits.ts";
import { anyChange, degrees, designWith, factor, landscape, point } from "./testing/arbitrary.ts";

const photo = { widthPx: 4000, heightPx: 3000 };
const start: Placement = { xMm: 3, yMm: -2, mmPerPx: 0.05, rotationDeg: 10, mirrored: false };
const sha256 = "b".repeat(64);
const placementOf = (design: Design): Placement => photoOf(design)!.placement;

/** Largest distance, in mm, by which a corner of the bleed lies outside the photo; by the inverse map, not by the clamp. */
function emptyMm(placement: Placement, size: { widthPx: number; heightPx: number }, product: Product): number {
  const [a, b, c, d, e, f] = photoToCard(placement, size);
  const determinant = a * d - b * c;
  const { widthMm, heightMm } = bleedSizeMm(product);
  const outside = [-1, 1].flatMap((sideX) =>
    [-1, 1].map((sideY) => {
      const x = (sideX * widthMm) / 2 - e;
      const y = (sideY * heightMm) / 2 - f;
      const photoX = (d * x - c * y) / determinant;
      const photoY = (a * y - b * x) / determinant;
      return Math.max(-photoX, photoX - size.widthPx, -photoY, photoY - size.heightPx);
    }),
  );
  return Math.max(...outside) * placement.mmPerPx;
}

const side = fc.integer({ min: 300, max: 12_000 });
const anyPhoto = fc.record({ widthPx: side, heightPx: side });

describe("an edit of a design", () => {
  it("leaves no part of the card without photo, and the design that it was given as it was", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...products),
        anyPhoto,
        fc.array(anyChange, { maxLength: 30, size: "max" }),
        (product, size, changes) => {
          let design = designWith(size, product);
          for (const change of changes) {
            const before = JSON.stringify(design);
            const next = place("photo", change)(design, product);
            expect(JSON.stringify(design)).toBe(before);
            expect(emptyMm(placementOf(next), size, product)).toBeLessThan(1e-9);
            design = next;
          }
        },
      ),
    );
  });

  it("of an element that is not there changes nothing", () => {
    const design = designWith();
    expect(place("another", moveBy(3, 0))(design, landscape)).toEqual(design);
    const empty = createDesign(landscape);
    expect(place("photo", moveBy(3, 0))(empty, landscape)).toEqual(empty);
  });

  it("puts a photo in the place of the one before, through the clamp", () => {
    const wanted = { xMm: 900, yMm: 0, mmPerPx: 0.0001, rotationDeg: 30, mirrored: true };
    const design = putPhoto({ sha256, ...photo }, wanted)(designWith({ widthPx: 3000, heightPx: 4000 }), landscape);
    expect(design.elements).toHaveLength(1);
    expect(photoOf(design)).toMatchObject({ kind: "photo", id: "photo", sha256, ...photo });
    expect(placementOf(design).mirrored).toBe(true);
    expect(emptyMm(placementOf(design), photo, landscape)).toBeLessThan(1e-9);
  });

  it("keeps of a photo's file what the design says of it, and nothing else", () => {
    const file = { sha256, ...photo, fileName: "me.jpg" };
    const placed = photoOf(putPhoto(file, coverPlacement(photo, landscape))(createDesign(landscape), landscape));
    expect(Object.keys(placed!).sort()).toEqual(["heightPx", "id", "kind", "placement", "sha256", "widthPx"]);
  });
});

describe("two designs", () => {
  const design = designWith();
  const changed = place("photo", zoomTo(2))(design, landscape);
  const { elements } = design;

  it("are the same when nobody could see a difference", () => {
    const there = place("photo", moveBy(5, 0))(changed, landscape);
    expect(sameDesign(place("photo", moveBy(-5, 0))(there, landscape), changed)).toBe(true);
    expect(sameDesign(design, structuredClone(design))).toBe(true);
    const veiled = layVeil({ colour: "#2c1a08", percent: 40 })(design, landscape);
    expect([sameDesign(veiled, design), sameDesign(veiled, structuredClone(veiled))]).toEqual([false, true]);
    expect(layVeil(null)(veiled, landscape)).toEqual(design);
  });

  it.each([
    ["photo", { ...design, elements: elements.map((each) => ({ ...each, sha256 })) }],
    ["placement", changed],
    ["ground", { ...design, ground: "#000000" }],
    ["product", { ...design, productId: "another" }],
    ["number of elements", { ...design, elements: [] }],
  ])("are different with another %s", (_, other) => {
    expect([sameDesign(design, other), sameDesign(other, design)]).toEqual([false, false]);
  });
});

describe("a change of where a photo lies", () => {
  it("zooms about a point: what lies there stays there, also where the range ends", () => {
    fc.assert(
      fc.property(point, factor, (about, by) => {
        const after = zoomAbout(about, by)(start, photo, landscape);
        const scale = after.mmPerPx / start.mmPerPx;
        expect(after.xMm).toBeCloseTo(about.xMm + (start.xMm - about.xMm) * scale, 9);
        expect(after.yMm).toBeCloseTo(about.yMm + (start.yMm - about.yMm) * scale, 9);
        expect(zoomOf(after, photo, landscape)).toBeLessThanOrEqual(5 + 1e-9);
      }),
    );
  });

  it("turns without changing the zoom that the cardholder reads, and turning back restores the photo", () => {
    fc.assert(
      fc.property(degrees, (by) => {
        const turned = turnTo(by)(start, photo, landscape);
        expect(zoomOf(turned, photo, landscape)).toBeCloseTo(zoomOf(start, photo, landscape), 9);
        expect(samePlacement(turnTo(10)(turned, photo, landscape), { ...start })).toBe(true);
      }),
    );
  });

  it("four quarter turns and two mirrorings are as nothing", () => {
    const changes = [quarterTurn(1), quarterTurn(1), quarterTurn(1), quarterTurn(1), mirror(), mirror()];
    const before = place("photo", zoomTo(2))(designWith(), landscape);
    const after = changes.reduce((design, change) => place("photo", change)(design, landscape), before);
    expect(sameDesign(after, before)).toBe(true);
  });

  it("mirrors what is seen: the point at the left of the card comes to the right", () => {
    const [a, b, c, d, e, f] = photoToCard(start, photo);
    const after = photoToCard(mirror()(start, photo, landscape), photo);
    for (const [x, y] of [
      [0, 0],
      [4000, 1234],
    ] as const) {
      expect(after[0] * x + after[2] * y + after[4]).toBeCloseTo(-(a * x + c * y + e), 9);
      expect(after[1] * x + after[3] * y + after[5]).toBeCloseTo(b * x + d * y + f, 9);
    }
  });
});
