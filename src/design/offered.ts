import type { Product, Features } from "#card/products.ts";
import type { Design, Element } from "./design.ts";
import type { VectorElement } from "./elements.ts";
import { findPart, type Template } from "./templates/template.ts";

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

/** Where in the document the first element is that neither the product offers nor the template has; null where there is none. */
export function findUnoffered(
  { elements }: Pick<Design, "elements">,
  product: Pick<Product, "features">,
  template?: Template,
): string | null {
  const at = elements.findIndex(
    (element) => findPart(template, element.id) === undefined && !isOffered(element, product),
  );
  return at < 0 ? null : `elements[${at}]`;
}

/** The design without what neither the product offers nor the template has: the same one where that is all of it. */
export function keepOffered(design: Design, product: Pick<Product, "features">, template?: Template): Design {
  if (findUnoffered(design, product, template) === null) return design;
  const isKept = (element: Element): boolean =>
    findPart(template, element.id) !== undefined || isOffered(element, product);
  return { ...design, elements: design.elements.filter(isKept) };
}
