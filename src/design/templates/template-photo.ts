import { findProduct } from "#card/products.ts";
import { carryPlacement } from "#card/placement.ts";
import { type Region, sameRegion } from "#card/region.ts";
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
  /** The part of the card that it covers, and outside of which nothing of it is seen; left out: the whole card. */
  readonly region?: Region | undefined;
  /** How it looks to begin with, or for good where `style` is locked; left out: as it was taken. */
  readonly look?: Look | undefined;
  readonly locks: PhotoLocks;
}

/** Whether a design lacks the photo that its template does not go without. */
export function lacksPhoto(design: Design, template: TemplatePhoto | undefined): boolean {
  return template?.locks.remove === true && photoOf(design) === null;
}

/** Where the photo of a design is not as its template has it locked, as `findBreach` says it; null where it is. */
export function findPhotoBreach(design: Design, template: TemplatePhoto | undefined): string | null {
  const photo = photoOf(design);
  if (photo === null) return lacksPhoto(design, template) ? "template" : null;
  if (!sameRegion(photo.region, template?.region)) return "elements[0].region";
  if (template === undefined) return null;
  if (placeIn(photo, template, design) !== photo) return "elements[0].placement";
  return template.locks.style === true && !sameLook(design.look, template.look) ? "look" : null;
}

/** With this look; undefined takes it away. */
export function withLook({ look: _before, ...design }: Design, look: Look | undefined): Design {
  return look === undefined ? design : { ...design, look };
}

/** A photo where a template has it; zoomed as it was, where that is the cardholder's to say. */
function placeIn(photo: Photo, template: TemplatePhoto | undefined, { productId }: Pick<Design, "productId">): Photo {
  const product = findProduct(productId);
  if (product === undefined) return photo;
  const { region: before, ...others } = photo;
  const region = template?.region;
  const isThere = sameRegion(before, region);
  const placement = isThere ? photo.placement : carryPlacement(photo.placement, photo, region, product);
  const carried = isThere ? photo : { ...others, placement, ...(region && { region }) };
  if (template?.locks.move !== true) return carried;
  const fixed = openingPlacement(carried, product);
  return samePlacement(carried.placement, fixed) ? carried : { ...carried, placement: fixed };
}

/**
 * The design with its photo where its template has it, and as that is locked: the same one where it is so. Without a template the photo covers the
 * whole card.
 */
export function holdPhoto(design: Design, template: TemplatePhoto | undefined): Design {
  const photo = photoOf(design);
  if (photo === null) return design;
  const isStyled = template?.locks.style !== true || sameLook(design.look, template.look);
  const styled = isStyled ? design : withLook(design, template.look);
  const placed = placeIn(photo, template, design);
  return placed === photo
    ? styled
    : { ...styled, elements: design.elements.map((one) => (one === photo ? placed : one)) };
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
