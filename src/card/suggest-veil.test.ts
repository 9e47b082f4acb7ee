import { expect, it } from "vitest";
import { lightOf, type PhotoColours } from "./crop-light.ts";
import { findFlaws, type PhotoFacts } from "./flaws.ts";
import { coverPlacement } from "./placement.ts";
import { findProduct, type Product } from "./products.ts";
import { suggestVeil } from "./suggest-veil.ts";
import { channelsOf, veilBands } from "./veil.ts";

const product: Product = { ...findProduct("photo-landscape")!, maxVeilPercent: 75 };
const photo = { widthPx: 4000, heightPx: 3000 };
const placement = coverPlacement(photo, product);

/** A photo of one colour. */
function photoOf(red: number, green: number, blue: number) {
  const colours: PhotoColours = { columns: 1, rows: 1, rgba: Uint8ClampedArray.of(red, green, blue, 255) };
  const facts: PhotoFacts = { photo, subject: null, detail: null, light: lightOf(colours, "#ffffff") };
  return { colours, facts };
}

function suggest([red, green, blue]: readonly [number, number, number], card = product) {
  const { colours, facts } = photoOf(red, green, blue);
  const veil = suggestVeil(placement, facts, colours, card) ?? undefined;
  const isHard = (given: PhotoFacts): boolean => findFlaws(placement, given, card).hardLines.length > 0;
  return { veil, wasHard: isHard(facts), isHard: isHard({ ...facts, veil }) };
}

it("a veil lets white lettering be read on any photo, and is no stronger than that takes", () => {
  const white = suggest([255, 255, 255]);
  expect(white).toMatchObject({ wasHard: true, isHard: false });
  const grey = suggest([190, 190, 190]);
  expect(grey).toMatchObject({ wasHard: true, isHard: false });
  expect(grey.veil!.percent).toBeLessThan(white.veil!.percent);
  expect(white.veil!.percent).toBeLessThan(75);
});

it("is of the photo's own colour: dark under light lettering, light under dark", () => {
  const [red, green, blue] = channelsOf(suggest([240, 150, 60]).veil!.colour);
  expect(red).toBeGreaterThan(green);
  expect(green).toBeGreaterThan(blue);
  expect(red).toBeLessThan(60);
  const dark = suggest([90, 30, 10], { ...product, inkLuminance: 0.01 });
  expect(dark).toMatchObject({ wasHard: true, isHard: false });
  expect(Math.min(...channelsOf(dark.veil!.colour))).toBeGreaterThan(200);
});

it("is none where the product allows none, and none that was laid counts there", () => {
  const bare = { ...product, maxVeilPercent: 0 };
  expect(suggest([255, 255, 255], bare)).toEqual({ veil: undefined, wasHard: true, isHard: true });
  const { facts } = photoOf(255, 255, 255);
  const laid = { ...facts, veil: { colour: "#000000", percent: 70 } };
  expect(findFlaws(placement, laid, bare).hardLines).toHaveLength(2);
  expect(findFlaws(placement, laid, product).hardLines).toHaveLength(0);
});

it("is as strong as it may be where nothing more helps, and there without knowing the light", () => {
  const { colours, facts } = photoOf(255, 255, 255);
  expect(suggest([255, 255, 255], { ...product, maxVeilPercent: 35 }).veil!.percent).toBe(35);
  expect(suggestVeil(placement, { ...facts, light: null }, colours, product)!.percent).toBe(50);
  const unknown = { ...facts, light: null };
  expect(suggestVeil(placement, unknown, null, product)).toEqual({ colour: "#000000", percent: 50 });
});

it("covers each printed line whole, and fades to nothing before it reaches the card's edge", () => {
  const lines = product.zones.filter(({ rule }) => rule === "legible");
  const bands = veilBands(product);
  expect(bands).toHaveLength(lines.length);
  bands.forEach((band, at) => {
    const { xMm, yMm, widthMm, heightMm } = lines[at]!;
    for (const x of [xMm, xMm + widthMm]) expect(band.across(x)).toBe(1);
    for (const y of [yMm, yMm + heightMm]) expect(band.down(y)).toBe(1);
    expect([band.left, band.right].map(band.across)).toEqual([0, 0]);
    expect(band.across(xMm - 3)).toBeGreaterThan(band.across(xMm - 4));
    expect(band.left).toBeGreaterThan(-product.trimWidthMm / 2);
  });
});
