import type { Features, OwnSticker, Product } from "#card/products.ts";
import type { Design, Element } from "./design.ts";
import type { VectorElement } from "./elements.ts";

const featureOf = {
  shape: "shapes",
  sticker: "stickers",
  drawing: "drawings",
  text: "texts",
} as const satisfies Readonly<Record<VectorElement["kind"], keyof Features>>;

/** Whether the product's cardholders may have such an element on their card. */
export function isOffered({ kind }: Pick<Element, "kind">, { features }: Pick<Product, "features">): boolean {
  return kind === "photo" || features?.[featureOf[kind]] === true;
}

type Offers = Pick<Product, "features" | "ownStickers">;

const ownPrefix = "own.";

/** Under which designs name an issuer's own sticker. */
export function nameOwnSticker({ id }: Pick<OwnSticker, "id">): string {
  return ownPrefix + id;
}

/** Whether it may be there, and its picture is one of ours or of this issuer's. */
function isElementOffered(element: Element, product: Offers): boolean {
  const isForeign =
    element.kind === "sticker" &&
    element.art.startsWith(ownPrefix) &&
    product.ownStickers?.some((own) => nameOwnSticker(own) === element.art) !== true;
  return isOffered(element, product) && !isForeign;
}

/** Where in the document the first element is that the product does not offer; null where it offers them all. */
export function findUnoffered({ elements }: Pick<Design, "elements">, product: Offers): string | null {
  const at = elements.findIndex((element) => !isElementOffered(element, product));
  return at < 0 ? null : `elements[${at}]`;
}

/** The design without what the product does not offer: the same one where it offers everything. */
export function keepOffered(design: Design, product: Offers): Design {
  if (findUnoffered(design, product) === null) return design;
  return { ...design, elements: design.elements.filter((element) => isElementOffered(element, product)) };
}
