import type { GradientColours, GroundPolicy, Product } from "#card/products.ts";
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

/** The nearest of these by how far apart they are seen. */
function nearestOf<One>(all: readonly [One, ...One[]], apart: (one: One) => number): One {
  return all.reduce((best, one) => (apart(one) < apart(best) ? one : best));
}

/** The same ground where the product offers it, or else that of its colours, for a gradient of its gradients, that looks most like it. */
export function mendGround(
  ground: Ground,
  design: Pick<Design, "elements">,
  product: Offering,
  template?: Template,
): Ground {
  if (isGroundOffered(ground, design, product, template)) return ground;
  const { colours = [], gradients = [] } = groundPolicyOf(product) ?? {};
  if (isGradient(ground)) {
    const [first, ...others] = gradients;
    const apart = ({ from, to }: GradientColours): number => seenApart(from, ground.from) + seenApart(to, ground.to);
    if (first !== undefined) return { ...ground, ...nearestOf([first, ...others], apart) };
  }
  const [first = plainGround, ...others] = colours;
  const wanted = isGradient(ground) ? ground.from : ground;
  return nearestOf([first, ...others], (colour) => seenApart(colour, wanted));
}
