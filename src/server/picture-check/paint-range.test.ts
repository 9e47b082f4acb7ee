import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Features, findProduct, offerProduct, type Product } from "#card/products.ts";
import type { Design } from "#design/design.ts";
import { drawElement, shapeNames, type VectorElement } from "#design/elements.ts";
import { club } from "#design/templates/testing/club.ts";
import { paintElements } from "#paint/paint.ts";
import { readPaint } from "#paint/testing/read-paint.ts";
import { printVeil } from "#paint/veil.ts";
import { testDesign } from "../testing/issuer.ts";
import { findDifference } from "./compare.ts";
import { maySayAnything, paintRange, saysAnything } from "./paint-range.ts";

const paint = readPaint();
/** The card with a veil, as coarse as a thumbnail. */
const product: Product = { ...findProduct("photo-fine")!, widthPx: 105, heightPx: 67, dpi: 30 };

const mm = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const colour = fc.integer({ min: 0, max: 0xffffff }).map((level) => `#${level.toString(16).padStart(6, "0")}`);
const shape = fc.record({
  kind: fc.constant("shape" as const),
  id: fc.uuid(),
  shape: fc.constantFrom(...shapeNames),
  fill: colour,
  box: fc.record({
    xMm: mm(-45, 45),
    yMm: mm(-30, 30),
    widthMm: mm(0.5, 80),
    heightMm: mm(0.5, 60),
    rotationDeg: mm(-179, 180),
    mirrored: fc.boolean(),
  }),
});
const photo = fc
  .uint8Array({ minLength: 64, maxLength: 64 })
  .map((levels) =>
    Uint8ClampedArray.from({ length: product.widthPx * product.heightPx * 4 }, (_, at) =>
      at % 4 === 3 ? 255 : (levels[(at * 7 + (at >> 6)) % 64] as number),
    ),
  );
const veil = fc.option(fc.record({ colour, percent: fc.integer({ min: 1, max: product.maxVeilPercent }) }), {
  nil: undefined,
});

test("whatever the photo, its picture lies between those over black and over white, to the level", () => {
  fc.assert(
    fc.property(fc.array(shape, { maxLength: 6 }), photo, veil, (elements: VectorElement[], rgba, laid) => {
      const design: Design = { ...testDesign, elements: [...testDesign.elements, ...elements], veil: laid };
      const range = paintRange(paint, design, product, () => undefined);
      if ("unpaintable" in range) throw new Error(range.unpaintable);
      const drawn = elements.flatMap((element) => drawElement(element, () => undefined) ?? []);
      paintElements(paint, rgba, product, drawn);
      if (laid !== undefined) printVeil(rgba, laid, product);
      const outside = rgba.findIndex((level, at) => level < range.low[at]! || level > range.high[at]!);
      expect(outside).toBe(-1);
    }),
    { numRuns: 150 },
  );
});

test("outside the part of the card that a photo covers every level is known: that of the ground", () => {
  const region = { xMm: -20, yMm: 0, widthMm: 40, heightMm: 30 };
  const [first] = testDesign.elements;
  const design = { ...testDesign, ground: "#102030", elements: [{ ...first!, region }] } as Design;
  expect(saysAnything(design, product)).toBe(true);
  expect(saysAnything(testDesign, product)).toBe(false);
  const range = paintRange(paint, design, product, () => undefined);
  if ("unpaintable" in range) throw new Error(range.unpaintable);
  const at = (xMm: number, yMm: number): number[] => {
    const [x, y] = [xMm, yMm].map((value, axis) => Math.floor((value * 30) / 25.4 + [105, 67][axis]! / 2));
    return [range.low, range.high].flatMap((rgba) => [...rgba.subarray((y! * 105 + x!) * 4).subarray(0, 3)]);
  };
  expect(at(-20, 0)).toEqual([0, 0, 0, 255, 255, 255]);
  for (const [x, y] of [
    [20, 0],
    [-20, 20],
    [3, -20],
  ] as const)
    expect(at(x, y)).toEqual([0x10, 0x20, 0x30, 0x10, 0x20, 0x30]);
});

describe("whether an issuer's product may have a design that says anything", () => {
  const landscape = findProduct("photo-landscape")!;
  const none: Features = { shapes: false, stickers: false };
  const { id, version, names } = club;
  const ownTemplates = [{ id, version, names, address: "/templates/club.json" }];
  test.each([
    ["no: photos alone, with every filter", { ...none, filters: true }, {}, false],
    ["no: its own template is not offered", { ...none, templates: false }, { ownTemplates }, false],
    ["as the product has it", {}, {}, true],
    ["shapes", { ...none, shapes: true }, {}, true],
    ["stickers", { ...none, stickers: true }, {}, true],
    ["drawings", { ...none, drawings: true }, {}, true],
    ["texts, with limits", { ...none, texts: { lines: 1 } }, {}, true],
    ["no photo", { ...none, grounds: true }, {}, true],
    ["our templates", { ...none, templates: true }, {}, true],
    ["its own template", none, { ownTemplates }, true],
    ["a veil", none, { maxVeilPercent: 1 }, true],
  ] satisfies readonly (readonly [string, Features, Partial<Product>, boolean])[])("%s", (_, features, own, expected) =>
    expect(maySayAnything({ ...offerProduct(landscape, { features }), ...own })).toBe(expected),
  );
});

test("of a card without a photo every level is known", () => {
  const ground = { from: "#14274e", to: "#2e6fdb", angleDeg: 135 };
  const range = paintRange(paint, { ...testDesign, elements: [], ground }, product, () => undefined);
  expect("low" in range && range.low).toBe("high" in range && range.high);
});

const { widthPx } = product;
const grey = new Uint8ClampedArray(widthPx * 4 * product.heightPx).fill(100);
const pictureWith = (places: readonly (readonly [x: number, y: number])[], level: number): Uint8Array => {
  const rgb = new Uint8Array(widthPx * product.heightPx * 3).fill(100);
  for (const [x, y] of places) rgb[(y * widthPx + x) * 3 + 1] = level;
  return rgb;
};
const nine = Array.from({ length: 9 }, (_, at) => [10 + at, 20 + 2 * at] as const);

test("nine pixels more than two levels off are a difference, with the rectangle about them", () => {
  const range = { low: grey, high: grey };
  for (const level of [97, 103, 0, 255])
    expect(findDifference(pictureWith(nine, level), range, widthPx)).toEqual({
      pixels: 9,
      left: 10,
      top: 20,
      right: 19,
      bottom: 37,
    });
  for (const level of [98, 102]) expect(findDifference(pictureWith(nine, level), range, widthPx)).toBeUndefined();
  expect(findDifference(pictureWith(nine.slice(1), 0), range, widthPx)).toBeUndefined();
  expect(findDifference(pictureWith(nine, 255), { low: grey, high: grey.map(() => 255) }, widthPx)).toBeUndefined();
});
