import { findProduct, offerProduct, type Product } from "#card/products.ts";
import { Problem } from "#contracts/problem.ts";
import type { DesignDocument } from "#design/document.ts";
import { listFilters } from "#design/filters/filters.ts";
import type { Design } from "#design/design.ts";
import { isElementOffered, offersGrounds } from "#design/offered.ts";
import { findTextFault } from "#design/text-policy.ts";
import { describeOffers, findIssuer } from "./issuers.ts";
import type { AppParts } from "./parts.ts";
import type { SessionTable } from "./store/schema.ts";

function requireElements(
  { elements }: Design,
  product: Pick<Product, "features" | "ownStickers">,
  productId: string,
): void {
  if (elements[0]?.kind !== "photo" && !offersGrounds(product))
    throw new Problem("not-offered", {
      detail: `body.elements: a card without a photo is not offered with ${productId}.`,
    });
  for (const [index, element] of elements.entries()) {
    const at = `body.elements[${index}]`;
    if (!isElementOffered(element, product))
      throw new Problem("not-offered", { detail: `${at}: such an element is not offered with ${productId}.` });
    const fault = element.kind === "text" ? findTextFault(element, product) : null;
    if (fault === null) continue;
    throw new Problem("not-offered", {
      detail: `${at}.${fault.path}: this is not offered with ${productId}; expected ${fault.expected}.`,
    });
  }
}

/** Throws Problem("not-offered") for a design with what the issuer does not offer with its product. */
export function requireOffers(
  { config }: Pick<AppParts, "config">,
  session: Pick<SessionTable, "issuer_id" | "product_id">,
  design: DesignDocument,
): void {
  if (design.version === 1) return;
  const issuer = findIssuer(config.issuers, session.issuer_id);
  const product = offerProduct(findProduct(session.product_id), describeOffers(issuer, session.product_id));
  requireElements(design, product, session.product_id);
  const filter = design.look?.filter;
  const offered = listFilters(product);
  if (filter === undefined || offered.includes(filter.id)) return;
  const choice = offered.length === 0 ? "none is" : `those are ${offered.join(", ")}`;
  throw new Problem("not-offered", {
    detail: `body.look.filter.id: this filter is not offered with ${session.product_id}; ${choice}.`,
  });
}
