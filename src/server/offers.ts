import { findProduct, offerProduct } from "#card/products.ts";
import { Problem } from "#contracts/problem.ts";
import type { DesignDocument } from "#design/document.ts";
import { listFilters } from "#design/filters/filters.ts";
import { findUnoffered } from "#design/offered.ts";
import { describeOffers, findIssuer } from "./issuers.ts";
import type { AppParts } from "./parts.ts";
import type { SessionTable } from "./store/schema.ts";

/** Throws Problem("not-offered") for a design with what the issuer does not offer with its product. */
export function requireOffers(
  { config }: Pick<AppParts, "config">,
  session: Pick<SessionTable, "issuer_id" | "product_id">,
  design: DesignDocument,
): void {
  if (design.version === 1) return;
  const issuer = findIssuer(config.issuers, session.issuer_id);
  const product = offerProduct(findProduct(session.product_id), describeOffers(issuer, session.product_id));
  const path = findUnoffered(design, product);
  if (path !== null) {
    throw new Problem("not-offered", {
      detail:
        path === "elements"
          ? `body.elements: a card without a photo is not offered with ${session.product_id}.`
          : `body.${path}: such an element is not offered with ${session.product_id}.`,
    });
  }
  const filter = design.look?.filter;
  const offered = listFilters(product);
  if (filter === undefined || offered.includes(filter.id)) return;
  const choice = offered.length === 0 ? "none is" : `those are ${offered.join(", ")}`;
  throw new Problem("not-offered", {
    detail: `body.look.filter.id: this filter is not offered with ${session.product_id}; ${choice}.`,
  });
}
