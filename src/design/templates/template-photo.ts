import { findProduct } from "#card/products.ts";
import { openingPlacement } from "#card/sharpness.ts";
import { type Design, type Photo, photoOf, samePlacement } from "../design.ts";
import { type Look, lookOf, sameLook } from "../look.ts";

/** What its cardholders cannot change of the photo; what is left out is theirs. */
export interface PhotoLocks {
  /** It lies as small as covers its place, in the middle, as it was taken. */
  readonly move?: boolean | undefined;
  /** Its filter, and how its light and colours are adjusted. */
  readonly style?: boolean | undefined;
  /** There is one on the card; which one is theirs. */
  readonly remove?: boolean | undefined;
}

/** What a template says of the cardholder's photo. */
export interface TemplatePhoto {
  /** How it looks to begin with, or for good where `style` is locked; left out: as it was taken. */
  readonly look?: Look | undefined;
  readonly locks: PhotoLocks;
}

/** Where a photo lies that is not to be moved. Undefined on a product that is not known. */
function fixedPlacement(photo: Photo, productId: string): Photo["placement"] | undefined {
  const product = findProduct(productId);
  return product && openingPlacement(photo, product);
}

function isInPlace(photo: Photo, { productId }: Design): boolean {
  const fixed = fixedPlacement(photo, productId);
  return fixed === undefined || samePlacement(photo.placement, fixed);
}

/** Whether a design lacks the photo that its template does not go without. */
export function lacksPhoto(design: Design, template: TemplatePhoto | undefined): boolean {
  return template?.locks.remove === true && photoOf(design) === null;
}

/** Where the photo of a design is not as its template has it locked, as `findBreach` says it; null where it is. */
export function findPhotoBreach(design: Design, template: TemplatePhoto | undefined): string | null {
  if (template === undefined) return null;
  const photo = photoOf(design);
  if (photo === null) return lacksPhoto(design, template) ? "template" : null;
  if (template.locks.move === true && !isInPlace(photo, design)) return "elements[0].placement";
  return template.locks.style === true && !sameLook(design.look, template.look) ? "look" : null;
}

/** With this look; undefined takes it away. */
export function withLook({ look: _before, ...design }: Design, look: Look | undefined): Design {
  return look === undefined ? design : { ...design, look };
}

/** The design with its photo as its template has it locked: the same one where it is so. */
export function holdPhoto(design: Design, template: TemplatePhoto | undefined): Design {
  const photo = photoOf(design);
  if (template === undefined || photo === null) return design;
  const isStyled = template.locks.style !== true || sameLook(design.look, template.look);
  const styled = isStyled ? design : withLook(design, template.look);
  if (template.locks.move !== true || isInPlace(photo, design)) return styled;
  const placement = fixedPlacement(photo, design.productId) ?? photo.placement;
  return { ...styled, elements: design.elements.map((one) => (one === photo ? { ...photo, placement } : one)) };
}

/** How the photo looks once another template is laid: as that has it, and as it was taken where the one before had it so. */
export function lookAfter(
  design: Design,
  template: TemplatePhoto | undefined,
  before: TemplatePhoto | undefined,
): Look | undefined {
  if (template?.look !== undefined || template?.locks.style === true) return template.look;
  const isOfTemplate = before?.look !== undefined && sameLook(design.look, before.look);
  return isOfTemplate ? undefined : lookOf(design);
}
