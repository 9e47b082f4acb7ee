import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bleedSizeMm, type Product, products } from "#card/products.ts";
import { type Filled, filledBy } from "./coverage.ts";
import { createDesign, type Design, type Photo, vectorElementsOf } from "./design.ts";
import type { PointMm } from "./edits.ts";
import { addElement, makeShape, newShape, newSticker, newText } from "./element-edits.ts";
import { type Box, shapeNames } from "./elements.ts";
import { findFreePlace } from "./free-place.ts";
import { listBuiltIn } from "./templates/built-in.ts";
import { fillSlot, layTemplate } from "./templates/template-edits.ts";

const square = { width: 32, height: 32, ops: [] };
const [landscape, portrait] = products;

const photo: Photo = {
  kind: "photo",
  id: "photo",
  sha256: "a".repeat(64),
  widthPx: 2000,
  heightPx: 1500,
  placement: { xMm: 0, yMm: 0, mmPerPx: 0.05, rotationDeg: 0, mirrored: false },
};

function withPhoto(product: (typeof products)[number]): Design {
  return { ...createDesign(product), elements: [photo] };
}

it("lays the first in the middle, as far as what is printed there leaves it free", () => {
  const { box, ...sticker } = newSticker("star", square, withPhoto(landscape), landscape);
  expect(sticker).toEqual({ kind: "sticker", art: "star" });
  // Above the card number.
  expect(box).toEqual({ xMm: 0, yMm: -4, widthMm: 14, heightMm: 14, rotationDeg: 0, mirrored: false });
  const { xMm, yMm } = newSticker("star", square, withPhoto(portrait), portrait).box;
  expect(Math.hypot(xMm, yMm)).toBeLessThan(12);
});

it("lies beside what is there, whatever its size, as long as there is room", () => {
  const wide = { width: 100, height: 20, ops: [] };
  let design = withPhoto(landscape);
  for (const art of [wide, square, wide, square])
    design = addElement(newSticker("star", art, design, landscape))(design, landscape);
  const boxes = vectorElementsOf(design).map(({ box }) => box);
  for (const [index, box] of boxes.entries()) {
    for (const other of boxes.slice(0, index)) {
      const isBeside =
        Math.abs(box.xMm - other.xMm) * 2 >= box.widthMm + other.widthMm ||
        Math.abs(box.yMm - other.yMm) * 2 >= box.heightMm + other.heightMm;
      expect(isBeside).toBe(true);
    }
  }
});

it("keeps the picture's proportions: its longer side is 14 mm", () => {
  const wide = newSticker("issuer-logo", { ...square, width: 320, height: 80 }, withPhoto(landscape), landscape);
  expect(wide.box).toMatchObject({ widthMm: 14, heightMm: 3.5 });
});

it.each([...products])(
  "lays thirty on $id within the safe area, none over another, each with an id of its own",
  (product) => {
    let design = withPhoto(product);
    for (let count = 0; count < 30; count += 1)
      design = addElement(newSticker("star", square, design, product))(design, product);
    const stickers = vectorElementsOf(design);
    expect(new Set(stickers.map(({ id }) => id)).size).toBe(30);
    for (const [index, { box }] of stickers.entries()) {
      expect(Math.abs(box.xMm) + 7).toBeLessThanOrEqual(product.trimWidthMm / 2 - product.safeMarginMm);
      expect(Math.abs(box.yMm) + 7).toBeLessThanOrEqual(product.trimHeightMm / 2 - product.safeMarginMm);
      for (const other of stickers.slice(0, index))
        expect(Math.hypot(box.xMm - other.box.xMm, box.yMm - other.box.yMm)).toBeGreaterThanOrEqual(5);
    }
  },
);

it("has room for another where all is full: over the first", () => {
  let design = withPhoto(landscape);
  for (let count = 0; count < 99; count += 1)
    design = addElement(newSticker("star", square, design, landscape))(design, landscape);
  expect(vectorElementsOf(design)).toHaveLength(99);
  expect(new Set(vectorElementsOf(design).map(({ id }) => id)).size).toBe(99);
});

it("lays one shape beside another", () => {
  let design = withPhoto(landscape);
  for (const shape of ["heart", "star"] as const)
    design = addElement(newShape(shape, "#c0272d", design, landscape))(design, landscape);
  const [one, other] = vectorElementsOf(design).map(({ box }) => box);
  const isAside = Math.abs(one!.xMm - other!.xMm) >= (one!.widthMm + other!.widthMm) / 2;
  expect(isAside || Math.abs(one!.yMm - other!.yMm) >= (one!.heightMm + other!.heightMm) / 2).toBe(true);
});

/** Whether a line passes through the inside of an upright rectangle (Liang and Barsky). */
function isCrossed(rect: Edges, [fromX, fromY, toX, toY]: readonly number[]): boolean {
  let [enter, leave] = [0, 1];
  const sides = [
    [fromX! - toX!, fromX! - rect.left],
    [toX! - fromX!, rect.right - fromX!],
    [fromY! - toY!, fromY! - rect.top],
    [toY! - fromY!, rect.bottom - fromY!],
  ] as const;
  for (const [way, room] of sides) {
    if (way === 0 && room <= 0) return false;
    if (way < 0) enter = Math.max(enter, room / way);
    if (way > 0) leave = Math.min(leave, room / way);
  }
  return enter < leave;
}

interface Edges {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function isTouched(rect: Edges, { outlines, rule }: Filled): boolean {
  const [x, y] = [(rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2];
  const lines = outlines.flatMap((outline) =>
    Array.from({ length: outline.length / 2 }, (_, at) => [
      ...outline.slice(2 * at, 2 * at + 2),
      ...(at * 2 + 2 < outline.length ? outline.slice(2 * at + 2, 2 * at + 4) : outline.slice(0, 2)),
    ]),
  );
  if (lines.some((line) => isCrossed(rect, line))) return true;
  // Of all lines to the right of the middle.
  const turns = lines.flatMap(([fromX, fromY, toX, toY]) => {
    if (fromY! > y === toY! > y) return [];
    return fromX! + ((toX! - fromX!) * (y - fromY!)) / (toY! - fromY!) > x ? [Math.sign(toY! - fromY!)] : [];
  });
  return rule === "evenodd" ? turns.length % 2 === 1 : turns.reduce((sum, turn) => sum + turn, 0) !== 0;
}

/** What is rounded on the way. */
const roundedMm = 1e-5;

function edgesAt({ xMm, yMm }: PointMm, widthMm: number, heightMm: number): Edges {
  const [across, down] = [widthMm / 2 - roundedMm, heightMm / 2 - roundedMm];
  return { left: xMm - across, top: yMm - down, right: xMm + across, bottom: yMm + down };
}

/** So far from every other element at least, if it is near none. */
function isFree(place: PointMm, widthMm: number, heightMm: number, { elements }: Design, product: Product, airMm = 0) {
  const rect = edgesAt(place, widthMm, heightMm);
  const around = edgesAt(place, widthMm + 2 * airMm, heightMm + 2 * airMm);
  const isOff = product.zones.every(
    (zone) =>
      rect.right <= zone.xMm ||
      rect.left >= zone.xMm + zone.widthMm ||
      rect.bottom <= zone.yMm ||
      rect.top >= zone.yMm + zone.heightMm,
  );
  return (
    isOff && vectorElementsOf({ elements }).every((each) => filledBy(each).every((all) => !isTouched(around, all)))
  );
}

const hundredths = (minMm: number, maxMm: number): fc.Arbitrary<number> =>
  fc.integer({ min: Math.ceil(100 * minMm), max: Math.floor(100 * maxMm) }).map((value) => value / 100);
const boxes = fc.record({
  xMm: fc.integer({ min: -40, max: 40 }),
  yMm: fc.integer({ min: -25, max: 25 }),
  widthMm: hundredths(3, 100),
  heightMm: hundredths(3, 70),
  rotationDeg: fc.oneof(fc.constantFrom(0, 90), fc.integer({ min: -179, max: 180 })),
  mirrored: fc.boolean(),
});
const ring = "M0 0L100 0L100 100L0 100ZM6 20Q8 6 50 8C80 10 92 12 92 92L8 90Z";
const art = fc.constantFrom("evenodd" as const, "nonzero" as const).map((rule) => ({
  width: 100,
  height: 100,
  ops: [{ path: ring, fill: "#000000", rule }],
}));
const others = fc.oneof(
  fc.record({ kind: fc.constant("drawing" as const), box: boxes, art }),
  fc.record({
    kind: fc.constant("shape" as const),
    box: boxes,
    fill: fc.constant("#c0272d"),
    shape: fc.constantFrom(...shapeNames),
  }),
  fc.record({ kind: fc.constant("sticker" as const), box: boxes, art: fc.constant("star") }),
);

it("touches no other element's outlines wherever there is such a place, is a millimetre from them wherever that can be, and the nearest of these to the centre", () => {
  const counts = { free: 0, full: 0 };
  const wanted = fc.constantFrom(...products).chain((product) => {
    const side = (cardMm: number) => fc.oneof(hundredths(2, 40), hundredths(2, cardMm - 2 * product.safeMarginMm));
    return fc.tuple(fc.constant(product), side(product.trimWidthMm), side(product.trimHeightMm));
  });
  fc.assert(
    fc.property(wanted, fc.array(others, { maxLength: 6 }), ([product, w, h], all) => {
      const elements = all.map((element, at) => ({ ...element, id: `e${at + 1}` }));
      const design = { ...createDesign(product), elements };
      const place = findFreePlace([{ widthMm: w, heightMm: h }], design, product);
      const reach = (cardMm: number, own: number): number => Math.floor(cardMm / 2 - product.safeMarginMm - own / 2);
      const [across, down] = [reach(product.trimWidthMm, w), reach(product.trimHeightMm, h)];
      const around = (count: number): number[] =>
        Array.from({ length: Math.max(0, 2 * count + 1) }, (_, at) => at - count);
      const free = around(across)
        .flatMap((xMm) => around(down).map((yMm) => ({ xMm, yMm })))
        .filter((at) => isFree(at, w, h, design, product));
      /** Of those that are free, or free even by twice what is rounded: at a touch the two differ. */
      const nearestBy = (sureMm: number): number => {
        const [sure, airy] = [0, 1].map((air) =>
          free.filter((at) => isFree(at, w, h, design, product, air + sureMm)).map((at) => Math.hypot(at.xMm, at.yMm)),
        ) as [number[], number[]];
        return Math.min(...(airy.length > 0 ? airy : sure));
      };
      const far = Math.hypot(place.xMm, place.yMm);
      const [nearest, surelyNearest] = [nearestBy(0), nearestBy(2 * roundedMm)];
      if (surelyNearest === Infinity) counts.full += 1;
      else {
        counts.free += 1;
        if (surelyNearest === nearest) expect(isFree(place, w, h, design, product)).toBe(true);
        expect([nearest, surelyNearest].some((one) => Math.abs(one - far) < 1e-6)).toBe(true);
      }
    }),
    { numRuns: 40 },
  );
  expect(Math.min(counts.free, counts.full)).toBeGreaterThan(0);
});

it("lies in the opening of a template's frame, beside what is there, although the frame's box is the card", () => {
  const template = listBuiltIn(landscape).find(({ id }) => id === "mount")!;
  let design = layTemplate(template, undefined, () => undefined)(withPhoto(landscape), landscape);
  for (let count = 0; count < 3; count += 1)
    design = addElement(newSticker("star", square, design, landscape))(design, landscape);
  const stickers = vectorElementsOf(design).filter(({ kind }) => kind === "sticker");
  expect(stickers).toHaveLength(3);
  for (const [index, { box }] of stickers.entries()) {
    for (const other of stickers.slice(0, index)) {
      const [x, y] = [Math.abs(box.xMm - other.box.xMm), Math.abs(box.yMm - other.box.yMm)];
      expect(Math.max(x, y)).toBeGreaterThanOrEqual(14);
    }
  }
});

it("lies beside what is there also on a ground that covers the card", () => {
  const { widthMm, heightMm } = bleedSizeMm(landscape);
  const ground = { ...makeShape("rectangle", "#14274e"), id: "ground" };
  const filled = { ...ground, box: { ...ground.box, widthMm, heightMm } };
  const before: Design = { ...createDesign(landscape), elements: [filled] };
  const one = addElement(newSticker("star", square, before, landscape))(before, landscape);
  const two = addElement(newSticker("star", square, one, landscape))(one, landscape);
  const [, first, second] = vectorElementsOf(two).map(({ box }) => box);
  const [x, y] = [Math.abs(first!.xMm - second!.xMm), Math.abs(first!.yMm - second!.yMm)];
  expect(Math.max(x, y)).toBeGreaterThanOrEqual(14);
});

it("lies within a template's frame also where it is as wide as the safe area: in the first size that fits", () => {
  const template = listBuiltIn(portrait).find(({ id }) => id === "line")!;
  const framed = layTemplate(template, undefined, () => undefined)(withPhoto(portrait), portrait);
  const sizes = [48, 47, 43.2, 38.4].map((widthMm) => ({ widthMm, heightMm: widthMm / 10 }));
  const [first, ...smaller] = sizes as [(typeof sizes)[number], ...typeof sizes];
  const found = findFreePlace([first, ...smaller], framed, portrait);
  expect(found).toMatchObject({ widthMm: 43.2, heightMm: 4.32 });
  expect(isFree(found, 43.2, 4.32, framed, portrait)).toBe(true);
});

it("lies beside a bar that runs from edge to edge, in letters that are smaller for it", () => {
  const bar = { ...makeShape("rectangle", "#14274e"), id: "bar" };
  const box = { ...bar.box, xMm: -20, widthMm: 4, heightMm: 70 };
  const design: Design = { ...createDesign(landscape), elements: [{ ...bar, box }] };
  const text = { text: "Greetings from us", face: "plain", align: "start", fill: "#000000" } as const;
  const { widthMm, heightMm, ...place } = newText(text, { width: 20_000, height: 1360 }, 8, design, landscape).box;
  expect(widthMm).toBeCloseTo(0.7 * (landscape.trimWidthMm - 2 * landscape.safeMarginMm), 6);
  expect(isFree(place, widthMm, heightMm, design, landscape)).toBe(true);
});

const isBeside = (place: Place, zone: Place): boolean =>
  Math.abs(place.xMm - zone.xMm) * 2 >= place.widthMm + zone.widthMm ||
  Math.abs(place.yMm - zone.yMm) * 2 >= place.heightMm + zone.heightMm;

type Place = Pick<Box, "xMm" | "yMm" | "widthMm" | "heightMm">;

describe("what a template only hints at", () => {
  const offered = { ...landscape, features: { templates: true, stickers: true, texts: true } };
  const airmail = listBuiltIn(offered).find(({ id }) => id === "airmail")!;
  const room = airmail.elements.find(({ element }) => element.id === "caption")!.element.box;
  const framed = layTemplate(airmail, undefined, () => undefined)(withPhoto(landscape), offered);

  it("is left free by what is new, as long as there is other room", () => {
    expect(isBeside(newSticker("star", square, withPhoto(landscape), landscape).box, room)).toBe(false);
    expect(isBeside(newSticker("star", { ...square, height: 16 }, framed, offered).box, room)).toBe(true);
  });

  it("is not in the way once it is filled, nor where there is no other room", () => {
    const art = { width: 2000, height: 1000, ops: [] };
    const written = fillSlot(airmail, "caption", "Ada", art, () => art)(framed, offered);
    const { box } = written.elements.find(({ id }) => id === "caption") as { box: Box };
    expect(isBeside(newShape("heart", "#c0272d", written, offered).box, box)).toBe(true);
    const large = [{ widthMm: 26, heightMm: 14 }] as const;
    const heart = { ...makeShape("heart", "#c0272d"), box: { ...room, xMm: -6, widthMm: 10, heightMm: 10 } };
    const full = addElement(heart)(framed, offered);
    expect(isFree(findFreePlace(large, full, offered), 26, 14, full, offered)).toBe(true);
  });
});
