import type { PhotoSize, Placement } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import { sameRegion } from "#card/region.ts";
import { sameVeil, type Veil } from "#card/veil.ts";
import { type Art, type Box, type DrawOp, nameWriting, type VectorElement } from "./elements.ts";
import { type Ground, isGradient, sameGround } from "./ground.ts";
import { type Look, sameLook } from "./look.ts";

/** A photo on the card. Its size is that after the file's own orientation has been applied. */
export interface Photo extends PhotoSize {
  readonly kind: "photo";
  /** Short, and the element's own within its design. */
  readonly id: string;
  /** SHA-256 of its file, hexadecimal: photos are named by their bytes, never by a name or path. */
  readonly sha256: string;
  /** Covers the whole bleed, or its region, which a template says. */
  readonly placement: Placement;
}

/** Of a photo on a card, which no other element has. */
export const photoId = "photo";

/** How a template's id is written. */
export const templateIdForm = /^[a-z0-9-]{1,40}$/;

/** A template by which a design is made. */
export interface TemplateRef {
  readonly id: string;
  /** 1 or more. */
  readonly version: number;
}

/** What lies on the card. */
export type Element = Photo | VectorElement;

/**
 * A card as it is designed: everything needed to render it again from the same photos, in millimetres. A value: an edit makes
 * another one.
 */
export interface Design {
  readonly version: 2;
  readonly productId: string;
  /** What shows where nothing lies and through what is transparent. Below a photo it is a colour. */
  readonly ground: Ground;
  /** Bottom to top: a photo, where there is one, and what lies on it or on the ground. */
  readonly elements: readonly Element[];
  /** How the photo looks; absent where it is printed as it is. */
  readonly look?: Look | undefined;
  /** Behind what is printed over the photo; absent where there is none. Printed where the product allows it. */
  readonly veil?: Veil | undefined;
  /** By which it is made, whose locks it holds: its elements of the template have the ids that they have there. */
  readonly template?: TemplateRef | undefined;
}

/** The card's own white. */
export const plainGround = "#ffffff";

export const groundPattern = /^#[0-9a-f]{6}$/;

/** A card on which nothing lies. */
export function createDesign({ id }: Pick<Product, "id">): Design {
  return { version: 2, productId: id, ground: plainGround, elements: [] };
}

/** The photo on the card; null without one. */
export function photoOf({ elements }: Design): Photo | null {
  return elements.find((element) => element.kind === "photo") ?? null;
}

/** The colour below a photo (`#rrggbb`, lower case). */
export function colourBelow({ ground }: Pick<Design, "ground">): string {
  return isGradient(ground) ? plainGround : ground;
}

/** The name that tells a card from others: of its photo, by its SHA-256, or that it has none. */
export function nameCard(design: Design): string {
  return photoOf(design)?.sha256 ?? "no photo";
}

/** What lies on the photo, or on the ground, bottom to top. */
export function vectorElementsOf({ elements }: Pick<Design, "elements">): readonly VectorElement[] {
  return elements.filter((element) => element.kind !== "photo");
}

/** Equal to within what no printer and no screen can show. */
export function samePlacement(one: Placement, other: Placement): boolean {
  return (
    Math.abs(one.xMm - other.xMm) < 1e-6 &&
    Math.abs(one.yMm - other.yMm) < 1e-6 &&
    Math.abs(one.mmPerPx / other.mmPerPx - 1) < 1e-9 &&
    Math.abs(one.rotationDeg - other.rotationDeg) < 1e-6 &&
    one.mirrored === other.mirrored
  );
}

export function sameBox(one: Box, other: Box): boolean {
  return (
    one.mirrored === other.mirrored &&
    (["xMm", "yMm", "widthMm", "heightMm", "rotationDeg"] as const).every(
      (name) => Math.abs(one[name] - other[name]) < 1e-6,
    )
  );
}

/** An edit makes another art, of the same outlines as far as it leaves them alone. */
function sameArt(one: Art, other: Art): boolean {
  if (one === other) return true;
  const isSame = (op: DrawOp, counterpart: DrawOp | undefined): boolean =>
    op === counterpart ||
    (op.path === counterpart?.path && op.fill === counterpart.fill && op.rule === counterpart.rule);
  return (
    one.width === other.width &&
    one.height === other.height &&
    one.ops.length === other.ops.length &&
    one.ops.every((op, at) => isSame(op, other.ops[at]))
  );
}

function sameElement(one: Element, other: Element): boolean {
  if (one === other) return true;
  if (one.id !== other.id) return false;
  if (one.kind === "photo") {
    return (
      other.kind === "photo" &&
      one.sha256 === other.sha256 &&
      sameRegion(one.region, other.region) &&
      samePlacement(one.placement, other.placement)
    );
  }
  if (other.kind === "photo" || !sameBox(one.box, other.box)) return false;
  switch (one.kind) {
    case "sticker":
      return other.kind === "sticker" && one.art === other.art;
    case "text":
      return other.kind === "text" && one.fill === other.fill && nameWriting(one) === nameWriting(other);
    case "shape":
      return other.kind === "shape" && one.shape === other.shape && one.fill === other.fill;
    case "drawing":
      return other.kind === "drawing" && sameArt(one.art, other.art);
  }
}

/** Whether both print the same card, to within what can be seen. */
export function sameDesign(one: Design, other: Design): boolean {
  if (one === other) return true;
  return (
    one.productId === other.productId &&
    sameGround(one.ground, other.ground) &&
    sameVeil(one.veil, other.veil) &&
    sameLook(one.look, other.look) &&
    one.template?.id === other.template?.id &&
    one.template?.version === other.template?.version &&
    one.elements.length === other.elements.length &&
    one.elements.every((element, index) => {
      const counterpart = other.elements[index];
      return counterpart !== undefined && sameElement(element, counterpart);
    })
  );
}
