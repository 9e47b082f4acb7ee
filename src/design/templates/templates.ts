import type { Product } from "#card/products.ts";
import type { TemplateRef } from "../design.ts";
import { builtInIds, listBuiltIn } from "./built-in.ts";
import { type Names, sameTemplate, type Template } from "./template.ts";

/** A template as it is offered, before its content is there. */
export interface OfferedTemplate extends TemplateRef {
  readonly names: Names;
}

/** Whether ids of these features are offered; an issuer's own are, unless something else is said. */
function isAllowed(id: string, isOwn: boolean, { features }: Pick<Product, "features">): boolean {
  const offered = features?.templates ?? isOwn;
  return typeof offered === "boolean" ? offered : offered.includes(id);
}

/** All that a design of this product may be made by, the issuer's own first, the latest version of each before the others. */
function listAllowed(product: Product): readonly OfferedTemplate[] {
  const own = (product.ownTemplates ?? []).filter(({ id }) => isAllowed(id, true, product));
  const builtIn = listBuiltIn(product).filter(({ id }) => isAllowed(id, false, product));
  return [...[...own].sort((one, other) => other.version - one.version), ...builtIn];
}

/** The templates that a product offers, each in its latest version, the issuer's own first. */
export function listTemplates(product: Product): readonly OfferedTemplate[] {
  const all = listAllowed(product);
  return all.filter(({ id }, at) => all.findIndex((other) => other.id === id) === at);
}

/** Whether a design of this product may be made by it: also by an earlier version that the issuer still has. */
export function isTemplateAllowed(ref: TemplateRef, product: Product): boolean {
  return listAllowed(product).some((offered) => sameTemplate(offered, ref));
}

export function isBuiltIn(id: string): boolean {
  return builtInIds.some((builtIn) => builtIn === id);
}

const issuersOwn = new Map<string, Template>();

/** Has `findTemplate` know one of the issuer's own: for as long as the page lasts. */
export function addTemplate(template: Template): void {
  issuersOwn.set(`${template.id} ${template.version}`, template);
}

/** The template that a design of this product is made by; undefined where it is not offered, or its content is not there yet. */
export function findTemplate(ref: TemplateRef | undefined, product: Product): Template | undefined {
  if (ref === undefined || !isTemplateAllowed(ref, product)) return undefined;
  if (isBuiltIn(ref.id)) return listBuiltIn(product).find((template) => sameTemplate(template, ref));
  return issuersOwn.get(`${ref.id} ${ref.version}`);
}
