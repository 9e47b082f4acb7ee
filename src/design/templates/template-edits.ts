import { type Design, type Element, plainGround, vectorElementsOf } from "../design.ts";
import type { Edit } from "../edits.ts";
import { freeId, hasRoom, maxElements, rewriteText, setFill } from "../element-edits.ts";
import {
  type Art,
  drawnLengthOf,
  type FindArt,
  maxDrawnLength,
  nameWriting,
  type Text,
  type VectorElement,
} from "../elements.ts";
import { type Ground, sameGround } from "../ground.ts";
import { isOffered, keepOffered } from "../offered.ts";
import { countLines } from "../text-rules.ts";
import {
  findPart,
  fitBox,
  groundFor,
  isLaidAtOnce,
  isReadable,
  mostLinesOf,
  sameTemplate,
  type Template,
  type TemplateElement,
} from "./template.ts";
import { holdPhoto, lacksPhoto, lookAfter, withLook } from "./template-photo.ts";

type ArtSize = Pick<Art, "width" | "height">;

/** A text of the template that says something else, as large as fits its place; null where its letters would be too small to be read. */
function fitText(original: Text, text: string, { width, height }: ArtSize): Text | null {
  const fitted = { ...original, text, box: fitBox({ widthMm: width, heightMm: height }, original.box) };
  return isReadable(fitted, fitted.box) ? fitted : null;
}

/** Whether the outlines of what is written for a slot fit its place. */
export function fitsSlot({ element }: TemplateElement, text: string, art: ArtSize): boolean {
  return element.kind === "text" && fitText(element, text, art) !== null;
}

/** What the cardholder has written in the slots of a template, by the slot's id. */
export function typedTexts(design: Design, template: Template | undefined): ReadonlyMap<string, string> {
  return new Map(
    vectorElementsOf(design).flatMap((element) => {
      const part = findPart(template, element.id);
      if (element.kind !== "text" || part?.element.kind !== "text" || part.locks.content === true) return [];
      return isLaidAtOnce(part) && element.text === part.element.text ? [] : [[element.id, element.text] as const];
    }),
  );
}

/** The texts that are set when the template is laid, with what has been typed in slots of the same ids. */
export function listWritings(template: Template, typed: ReadonlyMap<string, string>): readonly Text[] {
  return template.elements.flatMap((part) => {
    const { element, locks } = part;
    if (element.kind !== "text") return [];
    const written = locks.content === true ? undefined : typed.get(element.id);
    const text = written !== undefined && countLines(written) <= mostLinesOf(part) ? written : undefined;
    if (text !== undefined) return [{ ...element, text }, ...(isLaidAtOnce(part) ? [element] : [])];
    return isLaidAtOnce(part) ? [element] : [];
  });
}

function layPart(part: TemplateElement, writings: readonly Text[], findArt: FindArt): readonly VectorElement[] {
  const { element } = part;
  if (!part.prints) return [];
  if (element.kind !== "text") return isLaidAtOnce(part) ? [element] : [];
  // What was typed comes first, then what stands there without it.
  for (const writing of writings.filter(({ id }) => id === element.id)) {
    const art = findArt(nameWriting(writing));
    const laid = art && fitText(element, writing.text, art);
    if (laid) return [laid];
  }
  return [];
}

function renamed(elements: readonly VectorElement[], taken: readonly { readonly id: string }[]): VectorElement[] {
  return elements.reduce<VectorElement[]>((all, element) => {
    const isTaken = [...taken, ...all].some(({ id }) => id === element.id);
    return [...all, isTaken ? { ...element, id: freeId([...taken, ...elements, ...all]) } : element];
  }, []);
}

/** What is below everything once another template is laid: its own ground, and white where that of the template before lay. */
function groundAfter(design: Design, template: Template | null, before: Template | undefined): Ground {
  if (template?.ground !== undefined) return groundFor(template.ground.fill, design);
  const left = before?.ground;
  return left !== undefined && sameGround(design.ground, groundFor(left.fill, design)) ? plainGround : design.ground;
}

/**
 * Makes the design by a template, in place of the one by which it is made; null takes that off. What is the cardholder's own stays: the
 * elements, and what was typed, which goes to the slot of the same id or else lies there as a text where the product offers texts. Without
 * room for it all, or the photo that the template does not go without, the design stays as it is. `findArt` has the outlines of `listWritings`.
 */
export function layTemplate(template: Template | null, before: Template | undefined, findArt: FindArt): Edit {
  return (design, product) => {
    const photos = design.elements.filter(({ kind }) => kind === "photo");
    const typed = typedTexts(design, before);
    const writings = template === null ? [] : listWritings(template, typed);
    const parts = template?.elements ?? [];
    const lay = (onTop: boolean): readonly VectorElement[] =>
      parts.filter((part) => (part.onTop === true) === onTop).flatMap((part) => layPart(part, writings, findArt));
    const [below, above] = [lay(false), lay(true)];
    const isCarried = ({ id }: VectorElement): boolean =>
      [...below, ...above].some((laid) => laid.id === id && laid.kind === "text" && laid.text === typed.get(id));
    const stays = (element: VectorElement): boolean =>
      findPart(before, element.id) === undefined ||
      (typed.has(element.id) && !isCarried(element) && isOffered(element, product));
    const own = vectorElementsOf(design).filter(stays);
    const ofTemplates = [...parts, ...(before?.elements ?? [])].map(({ element }) => element);
    const elements = [...photos, ...below, ...renamed(own, [...photos, ...ofTemplates]), ...above];
    const isFull = elements.length - photos.length > maxElements - 1 || drawnLengthOf(elements) > maxDrawnLength;
    if (isFull || lacksPhoto(design, template?.photo)) return design;
    const { template: _before, ...others } = design;
    const laid = {
      ...others,
      ground: groundAfter(design, template, before),
      elements,
      ...(template !== null && { template: { id: template.id, version: template.version } }),
    };
    if (photos.length === 0) return laid;
    return holdPhoto(withLook(laid, lookAfter(design, template?.photo, before?.photo)), template?.photo);
  };
}

/**
 * Writes in a slot, in place of what stands there; `art` is the size of its outlines. What does not fit, or is no slot of the template that the
 * design is made by, changes nothing.
 */
export function fillSlot(template: Template, id: string, text: string, art: ArtSize, findArt: FindArt): Edit {
  return (design, product) => {
    const part = findPart(template, id);
    const element = part?.element;
    if (element?.kind !== "text" || !part?.prints || !sameTemplate(design.template, template)) return design;
    if (countLines(text) > mostLinesOf(part)) return design;
    const there = vectorElementsOf(design).find((other) => other.id === id);
    const fitted = fitText(element, text, art);
    if (there?.kind === "text" && part.locks.move !== true) {
      const { face, align } = there;
      return rewriteText(id, { text, face, align }, findArt, art)(design, product);
    }
    if (fitted === null) return design;
    if (there?.kind === "text") {
      const filled = { ...there, text, box: fitted.box };
      return { ...design, elements: design.elements.map((other) => (other === there ? filled : other)) };
    }
    return hasRoom(design) ? { ...design, elements: [...design.elements, fitted] } : design;
  };
}

/** Colours a template's element (`#rrggbb`, lower case), all of a drawing. */
export function colourPart(id: string, fill: string): Edit {
  return (design, product) => {
    const coloured = setFill(id, fill)(design, product);
    const colourAll = (element: Element): Element =>
      element.id === id && element.kind === "drawing"
        ? { ...element, art: { ...element.art, ops: element.art.ops.map((op) => ({ ...op, fill })) } }
        : element;
    return { ...coloured, elements: coloured.elements.map(colourAll) };
  };
}

const ownId = /^(e\d+|photo)$/;

/** Whether an element is the cardholder's own, as far as can be told where the design's template is not there. */
export function isOwn({ id }: Pick<Element, "id">, { template }: Pick<Design, "template">): boolean {
  return template === undefined || ownId.test(id);
}

/**
 * A design whose template is not there any more, as one of the cardholder's own: texts stay where the product offers them, whatever else the
 * template has laid goes with it.
 */
export function detachTemplate({ template, ...design }: Design, product: Parameters<Edit>[1]): Design {
  if (template === undefined) return keepOffered(holdPhoto(design, undefined), product);
  const kept = design.elements.filter(({ id, kind }) => kind === "photo" || kind === "text" || ownId.test(id));
  const photo = kept.filter(({ kind }) => kind === "photo");
  const isOfTemplate = ({ id }: VectorElement): boolean => !ownId.test(id);
  const vectors = vectorElementsOf({ elements: kept });
  const elements = [...photo, ...renamed(vectors, vectors.filter(isOfTemplate))];
  return keepOffered(holdPhoto({ ...design, elements }, undefined), product);
}
