import type { Features, OwnSticker, Product } from "#card/products.ts";
import type { Design, Element } from "./design.ts";
import type { VectorElement } from "./elements.ts";
import { mendGround } from "./ground-policy.ts";
import { listFilters } from "./filters/filters.ts";
import { findOtherContent, findPart, type Template, type TemplateElement } from "./templates/template.ts";
import { findSlotFault, findTextFault, mendText } from "./text-policy.ts";

const featureOf = {
  shape: "shapes",
  sticker: "stickers",
  drawing: "drawings",
  text: "texts",
} as const satisfies Readonly<Record<VectorElement["kind"], keyof Features>>;

/** Whether the product's cardholders may have such an element on their card. */
export function isOffered({ kind }: Pick<Element, "kind">, { features }: Pick<Product, "features">): boolean {
  if (kind === "photo") return true;
  const offered = features?.[featureOf[kind]];
  return offered === true || typeof offered === "object";
}

type Offers = Pick<Product, "features" | "ownStickers">;

const ownPrefix = "own.";

type Named = Pick<OwnSticker, "id" | "address">;

/** Under which designs name an issuer's own sticker: with the beginning of its outlines' SHA-256, so that one that is drawn anew is another. */
export function nameOwnSticker({ id, address }: Named): string {
  const [, drawing] = /\/([0-9a-f]{16})[0-9a-f]{48}\.json$/.exec(address) ?? [];
  return ownPrefix + (drawing === undefined ? id : `${id}-${drawing}`);
}

/** All names that mean this sticker: designs of before named it by its id alone, whatever it looked like. */
export function namesOfOwnSticker(own: Named): readonly string[] {
  return [...new Set([nameOwnSticker(own), ownPrefix + own.id])];
}

/** Whether a card of this product need not have a photo. */
export function offersGrounds({ features }: Pick<Product, "features">): boolean {
  return features?.grounds !== undefined && features.grounds !== false;
}

/** Whether a filter may lie over the photo: the product offers it, or the template has it. */
export function isFilterOffered(
  id: string,
  product: Pick<Product, "features" | "ownFilters">,
  template: Template | undefined,
): boolean {
  return template?.photo?.look?.filter?.id === id || listFilters(product).includes(id);
}

/** Whether it may be there, and its picture is one of ours or of this issuer's. */
export function isElementOffered(element: Element, product: Offers): boolean {
  const isForeign =
    element.kind === "sticker" &&
    element.art.startsWith(ownPrefix) &&
    product.ownStickers?.some((own) => namesOfOwnSticker(own).includes(element.art)) !== true;
  return isOffered(element, product) && !isForeign;
}

/**
 * Whether what a template's element shows may be there: what the template has, whichever text, and what the product takes from cardholders.
 */
export function isPartOffered(element: Element, { element: original }: TemplateElement, product: Offers): boolean {
  if (element.kind === "photo" || element.kind === "text") return true;
  return findOtherContent(element, original) === null || isElementOffered(element, product);
}

/**
 * The element as the product takes it, a text in one of its colours and as large as it asks; none where it takes none such. What the template has
 * is taken as it is, but for what is written there in letters that the product does not print, or on too many lines; it is laid again where it shows something else that is
 * not offered.
 */
function keepElement(element: Element, product: Offers, template: Template | undefined): Element[] {
  const part = findPart(template, element.id);
  if (part !== undefined && element.kind === "text" && part.locks.content !== true)
    return findSlotFault(element.text, product) === null ? [element] : [];
  if (part !== undefined) return [isPartOffered(element, part, product) ? element : part.element];
  if (!isElementOffered(element, product)) return [];
  if (element.kind !== "text") return [element];
  const mended = mendText(element, product);
  return findTextFault(mended, product) === null ? [mended] : [];
}

/**
 * Where in the document the first element is that neither the product takes at all nor the template has, or the photo is missing; null where all
 * can be kept.
 */
export function findUnoffered(
  { elements }: Pick<Design, "elements">,
  product: Offers,
  template?: Template,
): string | null {
  if (elements[0]?.kind !== "photo" && !offersGrounds(product)) return "elements";
  const at = elements.findIndex((element) => keepElement(element, product, template).length === 0);
  return at < 0 ? null : `elements[${at}]`;
}

/** The design without what neither the product offers nor the template has, on a ground that it offers: the same one where everything is taken as it is. */
export function keepOffered(design: Design, product: Offers, template?: Template): Design {
  const elements = design.elements.flatMap((element) => keepElement(element, product, template));
  const isSame =
    elements.length === design.elements.length && elements.every((element, at) => element === design.elements[at]);
  const ground = mendGround(design.ground, design, product, template);
  return isSame && ground === design.ground ? design : { ...design, ground, elements };
}
