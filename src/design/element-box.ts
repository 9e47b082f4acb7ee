import { normaliseDegrees } from "#card/placement.ts";
import { bleedSizeMm, type Product } from "#card/products.ts";
import type { PointMm } from "./edits.ts";
import type { Box, Drawing, Shape, Sticker, Text, VectorElement } from "./elements.ts";
import { leastTextPoints, textLimitsOf } from "./text-policy.ts";
import { countLines } from "./text-rules.ts";

/** The shortest side of an element. */
const leastSideMm = 2;

/** The lowest line of a text: letters of 6 points, in a line about 1.36 times as high as they are large. */
const leastLineMm = 2.9;

/** What edits leave as a text's width. */
const leastTextWidthMm = 0.5;

/** Of a drawing, which may be one line: a new one is not so small (`drawings.ts`). */
const leastDrawnMm = 0.5;

/** The longest, as a multiple of the bleed's longer side. */
const mostOfCard = 1.5;

/** A pure change of where an element lies. What comes out is clamped by `placeElement`. */
export type BoxChange = (box: Box, product: Product, element: Sized) => Box;

function clampBetween(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

interface Range {
  readonly min: number;
  readonly max: number;
}

interface SideRanges {
  readonly widthMm: Range;
  readonly heightMm: Range;
}

/** What the sides of an element depend on. */
export type Sized = Pick<Sticker | Shape | Drawing, "kind"> | Pick<Text, "kind" | "text">;

/** The sides that an element may have on this product, in mm: those of a text by the height of its lines. */
export function sideRangesMm(element: Sized, product: Product): SideRanges {
  const { widthMm, heightMm } = bleedSizeMm(product);
  const max = Math.max(widthMm, heightMm) * mostOfCard;
  if (element.kind !== "text") {
    const min = element.kind === "drawing" ? leastDrawnMm : leastSideMm;
    return { widthMm: { min, max }, heightMm: { min, max } };
  }
  const lines = countLines(element.text);
  const { leastPoints } = textLimitsOf(product);
  return {
    widthMm: { min: leastTextWidthMm, max },
    heightMm: { min: (lines * leastLineMm * leastPoints) / leastTextPoints, max: (lines * product.trimHeightMm) / 2 },
  };
}

/**
 * The nearest factor by which both sides may be multiplied. Where one is too long for the other to be long enough, the longer one counts;
 * of a text the letters, which are to be read.
 */
export function clampFactor(wanted: number, box: Box, product: Product, element: Sized): number {
  const { widthMm, heightMm } = sideRangesMm(element, product);
  const least = Math.max(widthMm.min / box.widthMm, heightMm.min / box.heightMm);
  const most = Math.min(widthMm.max / box.widthMm, heightMm.max / box.heightMm);
  return element.kind === "text" ? Math.max(Math.min(wanted, most), least) : Math.min(Math.max(wanted, least), most);
}

/**
 * The nearest box that is allowed: its centre within the bleed, its sides in their ranges. One that is allowed comes back as it is, its
 * angle normalised. Each side of a shape is clamped by itself, those of anything else keep their proportions.
 */
export function clampBox(wanted: Box, product: Product, element: Sized): Box {
  const bleed = bleedSizeMm(product);
  const ranges = sideRangesMm(element, product);
  const stretches = mayStretch(element);
  const factor = stretches ? 1 : clampFactor(1, wanted, product, element);
  const side = (mm: number, { min, max }: Range): number => (stretches ? clampBetween(mm, min, max) : mm * factor);
  return {
    xMm: clampBetween(wanted.xMm, -bleed.widthMm / 2, bleed.widthMm / 2),
    yMm: clampBetween(wanted.yMm, -bleed.heightMm / 2, bleed.heightMm / 2),
    widthMm: side(wanted.widthMm, ranges.widthMm),
    heightMm: side(wanted.heightMm, ranges.heightMm),
    rotationDeg: normaliseDegrees(wanted.rotationDeg),
    mirrored: wanted.mirrored,
  };
}

/** A shape may be stretched; a picture keeps its proportions. */
export function mayStretch({ kind }: Pick<VectorElement, "kind">): boolean {
  return kind === "shape";
}

export function moveBoxBy(xMm: number, yMm: number): BoxChange {
  return (box) => ({ ...box, xMm: box.xMm + xMm, yMm: box.yMm + yMm });
}

export function moveBoxTo(to: Partial<PointMm>): BoxChange {
  return (box) => ({ ...box, ...to });
}

/** About its centre, proportions kept, as far as its sides may go. */
export function scaleBox(factor: number): BoxChange {
  return (box, product, element) => {
    const by = clampFactor(factor, box, product, element);
    return { ...box, widthMm: box.widthMm * by, heightMm: box.heightMm * by };
  };
}

export function turnBoxBy(degrees: number): BoxChange {
  return (box) => ({ ...box, rotationDeg: box.rotationDeg + degrees });
}

export function turnBoxTo(rotationDeg: number): BoxChange {
  return (box) => ({ ...box, rotationDeg });
}

/** Left for right as it is seen, where it lies. */
export function mirrorBox(): BoxChange {
  return (box) => ({ ...box, rotationDeg: -box.rotationDeg, mirrored: !box.mirrored });
}
