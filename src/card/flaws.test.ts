import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lightOf } from "./crop-light.ts";
import { findFlaws, moveAway, type PhotoFacts } from "./flaws.ts";
import { finish } from "./in-steps.ts";
import { clampPlacement, coverPlacement, type PhotoSize } from "./placement.ts";
import { products } from "./products.ts";
import { averageAttention, type Subject } from "./subject.ts";

const [landscape, portrait] = products;
const photo: PhotoSize = { widthPx: 4000, heightPx: 3000 };
const [columns, rows] = [80, 60];

/** A photo whose light at each place, by shares of its sides, is this. */
function litBy(lightAt: (x: number, y: number) => number): PhotoFacts {
  const values = Float32Array.from({ length: columns * rows }, (_, at) =>
    lightAt(((at % columns) + 0.5) / columns, (Math.floor(at / columns) + 0.5) / rows),
  );
  return { photo, subject: null, detail: null, light: { columns, rows, values } };
}

const placed = coverPlacement(photo, landscape);
const nearer = { ...placed, mmPerPx: placed.mmPerPx * 1.4 };

describe("the light in a crop", () => {
  it.each([
    ["a good photo", 0.2, null],
    ["near black", 0.005, "dark"],
    ["white", 1, "white"],
  ] as const)("of %s", (_, light, flaw) => {
    expect(
      findFlaws(
        placed,
        litBy(() => light),
        landscape,
      ).light?.flaw ?? null,
    ).toBe(flaw);
  });

  it("is judged where the crop is, and a bright window in a dark room is not enough", () => {
    const window = litBy((x, y) => (x > 0.94 && y < 0.5 ? 0.9 : 0.004));
    expect(findFlaws(placed, window, landscape).light?.flaw).toBe("dark");
    const sky = litBy((_, y) => (y < 0.5 ? 1 : 0.1));
    expect(findFlaws(nearer, sky, landscape).light?.flaw).toBe("white");
    const below = clampPlacement({ ...nearer, yMm: -100 }, photo, landscape);
    expect(findFlaws(below, sky, landscape).light).toBeNull();
  });

  it("is that of the ground where the photo is transparent", () => {
    const rgba = Uint8ClampedArray.of(0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 128);
    const values = (ground: string): number[] =>
      [...lightOf({ columns: 3, rows: 1, rgba }, ground).values].map((value) => Math.round(value * 100) / 100);
    expect(values("#ffffff")).toEqual([1, 1, 0.21]);
    expect(values("#000000")).toEqual([0, 1, 0]);
  });
});

describe("a printed line", () => {
  const hard = (facts: PhotoFacts, placement = placed): string[] =>
    findFlaws(placement, facts, landscape).hardLines.map(({ line }) => line);

  it("is hard to read where something light is behind one of its letters", () => {
    // The name is left, a sixth of the height above the lower edge; the number reaches past the middle.
    expect(hard(litBy((x, y) => (x > 0.15 && x < 0.3 && y > 0.75 ? 0.8 : 0.1)))).toEqual(["cardholder-name"]);
    expect(hard(litBy((x, y) => (x > 0.5 && x < 0.62 && y > 0.5 && y < 0.7 ? 0.8 : 0.1)))).toEqual(["card-number"]);
    expect(hard(litBy(() => 0.1))).toEqual([]);
    // A speck behind a part of one letter.
    expect(hard(litBy((x, y) => (x > 0.3 && x < 0.315 && y > 0.5 && y < 0.7 ? 0.8 : 0.1)))).toEqual([]);
  });

  it("can be read after the photo was moved by little, at the same angle, and nothing else is worse", () => {
    const facts = litBy((_, y) => (y > 0.72 ? 0.8 : 0.1));
    expect(hard(facts, nearer)).toEqual(["cardholder-name"]);
    const moved = finish(moveAway("lines", nearer, facts, landscape))!;
    expect(hard(facts, moved)).toEqual([]);
    expect(Math.hypot(moved.xMm - nearer.xMm, moved.yMm - nearer.yMm)).toBeLessThan(8);
    expect(moved).toMatchObject({ rotationDeg: 0, mirrored: false, mmPerPx: nearer.mmPerPx });
  });

  it("is not bought with a part of the subject", () => {
    const facts = litBy((_, y) => (y > 0.7 ? 0.8 : 0.1));
    const subject = subjectAt(0.65, 0.706);
    const low = { ...nearer, xMm: -5 };
    expect(findFlaws(low, { ...facts, subject }, landscape)).toMatchObject({ isCut: false, cover: null });
    const alone = finish(moveAway("lines", low, facts, landscape))!;
    expect(findFlaws(alone, { ...facts, subject }, landscape).isCut).toBe(true);
    const moved = finish(moveAway("lines", low, { ...facts, subject }, landscape));
    expect(moved && findFlaws(moved, { ...facts, subject }, landscape).isCut).not.toBe(true);
  });

  it("stays where all of the photo is light: no button that cannot help", () => {
    expect(
      finish(
        moveAway(
          "lines",
          nearer,
          litBy(() => 0.9),
          landscape,
        ),
      ),
    ).toBeNull();
  });

  it("is never bought with a cut, a cover or less sharpness, and the card stays covered", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        share,
        share,
        fc.integer({ min: -180, max: 180 }),
        fc.constantFrom(landscape, portrait),
        (x, y, degrees, product) => {
          const facts = {
            ...litBy((atX, atY) => (Math.abs(atX - x) < 0.15 && Math.abs(atY - y) < 0.15 ? 1 : 0.1)),
            subject: subjectAt(y, x),
          };
          const cover = coverPlacement(photo, product, degrees);
          const from = clampPlacement({ ...cover, mmPerPx: cover.mmPerPx * 1.3 }, photo, product);
          const moved = finish(moveAway("lines", from, facts, product));
          if (moved === null) return;
          const [before, after] = [from, moved].map((placement) => findFlaws(placement, facts, product));
          expect(after!.hardLines).toEqual([]);
          if (before!.cover === null) expect(after!.cover).toBeNull();
          if (!before!.isCut) expect(after!.isCut).toBe(false);
          expect(after!.sharpness.kind).toBe(before!.sharpness.kind);
          const clamped = clampPlacement(moved, photo, product);
          expect(Math.hypot(clamped.xMm - moved.xMm, clamped.yMm - moved.yMm)).toBeLessThan(1e-9);
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** A square of a sixth of the photo's height stands out there, by shares of its sides. */
function subjectAt(x: number, y: number): Subject {
  const sidePx = photo.heightPx / 6;
  const core = {
    xPx: x * (photo.widthPx - sidePx),
    yPx: y * (photo.heightPx - sidePx),
    widthPx: sidePx,
    heightPx: sidePx,
  };
  const values = Uint8Array.from({ length: columns * rows }, (_, at) => {
    const [atX, atY] = [
      ((at % columns) + 0.5) * (photo.widthPx / columns),
      (Math.floor(at / columns) + 0.5) * (photo.heightPx / rows),
    ];
    const isOn = atX > core.xPx && atX < core.xPx + sidePx && atY > core.yPx && atY < core.yPx + sidePx;
    return isOn ? 4 * averageAttention : averageAttention / 2;
  });
  return { core, whole: core, confidence: 0.7, attention: { columns, rows, values } };
}

describe("what the cut may take off", () => {
  const factsOf = (subject: Subject): PhotoFacts => ({ photo, subject, light: null, detail: null });
  const isCut = (subject: Subject): boolean => findFlaws(placed, factsOf(subject), landscape).isCut;

  it("is what ends within the margin or beyond it, not what lies off the card, nor what has no clear end", () => {
    expect(isCut(subjectAt(0.6, 0.5))).toBe(false);
    expect(isCut(subjectAt(1, 0.5))).toBe(true);
    // The photo is higher than the card: of the square at its top less than half is on it.
    expect(isCut(subjectAt(0.6, 0.1))).toBe(true);
    expect(isCut(subjectAt(0.6, 0))).toBe(false);
    expect(isCut({ ...subjectAt(1, 0.5), confidence: 0.3 })).toBe(false);
  });

  it("is brought onto the card by a move", () => {
    const facts = factsOf(subjectAt(0.6, 0.1));
    const moved = finish(moveAway("cut", placed, facts, landscape))!;
    expect(findFlaws(moved, facts, landscape)).toMatchObject({ isCut: false, cover: null });
    expect(moved.rotationDeg).toBe(0);
  });
});
