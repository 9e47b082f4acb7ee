import type { Product, Features } from "#card/products.ts";
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

/** Whether a card of this product need not have a photo. */
export function offersGrounds({ features }: Pick<Product, "features">): boolean {
  return features?.grounds === true;
}

/** Where in the document the first element is that the product does not offer, or the photo is missing; null where it offers them all. */
export function findUnoffered(
  { elements }: Pick<Design, "elements">,
  product: Pick<Product, "features">,
): string | null {
  if (elements[0]?.kind !== "photo" && !offersGrounds(product)) return "elements";
  const at = elements.findIndex((element) => !isOffered(element, product));
  return at < 0 ? null : `elements[${at}]`;
}

/** The design without what the product does not offer: the same one where it offers everything. */
export function keepOffered(design: Design, product: Pick<Product, "features">): Design {
  if (findUnoffered(design, product) === null) return design;
  return { ...design, elements: design.elements.filter((element) => isOffered(element, product)) };
}
