import type { GroundPolicy, Product } from "#card/products.ts";
import { type Design, plainGround } from "./design.ts";
import { type Ground, isGradient, sameGround, seenApart } from "./ground.ts";
import { groundFor, type Template } from "./templates/template.ts";

type Offering = Pick<Product, "features">;

/** The only grounds that a product offers; undefined where there may be any. */
export function groundPolicyOf({ features }: Offering): GroundPolicy | undefined {
  return typeof features?.grounds === "object" ? features.grounds : undefined;
}

/** Swapped, its colours run the other way: that is a direction like the others. */
function isListed(ground: Ground, { colours, gradients = [] }: GroundPolicy): boolean {
  if (!isGradient(ground)) return colours.includes(ground);
  const { from, to } = ground;
  return gradients.some((one) => (one.from === from && one.to === to) || (one.from === to && one.to === from));
}

/** Whether such a ground may be below what lies on a card: the product or the template has it, or it is the white below a photo. */
export function isGroundOffered(
  ground: Ground,
  { elements }: Pick<Design, "elements">,
  product: Offering,
  template?: Template,
): boolean {
  const policy = groundPolicyOf(product);
  if (policy === undefined || isListed(ground, policy)) return true;
  const fill = template?.ground?.fill;
  if (fill !== undefined && sameGround(ground, groundFor(fill, { elements }))) return true;
  return elements[0]?.kind === "photo" && ground === plainGround;
}

/** The same ground where the product offers it, or else the colour of its that looks most like it. */
export function mendGround(
  ground: Ground,
  design: Pick<Design, "elements">,
  product: Offering,
  template?: Template,
): Ground {
  if (isGroundOffered(ground, design, product, template)) return ground;
  const wanted = isGradient(ground) ? ground.from : ground;
  const [first = plainGround, ...others] = groundPolicyOf(product)?.colours ?? [];
  return others.reduce((best, colour) => (seenApart(colour, wanted) < seenApart(best, wanted) ? colour : best), first);
}
