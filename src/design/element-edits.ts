import { bleedSizeMm, type Product } from "#card/products.ts";
import { type Design, type Element, vectorElementsOf } from "./design.ts";
import type { Edit } from "./edits.ts";
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
import { type BoxChange, clampBox, clampFactor } from "./element-box.ts";
import { findFreePlace } from "./free-place.ts";

/** The most that lie on a card, the photo among them. */
export const maxElements = 100;

/** An element that is not on a card yet. */
export type NewElement = Omit<Sticker, "id"> | Omit<Shape, "id"> | Omit<Drawing, "id"> | Omit<Text, "id">;

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
    const at = Math.min(Math.max(wanted, lowest), others.length);
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
