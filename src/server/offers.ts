import { findProduct, offerProduct, type Product } from "#card/products.ts";
import { Problem } from "#contracts/problem.ts";
import type { Design } from "#design/design.ts";
import type { DesignDocument } from "#design/document.ts";
import { listFilters } from "#design/filters/filters.ts";
import { groundPolicyOf, isGroundOffered } from "#design/ground-policy.ts";
import { isElementOffered, isFilterOffered, isPartOffered, offersGrounds } from "#design/offered.ts";
import { listBuiltIn } from "#design/templates/built-in.ts";
import { findBreach, findPart, sameTemplate, type Template } from "#design/templates/template.ts";
import { findPhotoBreach } from "#design/templates/template-photo.ts";
import { isTemplateAllowed, listTemplates } from "#design/templates/templates.ts";
import { findSlotFault, findTextFault } from "#design/text-policy.ts";
import { describeOffers, findIssuer, type Issuer } from "./issuers.ts";
import type { AppParts } from "./parts.ts";
import type { SessionTable } from "./store/schema.ts";

/** What the template has is the issuer's own, and taken as it is. */
function requireElements(
  { elements }: Design,
  product: Pick<Product, "features" | "ownStickers">,
  template: Template | undefined,
  productId: string,
): void {
  if (elements[0]?.kind !== "photo" && !offersGrounds(product))
    throw new Problem("not-offered", {
      detail: `body.elements: a card without a photo is not offered with ${productId}.`,
    });
  for (const [index, element] of elements.entries()) {
    const at = `body.elements[${index}]`;
    const part = findPart(template, element.id);
    if (part !== undefined && isPartOffered(element, part, product)) {
      const isWritten = element.kind === "text" && part.locks.content !== true;
      const wrong = isWritten ? findSlotFault(element.text, product) : null;
      if (wrong === null) continue;
      const has = wrong === "other-script" ? "letters that are not" : "more lines than are";
      throw new Problem("not-offered", { detail: `${at}.text: it has ${has} offered with ${productId}.` });
    }
    if (!isElementOffered(element, product))
      throw new Problem("not-offered", { detail: `${at}: such an element is not offered with ${productId}.` });
    const fault = element.kind === "text" ? findTextFault(element, product) : null;
    if (fault === null) continue;
    throw new Problem("not-offered", {
      detail: `${at}.${fault.path}: this is not offered with ${productId}; expected ${fault.expected}.`,
    });
  }
}

function requireGround(
  design: Design,
  product: Pick<Product, "features">,
  template: Template | undefined,
  productId: string,
): void {
  if (isGroundOffered(design.ground, design, product, template)) return;
  const { colours = [], gradients = [] } = groundPolicyOf(product) ?? {};
  const pairs = gradients.map(({ from, to }) => `${from} to ${to}`);
  throw new Problem("not-offered", {
    detail: `body.ground: this is not offered with ${productId}; those are ${[...colours, ...pairs].join(", ")}.`,
  });
}

/**
 * Throws Problem("not-offered") for a design with what the issuer does not offer with its product, and Problem("template-broken") for one that
 * does not hold what its template locks.
 */
export function requireOffers(
  { config }: Pick<AppParts, "config">,
  session: Pick<SessionTable, "issuer_id" | "product_id">,
  design: DesignDocument,
): void {
  if (design.version === 1) return;
  const issuer = findIssuer(config.issuers, session.issuer_id);
  const plain = findProduct(session.product_id);
  const product = offerProduct(plain, describeOffers(issuer, session.product_id));
  const template = plain === undefined ? undefined : requireTemplate(issuer, { ...plain, ...product }, design);
  requireElements(design, product, template, session.product_id);
  requireGround(design, product, template, session.product_id);
  const filter = design.look?.filter;
  if (filter === undefined || isFilterOffered(filter.id, product, template)) return;
  const offered = listFilters(product);
  const choice = offered.length === 0 ? "none is" : `those are ${offered.join(", ")}`;
  throw new Problem("not-offered", {
    detail: `body.look.filter.id: this filter is not offered with ${session.product_id}; ${choice}.`,
  });
}

/** The template that the design names, as this server has it: nothing about it is taken from the design. */
function requireTemplate(issuer: Issuer | undefined, product: Product, design: Design): Template | undefined {
  const ref = design.template;
  const unasked = ref === undefined ? findPhotoBreach(design, undefined) : null;
  if (unasked !== null)
    throw new Problem("not-offered", {
      detail: `body.${unasked}: only a template has the photo cover a part of the card.`,
    });
  if (ref === undefined) return undefined;
  const all = [...listBuiltIn(product), ...(issuer?.ownTemplates ?? []).map(({ template }) => template)];
  const template = isTemplateAllowed(ref, product) ? all.find((one) => sameTemplate(one, ref)) : undefined;
  if (template === undefined) {
    const offered = listTemplates(product).map(({ id, version }) => `${id} (version ${version})`);
    const choice = offered.length === 0 ? "none is" : `those are ${offered.join(", ")}`;
    throw new Problem("not-offered", {
      detail: `body.template: this template, or this version of it, is not offered with ${product.id}; ${choice}.`,
    });
  }
  const breach = findBreach(design, template);
  if (breach === null) return template;
  throw new Problem("template-broken", {
    detail: `body.${breach}: this is not as version ${template.version} of the template ${template.id} fixes it.`,
  });
}
