import type { Affine } from "#card/placement.ts";
import { turnOf } from "#card/turn.ts";

/**
 * Where an element lies: its box's centre from the card's centre (x to the right, y down), the box as wide and high as before it is
 * turned about its centre, clockwise, -180 < rotation <= 180. What lies in it is mirrored first.
 */
export interface Box {
  readonly xMm: number;
  readonly yMm: number;
  readonly widthMm: number;
  readonly heightMm: number;
  readonly rotationDeg: number;
  readonly mirrored: boolean;
}

interface BoxedElement {
  /** Short, and the element's own within its design. */
  readonly id: string;
  readonly box: Box;
}

/** A picture of the collection that comes with the designer. Its box has the picture's proportions. */
export interface Sticker extends BoxedElement {
  readonly kind: "sticker";
  /** Of the picture in its collection, or `own.`, the id of an issuer's and 16 digits of its outlines' SHA-256. A picture that was released is never changed: another one gets another name. */
  readonly art: string;
}

export const shapeNames = ["rectangle", "ellipse", "heart", "star"] as const;
export type ShapeName = (typeof shapeNames)[number];

export interface Shape extends BoxedElement {
  readonly kind: "shape";
  readonly shape: ShapeName;
  /** `#rrggbb`, lower case. */
  readonly fill: string;
}

/** Strokes of a pen, as the outlines that they leave. Its box has the proportions of `width` to `height`. */
export interface Drawing extends BoxedElement {
  readonly kind: "drawing";
  readonly art: Art;
}

export const faceNames = ["plain", "classic", "hand", "brush"] as const;
/** A hand in which a text is written, in the letters of every script. */
export type FaceName = (typeof faceNames)[number];

export const alignments = ["start", "centre", "end"] as const;
/** On which side the lines of a text begin together: `start` is the left of what is read from the left, and the right of another. */
export type Alignment = (typeof alignments)[number];

/** What is written, and how. */
export interface Writing {
  /** As `tidyText` leaves it: composed (NFC), its lines parted by "\n". */
  readonly text: string;
  readonly face: FaceName;
  readonly align: Alignment;
}

/** Its box has the proportions of its outlines, so that the box's height is the size of the letters. */
export interface Text extends BoxedElement, Writing {
  readonly kind: "text";
  /** `#rrggbb`, lower case. */
  readonly fill: string;
}

/** What is drawn from outlines. Another kind joins here, in the schema (`document.ts`) and wherever the compiler then says so. */
export type VectorElement = Sticker | Shape | Drawing | Text;

/**
 * A filled outline. `path` is written in SVG's path language with absolute M, L, Q, C and Z alone; everything else about it is in its
 * art's units.
 */
export interface DrawOp {
  readonly path: string;
  /** `#rrggbb`, lower case. */
  readonly fill: string;
  readonly rule: "nonzero" | "evenodd";
}

/** A drawing of filled outlines, bottom to top, on a rectangle from 0, 0 to `width`, `height`, which are units of its own. */
export interface Art {
  readonly width: number;
  readonly height: number;
  readonly ops: readonly DrawOp[];
}

/** Outlines of one drawing, and characters of one outline. */
export const maxOps = 500;
export const maxPathLength = 60_000;

/** Characters of the paths of all drawings of a design: with anything else that may lie there, a document is still below 256 kB. */
export const maxDrawnLength = 200_000;

/** Characters of an art's paths. */
export function pathLengthOf({ ops }: Pick<Art, "ops">): number {
  return ops.reduce((length, { path }) => length + path.length, 0);
}

/** Characters of the paths of all drawings among these. */
export function drawnLengthOf(elements: readonly (VectorElement | { readonly kind: "photo" })[]): number {
  return elements.reduce((length, each) => length + (each.kind === "drawing" ? pathLengthOf(each.art) : 0), 0);
}

/** Finds an art by its name: a picture of the collection, or the outlines of what is written. Undefined while, or if, there is none. */
export type FindArt = (name: string) => Art | undefined;

/** An element as painters take it: outlines, and the way from their units to millimetres from the card's centre. */
export interface DrawnElement {
  readonly id: string;
  readonly ops: readonly DrawOp[];
  readonly matrix: Affine;
}

/** The way from the units of such an art to millimetres from the card's centre. */
export function artToCard({ width, height }: Pick<Art, "width" | "height">, box: Box): Affine {
  const [cos, sin] = turnOf(box.rotationDeg);
  const scaleX = ((box.mirrored ? -1 : 1) * box.widthMm) / width;
  const scaleY = box.heightMm / height;
  const [a, b, c, d] = [cos * scaleX, sin * scaleX, -sin * scaleY, cos * scaleY];
  return [a, b, c, d, box.xMm - (a * width + c * height) / 2, box.yMm - (b * width + d * height) / 2];
}

/** Under which the outlines of what is written are found. */
export function nameWriting({ text, face, align }: Writing): string {
  return JSON.stringify([face, align, text]);
}

/** The art that an element names; undefined where it holds its own. */
export function artNameOf(element: VectorElement): string | undefined {
  if (element.kind === "sticker") return element.art;
  return element.kind === "text" ? nameWriting(element) : undefined;
}

// In a square of 100 units.
const outlines: Readonly<Record<ShapeName, string>> = {
  rectangle: "M0 0L100 0L100 100L0 100Z",
  // Four cubic curves, within 0.03 % of the ellipse.
  ellipse:
    "M100 50C100 77.614 77.614 100 50 100C22.386 100 0 77.614 0 50C0 22.386 22.386 0 50 0C77.614 0 100 22.386 100 50Z",
  heart:
    "M50 100C20 75 0 55 0 30C0 12 13 0 27 0C37 0 46 6 50 15C54 6 63 0 73 0C87 0 100 12 100 30C100 55 80 75 50 100Z",
  star: "M50 0L61.803 38.197L100 38.197L69.098 61.803L80.902 100L50 76.393L19.098 100L30.902 61.803L0 38.197L38.197 38.197Z",
};

const coloured = new WeakMap<Art, Art>();

/** All of an art in one colour: the same object as long as that is asked for. */
function inColour(art: Art | undefined, fill: string): Art | undefined {
  if (art === undefined) return undefined;
  const known = coloured.get(art);
  if (known !== undefined && known.ops.every((op) => op.fill === fill)) return known;
  const made = { ...art, ops: art.ops.map((op) => ({ ...op, fill })) };
  coloured.set(art, made);
  return made;
}

/** What an element is made of; undefined where its picture is not there. */
export function artOf(element: VectorElement, findArt: FindArt): Art | undefined {
  switch (element.kind) {
    case "sticker":
      return findArt(element.art);
    case "text":
      return inColour(findArt(nameWriting(element)), element.fill);
    case "drawing":
      return element.art;
    case "shape":
      return {
        width: 100,
        height: 100,
        ops: [{ path: outlines[element.shape], fill: element.fill, rule: "nonzero" }],
      };
  }
}

/** What a painter draws of an element; undefined where its picture is not there. */
export function drawElement(element: VectorElement, findArt: FindArt): DrawnElement | undefined {
  const art = artOf(element, findArt);
  return art && { id: element.id, ops: art.ops, matrix: artToCard(art, element.box) };
}
