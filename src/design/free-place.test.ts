import { expect, it } from "vitest";
import { products } from "#card/products.ts";
import { createDesign, type Design, type Photo, vectorElementsOf } from "./design.ts";
import { addElement, newShape, newSticker } from "./element-edits.ts";

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
