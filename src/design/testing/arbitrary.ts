import fc from "fast-check";
import { coverPlacement, type PhotoSize } from "#card/placement.ts";
import { findProduct, type Product } from "#card/products.ts";
import { createDesign, type Design } from "../design.ts";
import {
  type Change,
  fit,
  mirror,
  moveBy,
  moveTo,
  putPhoto,
  quarterTurn,
  turnAbout,
  turnTo,
  zoomAbout,
  zoomTo,
} from "../edits.ts";

export const landscape = findProduct("photo-landscape")!;

/** A card with one photo that covers it. */
export function designWith(size: PhotoSize = { widthPx: 4000, heightPx: 3000 }, product: Product = landscape): Design {
  const file = { sha256: "0123456789abcdef".repeat(4), ...size };
  return putPhoto(file, coverPlacement(size, product))(createDesign(product), product);
}

const mm = fc.double({ min: -120, max: 120, noNaN: true });
export const degrees = fc.double({ min: -720, max: 720, noNaN: true });
export const factor = fc.double({ min: 0.05, max: 20, noNaN: true });
export const point = fc.record({ xMm: mm, yMm: mm });
export const anyChange: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(mm, mm).map(([x, y]) => moveBy(x, y)),
  point.map((to) => moveTo(to)),
  fc.tuple(point, factor).map(([about, by]) => zoomAbout(about, by)),
  factor.map((zoom) => zoomTo(zoom)),
  fc.tuple(point, degrees).map(([about, by]) => turnAbout(about, by)),
  degrees.map((to) => turnTo(to)),
  fc.constantFrom(quarterTurn(1), quarterTurn(-1), mirror(), fit()),
);
