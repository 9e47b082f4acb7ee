import { findProduct } from "#card/products.ts";
import { type Design, type Element, photoId, plainGround, sameBox, type TemplateRef } from "../design.ts";
import { clampBox } from "../element-box.ts";
import type { Box, Drawing, Text, VectorElement } from "../elements.ts";
import { type Ground, isGradient, sameGround } from "../ground.ts";
import { countLines, maxLines } from "../text-rules.ts";
import { findPhotoBreach, holdPhoto, type TemplatePhoto } from "./template-photo.ts";

/** By language, such as `en`, which is always there. */
export type Names = Readonly<Record<string, string>>;

/** What its cardholders cannot change of an element; what is left out is theirs. */
export interface Locks {
  /** Where it lies, and over what; of a text its letters' size too. */
  readonly move?: boolean | undefined;
  /** Its colour, and the hand in which a text is written. */
  readonly style?: boolean | undefined;
  /** What it shows. */
  readonly content?: boolean | undefined;
  /** It stays on the card. */
  readonly remove?: boolean | undefined;
}

export interface Slot {
  readonly names: Names;
  /** Of a text, at most; one where it is left out. */
  readonly lines?: number | undefined;
}

export interface TemplateElement {
  /** A text that is locked against moves is as large as fits the box, in its middle. */
  readonly element: VectorElement;
  readonly locks: Locks;
  /** What the cardholder is to fill it with. A text lies on the card only once it is filled, unless it cannot be removed. */
  readonly slot?: Slot | undefined;
  /** Without it the element is seen while the card is designed, and never part of a design. */
  readonly prints: boolean;
  /** Above all that is not. Only what is locked against moves can be. */
  readonly onTop?: boolean | undefined;
}

/** What is below everything: seen where there is no photo, and through one that is transparent. */
export interface TemplateGround {
  readonly fill: Ground;
  readonly locks: Pick<Locks, "style">;
}

/** A design to begin with: what lies on the photo, of which some is fixed and some is to be filled. It is never changed once it is released: a later version takes its place. */
export interface Template extends TemplateRef {
  readonly names: Names;
  /** Ids of the products that it is for. */
  readonly products: readonly string[];
  readonly ground?: TemplateGround | undefined;
  readonly photo?: TemplatePhoto | undefined;
  /** Bottom to top. */
  readonly elements: readonly TemplateElement[];
}

/** A ground as it can lie on such a card: below a photo a gradient is the card's white, as everywhere. */
export function groundFor(fill: Ground, { elements }: Pick<Design, "elements">): Ground {
  return isGradient(fill) && elements[0]?.kind === "photo" ? plainGround : fill;
}

/** The design on the ground that its template fixes: the same one where that lies there, or none is fixed. */
export function holdGround(design: Design, template: Template | undefined): Design {
  if (template?.ground?.locks.style !== true) return design;
  const ground = groundFor(template.ground.fill, design);
  return sameGround(design.ground, ground) ? design : { ...design, ground };
}

export function sameTemplate(one: TemplateRef | undefined, other: TemplateRef | undefined): boolean {
  return one?.id === other?.id && one?.version === other?.version;
}

/** The template's element of this id, which an element of a design has too. */
export function findPart(template: Template | undefined, id: string | null): TemplateElement | undefined {
  return template?.elements.find(({ element }) => element.id === id);
}

/** What can be done to an element, or to the photo. What is not of the template is the cardholder's own. */
export function isLocked(template: Template | undefined, id: string, lock: keyof Locks): boolean {
  const locks: Locks | undefined = id === photoId ? template?.photo?.locks : findPart(template, id)?.locks;
  return locks?.[lock] === true;
}

/** The colour that the cardholder may change: of a drawing where it has one alone; undefined where there is none. */
export function fillOf(element: VectorElement): string | undefined {
  if (element.kind === "drawing") {
    const [first, ...others] = element.art.ops.map(({ fill }) => fill);
    return others.every((fill) => fill === first) ? first : undefined;
  }
  return element.kind === "sticker" ? undefined : element.fill;
}

/** Whether there is nothing that the cardholder could do to it. */
export function isFixed(template: Template | undefined, id: string): boolean {
  const part = findPart(template, id);
  if (part === undefined) return false;
  const { element, locks } = part;
  const isWritten = element.kind === "text" && locks.content !== true;
  const isStyled = fillOf(element) !== undefined && locks.style !== true;
  return locks.move === true && locks.remove === true && !isWritten && !isStyled;
}

/** How many lines may be written there. */
export function mostLinesOf({ slot }: Pick<TemplateElement, "slot">): number {
  return slot === undefined ? maxLines : (slot.lines ?? 1);
}

/** Whether it lies on the card from the beginning, and not only once it is filled. */
export function isLaidAtOnce({ element, slot, locks, prints }: TemplateElement): boolean {
  return prints && (element.kind !== "text" || slot === undefined || locks.remove === true);
}

/** What is drawn over the card while it is designed and is not part of it: hints, and texts that nobody has filled. */
export function guidesOf(
  template: Template | undefined,
  { elements }: Pick<Design, "elements">,
): readonly VectorElement[] {
  const isGuide = (part: TemplateElement): boolean =>
    !part.prints || (!isLaidAtOnce(part) && !elements.some(({ id }) => id === part.element.id));
  return (template?.elements ?? []).filter(isGuide).map(({ element }) => element);
}

/** The largest box of these proportions within a room, about its middle. */
export function fitBox({ widthMm, heightMm }: Pick<Box, "widthMm" | "heightMm">, room: Box): Box {
  const factor = Math.min(room.widthMm / widthMm, room.heightMm / heightMm);
  return { ...room, widthMm: widthMm * factor, heightMm: heightMm * factor };
}

/** What a document takes as the height of a line of letters. */
const leastLineMm = 2.8;

/** Whether the letters of a text can be read in a box. */
export function isReadable({ text }: Pick<Text, "text">, { heightMm }: Box): boolean {
  return heightMm / countLines(text) >= leastLineMm;
}

const leastMm = 1e-6;

/** Whether a text lies in the middle of its room and is as large as fits there. */
function fills(box: Box, room: Box): boolean {
  const [freeX, freeY] = [room.widthMm - box.widthMm, room.heightMm - box.heightMm];
  return (
    sameBox({ ...box, widthMm: room.widthMm, heightMm: room.heightMm }, room) &&
    Math.min(freeX, freeY) >= -leastMm &&
    Math.min(freeX, freeY) <= leastMm
  );
}

/** What of an element is not as the template has it; null where what is locked is. */
function findChange(element: Element, part: TemplateElement): string | null {
  const { element: original, locks } = part;
  if (element.kind === "photo" || element.kind !== original.kind) return "kind";
  if (element.kind === "text" && countLines(element.text) > mostLinesOf(part)) return "text";
  if (locks.style === true) {
    if (coloursOf(element) !== coloursOf(original)) return "fill";
    if (element.kind === "text" && original.kind === "text") {
      if (element.face !== original.face) return "face";
      if (element.align !== original.align) return "align";
    }
  }
  const content = locks.content === true ? findOtherContent(element, original) : null;
  if (content !== null || locks.move !== true) return content;
  const lies = element.kind === "text" ? fills(element.box, original.box) : sameBox(element.box, original.box);
  return lies ? null : "box";
}

function coloursOf(element: VectorElement): string {
  if (element.kind === "drawing") return element.art.ops.map(({ fill }) => fill).join();
  return element.kind === "sticker" ? "" : element.fill;
}

/** What is drawn, whatever its colours. */
function linesOf({ width, height, ops }: Drawing["art"]): string {
  return JSON.stringify([width, height, ops.map(({ path, rule }) => [path, rule])]);
}

/** Where an element shows something else than the template has, of its kind; null where it does not. */
export function findOtherContent(element: VectorElement, original: VectorElement): string | null {
  if (element.kind === "text") return original.kind === "text" && element.text === original.text ? null : "text";
  if (element.kind === "shape") return original.kind === "shape" && element.shape === original.shape ? null : "shape";
  if (element.kind === "sticker") return original.kind === "sticker" && element.art === original.art ? null : "art";
  const isSame = original.kind === "drawing" && linesOf(element.art) === linesOf(original.art);
  return isSame ? null : "art";
}

/** In which order those lie that are not to be moved: each group as the template has it, what is on top above all others. */
function orderOf(elements: readonly Element[], template: Template): readonly Element[] {
  const rank = new Map(template.elements.map((part, at) => [part.element.id, { part, at }]));
  const isTop = ({ id }: Element): boolean => rank.get(id)?.part.onTop === true;
  const stays = ({ id }: Element): boolean => rank.get(id)?.part.locks.move === true;
  const byRank = (one: Element, other: Element): number => (rank.get(one.id)?.at ?? 0) - (rank.get(other.id)?.at ?? 0);
  const below = elements.filter((element) => !isTop(element));
  const staying = below.filter(stays).sort(byRank);
  const ordered = below.map((element) => (stays(element) ? (staying.shift() ?? element) : element));
  return [...ordered, ...elements.filter(isTop).sort(byRank)];
}

/** Whether it lies where edits leave it: what cannot be taken off the card is not laid beside it either, nor made too small to be seen. */
function isWithinReach(element: Element, { productId }: Pick<Design, "productId">): boolean {
  const product = findProduct(productId);
  if (product === undefined || element.kind === "photo") return true;
  const { box } = element;
  const reached = clampBox(box, product, element);
  // A text is as large as fits its place.
  return sameBox(element.kind === "text" ? { ...box, xMm: reached.xMm, yMm: reached.yMm } : reached, box);
}

/**
 * Where a design breaks what its template locks, as `elements[3].box`, and `template` where something is missing; null where it holds. The
 * template is the server's own: nothing about it is taken from the document.
 */
export function findBreach(design: Design, template: Template): string | null {
  const { elements } = design;
  for (const { element, locks, prints } of template.elements) {
    const at = elements.findIndex(({ id }) => id === element.id);
    const there = elements[at];
    if (locks.remove === true && there !== undefined && !isWithinReach(there, design)) return `elements[${at}].box`;
    if (at >= 0 && !prints) return `elements[${at}].id`;
    if (at < 0 && prints && locks.remove === true) return "template";
  }
  for (const [at, element] of elements.entries()) {
    const part = findPart(template, element.id);
    const changed = part === undefined ? null : findChange(element, part);
    if (changed !== null) return `elements[${at}].${changed}`;
  }
  const ordered = orderOf(elements, template);
  const at = elements.findIndex((element, index) => element !== ordered[index]);
  if (at >= 0) return `elements[${at}]`;
  if (holdGround(design, template) !== design) return "ground";
  return findPhotoBreach(design, template.photo);
}

/** An element after an edit, with what is locked as it was. `before` holds to the template. */
function holdElement(before: Element | undefined, after: VectorElement, part: TemplateElement): Element {
  const changed = findChange(after, part);
  if (changed === null) return after;
  const instead = before ?? after;
  // Written otherwise, its letters have other proportions.
  if (changed !== "box") return instead;
  const box = after.kind === "text" ? fitBox(after.box, part.element.box) : part.element.box;
  return after.kind === "text" && !isReadable(after, box) ? instead : { ...after, box };
}

/**
 * A design after an edit with all that its template locks as it was before: the rest of the edit is done. `before` holds to the template, and
 * so does what comes out.
 */
export function holdTemplate(before: Design, after: Design, template: Template): Design {
  if (!sameTemplate(after.template, before.template)) return after;
  const held = after.elements === before.elements ? after : holdElements(before, after, template);
  return holdPhoto(holdGround(held, template), template.photo);
}

function holdElements(before: Design, after: Design, template: Template): Design {
  const was = (id: string): Element | undefined => before.elements.find((element) => element.id === id);
  const elements = after.elements.map((element) => {
    const part = findPart(template, element.id);
    return part === undefined || element.kind === "photo" ? element : holdElement(was(element.id), element, part);
  });
  for (const [at, element] of before.elements.entries()) {
    const isGone = elements.every(({ id }) => id !== element.id);
    if (isGone && isLocked(template, element.id, "remove")) elements.splice(at, 0, element);
  }
  return { ...after, elements: orderOf(elements, template) };
}
