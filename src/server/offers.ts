import { findProduct } from "#card/products.ts";
import { Problem } from "#contracts/problem.ts";
import type { DesignDocument } from "#design/document.ts";
import { listFilters } from "#design/filters/filters.ts";
import { describeOffers, findIssuer } from "./issuers.ts";
import type { AppParts } from "./parts.ts";
import type { SessionTable } from "./store/schema.ts";

/** Throws Problem("not-offered") for a design with what the issuer does not offer with its product. */
export function requireOffers(
  { config }: Pick<AppParts, "config">,
  session: Pick<SessionTable, "issuer_id" | "product_id">,
  design: DesignDocument,
): void {
  const filter = design.version === 2 ? design.look?.filter : undefined;
  if (filter === undefined) return;
  const issuer = findIssuer(config.issuers, session.issuer_id);
  const offered = listFilters({ ...findProduct(session.product_id), ...describeOffers(issuer, session.product_id) });
  if (offered.includes(filter.id)) return;
  const choice = offered.length === 0 ? "none is" : `those are ${offered.join(", ")}`;
  throw new Problem("not-offered", {
    detail: `body.look.filter.id: this filter is not offered with ${session.product_id}; ${choice}.`,
  });
}
