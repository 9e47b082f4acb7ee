import { normaliseDegrees } from "#card/placement.ts";
import { bleedSizeMm, type Product } from "#card/products.ts";
import { type Design, type Element, vectorElementsOf } from "./design.ts";
import type { Edit, PointMm } from "./edits.ts";
import {
  type Art,
  type Box,
  type Drawing,
  drawnLengthOf,
  type FindArt,
  maxDrawnLength,
  nameWriting,
  pathLengthOf,
  type Shape,
  type ShapeName,
  type Sticker,
  type Text,
  type VectorElement,
  type Writing,
} from "./elements.ts";
import { findFreePlace } from "./free-place.ts";
import { leastTextPoints, textLimitsOf } from "./text-policy.ts";
import { countLines } from "./text-rules.ts";

/** The most that lie on a card, the photo among them. */
export const maxElements = 100;

/** The shortest side of an element. */
const leastSideMm = 2;

/** The lowest line of a text: letters of 6 points, in a line about 1.36 times as high as they are large. */
const leastLineMm = 2.9;

/** What a document takes as a side. */
const leastTextWidthMm = 0.5;

/** Of a drawing, which may be one line: a new one is not so small (`drawings.ts`). */
const leastDrawnMm = 0.5;

/** The longest, as a multiple of the bleed's longer side. */
const mostOfCard = 1.5;

/** A pure change of where an element lies. What comes out is clamped by `placeElement`. */
export type BoxChange = (box: Box, product: Product, element: Sized) => Box;

/** An element that is not on a card yet. */
export type NewElement = Omit<Sticker, "id"> | Omit<Shape, "id"> | Omit<Drawing, "id"> | Omit<Text, "id">;

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
type Sized = Pick<Sticker | Shape | Drawing, "kind"> | Pick<Text, "kind" | "text">;

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

/** Of what lies on the photo; undefined where there is no such element. */
export function findElement({ elements }: Pick<Design, "elements">, id: string | null): VectorElement | undefined {
  const found = elements.find((element) => element.id === id);
  return found?.kind === "photo" ? undefined : found;
}

/** The shortest that is free: a letter, and a number. */
export function freeId(elements: readonly Pick<Element, "id">[]): string {
  const taken = new Set(elements.map(({ id }) => id));
  let number = 1;
  while (taken.has(`e${number}`)) number += 1;
  return `e${number}`;
}

/** Whether another element may be laid on the card; that one, where it is a drawing. There is always room for a photo. */
export function hasRoom({ elements }: Pick<Design, "elements">, another?: NewElement): boolean {
  const length = another?.kind === "drawing" ? pathLengthOf(another.art) : 0;
  return (
    vectorElementsOf({ elements }).length < maxElements - 1 &&
    (length === 0 || drawnLengthOf(elements) + length <= maxDrawnLength)
  );
}

function insert(design: Design, element: NewElement, at: number, product: Product): Design {
  if (!hasRoom(design, element)) return design;
  const { elements } = design;
  const added = { ...element, id: freeId(elements), box: clampBox(element.box, product, element) };
  return { ...design, elements: [...elements.slice(0, at), added, ...elements.slice(at)] };
}

/** Lays an element on top of everything. Where no more may lie the design stays as it is. */
export function addElement(element: NewElement): Edit {
  return (design, product) => insert(design, element, design.elements.length, product);
}

/** How far from an element its copy lies, to the right and down. */
const copyOffsetMm = 3;

/** Lays a copy right above the element, aside of it: at the card's end or lower edge to the other side. */
export function duplicateElement(id: string): Edit {
  return (design, product) => {
    const element = findElement(design, id);
    if (element === undefined) return design;
    const { widthMm, heightMm } = bleedSizeMm(product);
    const { box } = element;
    const aside = (at: number, end: number): number => at + (at + copyOffsetMm > end ? -copyOffsetMm : copyOffsetMm);
    const moved = { ...box, xMm: aside(box.xMm, widthMm / 2), yMm: aside(box.yMm, heightMm / 2) };
    return insert(design, { ...element, box: moved }, design.elements.indexOf(element) + 1, product);
  };
}

/** Takes an element off the card; the photo stays. */
export function removeElement(id: string): Edit {
  return (design) => {
    const element = findElement(design, id);
    if (element === undefined) return design;
    return { ...design, elements: design.elements.filter((other) => other !== element) };
  };
}

/** Where an element goes among those that lie on the photo. */
export type StackMove = "raise" | "lower" | "to-front" | "to-back";

/** Moves an element over or under others. The photo stays below them all. */
export function stackElement(id: string, move: StackMove): Edit {
  return (design) => {
    const element = findElement(design, id);
    if (element === undefined) return design;
    const from = design.elements.indexOf(element);
    const others = design.elements.filter((other) => other !== element);
    const wanted = { raise: from + 1, lower: from - 1, "to-front": others.length, "to-back": 0 }[move];
    const lowest = others[0]?.kind === "photo" ? 1 : 0;
    const at = clampBetween(wanted, lowest, others.length);
    return at === from ? design : { ...design, elements: [...others.slice(0, at), element, ...others.slice(at)] };
  };
}

function changeElement(id: string, change: (element: VectorElement) => VectorElement): Edit {
  return (design) => {
    const before = findElement(design, id);
    if (before === undefined) return design;
    return { ...design, elements: design.elements.map((other) => (other === before ? change(before) : other)) };
  };
}

/** The box that a change leads to, clamped as the element's kind asks. */
export function changeBox(change: BoxChange, element: VectorElement, product: Product): Box {
  return clampBox(change(element.box, product, element), product, element);
}

/** Changes where the element of this id lies. Without one the design stays as it is. */
export function placeElement(id: string, change: BoxChange): Edit {
  return (design, product) =>
    changeElement(id, (element) => ({ ...element, box: changeBox(change, element, product) }))(design, product);
}

/** Colours a shape or a text, as `#rrggbb` in lower case. Other elements have colours of their own. */
export function setFill(id: string, fill: string): Edit {
  return changeElement(id, (element) =>
    element.kind === "shape" || element.kind === "text" ? { ...element, fill } : element,
  );
}

type ArtSize = Pick<Art, "width" | "height">;

/** Writes something else, or otherwise, in letters of the same size about the same centre; `after` is the size of its outlines. */
export function rewriteText(id: string, writing: Writing, findArt: FindArt, after: ArtSize): Edit {
  return (design, product) =>
    changeElement(id, (element) => {
      if (element.kind !== "text") return element;
      const before = findArt(nameWriting(element)) ?? after;
      const mmPerUnit = element.box.heightMm / before.height;
      const box = { ...element.box, widthMm: after.width * mmPerUnit, heightMm: after.height * mmPerUnit };
      return { ...element, ...writing, box: clampBox(box, product, { kind: "text", text: writing.text }) };
    })(design, product);
}

/** The longer side of a new sticker. */
const newSideMm = 14;

/** A sticker where the card is free. */
export function newSticker(name: string, art: ArtSize, design: Design, product: Product): NewElement {
  const mmPerUnit = newSideMm / Math.max(art.width, art.height);
  return { kind: "sticker", art: name, box: freeBox(art, mmPerUnit, design, product) };
}

const firstSizesMm: Readonly<Record<ShapeName, ArtSize>> = {
  rectangle: { width: 18, height: 12 },
  ellipse: { width: 14, height: 14 },
  heart: { width: 14, height: 13 },
  star: { width: 15, height: 14.3 },
};

/** A shape as it is laid first, in the middle of the card. */
export function makeShape(shape: ShapeName, fill: string): Omit<Shape, "id"> {
  const { width, height } = firstSizesMm[shape];
  return { kind: "shape", shape, fill, box: { ...unplaced, widthMm: width, heightMm: height } };
}

/** A shape where the card is free. */
export function newShape(shape: ShapeName, fill: string, design: Design, product: Product): NewElement {
  return { ...makeShape(shape, fill), box: freeBox(firstSizesMm[shape], 1, design, product) };
}

const unplaced = { xMm: 0, yMm: 0, rotationDeg: 0, mirrored: false } as const;

function freeBox(art: ArtSize, mmPerUnit: number, design: Design, product: Product): Box {
  return { ...unplaced, ...findFreePlace([sizeOf(art, mmPerUnit)], design, product) };
}

function sizeOf(
  { width, height }: ArtSize,
  mmPerUnit: number,
): { readonly widthMm: number; readonly heightMm: number } {
  return { widthMm: width * mmPerUnit, heightMm: height * mmPerUnit };
}

/** Of the size that is asked for: a text is made smaller rather than laid over something. */
const smallerSizes = [0.9, 0.8, 0.7] as const;

/** Letters that touch printed ones are read as one with them. */
const offPrintMm = 1;

/**
 * Letters of this size (the em, in mm) where the card is free, smaller where they would be wider than its safe area or find no room, as long as
 * they can be read.
 */
export function newText(
  written: Omit<Text, "kind" | "id" | "box">,
  art: ArtSize,
  sizeMm: number,
  design: Design,
  product: Product,
): NewElement {
  const text = { kind: "text", ...written } as const;
  const most = product.trimWidthMm - 2 * product.safeMarginMm;
  const units = { ...unplaced, widthMm: art.width, heightMm: art.height };
  const scale = (share: number): number =>
    clampFactor(share * Math.min(sizeMm / 1000, most / art.width), units, product, text);
  const asked = scale(1);
  const smaller = [...new Set(smallerSizes.map(scale))].filter((mmPerUnit) => mmPerUnit < asked);
  const sizes = [sizeOf(art, asked), ...smaller.map((mmPerUnit) => sizeOf(art, mmPerUnit))] as const;
  return { ...text, box: { ...unplaced, ...findFreePlace(sizes, design, product, offPrintMm) } };
}
