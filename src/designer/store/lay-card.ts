import { coverPlacement, type Placement } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import { openingPlacement } from "#card/sharpness.ts";
import { allowedVeil } from "#card/veil.ts";
import { createDesign, type Design, nameCard, photoOf, vectorElementsOf } from "#design/design.ts";
import { filterPhoto, layVeil, putPhoto } from "#design/edits.ts";
import type { Ground } from "#design/ground.ts";
import { mendGround } from "#design/ground-policy.ts";
import { applyEdit, forgetUntil, type History, startHistory } from "#design/history.ts";
import { isFilterOffered, keepOffered } from "#design/offered.ts";
import { findBreach, holdGround } from "#design/templates/template.ts";
import { detachTemplate } from "#design/templates/template-edits.ts";
import { holdPhoto, lacksPhoto, withLook } from "#design/templates/template-photo.ts";
import { findTemplate } from "#design/templates/templates.ts";
import type { OpenPhoto } from "#image/client.ts";

/** The design as it was kept, with its photo as it is now where it has one, and without what this card does not take. */
export function layAgain(photo: OpenPhoto | null, kept: Design, product: Product): Design {
  const ofProduct = { ...kept, productId: product.id };
  const template = findTemplate(kept.template, product);
  const byTemplate = keepOffered(ofProduct, product, template);
  // What was left out may be what the template does not go without.
  const holds = template !== undefined && findBreach(byTemplate, template) === null;
  const offered = holds ? byTemplate : detachTemplate(ofProduct, product);
  const veiled = layVeil(allowedVeil(kept.veil, product) ?? null)(offered, product);
  const { filter } = kept.look ?? {};
  const hasFilter = filter === undefined || isFilterOffered(filter.id, product, holds ? template : undefined);
  const laid = hasFilter ? veiled : filterPhoto(null)(veiled, product);
  if (photo === null) return laid;
  const put = putPhoto(photo, photoOf(kept)?.placement ?? openingPlacement(photo, product))(laid, product);
  return holdPhoto(put, holds ? template.photo : undefined);
}

/** The card that is there, if there is one. */
export interface Before {
  readonly history: History;
  readonly isBegun: boolean;
}

/** Undo leads back to the card that is there, and no further than to where that one began: two photos at most are held open. */
function layAfter({ history, isBegun }: Before, next: Design): History {
  if (!isBegun) return startHistory(next);
  const last = nameCard(history.present);
  return applyEdit(
    forgetUntil(history, (design) => nameCard(design) === last),
    () => next,
  );
}

/** An empty card with what lies on the one that is there: that is the cardholder's work, and stays. */
function keepWork({ history }: Before, product: Product): Design {
  const { template } = history.present;
  const elements = vectorElementsOf(history.present);
  return { ...createDesign(product), elements, ...(template !== undefined && { template }) };
}

/** What was laid goes on the ground that the template of the card fixes, if it does. */
function onItsGround(design: Design, product: Product): Design {
  return holdGround(design, findTemplate(design.template, product));
}

/** A card without a photo, on which lies what lies on the one that is there. */
export function layBare(before: Before, as: Ground | Design, product: Product): History {
  const isKept = typeof as !== "string" && "version" in as;
  if (isKept) return layAfter(before, layAgain(null, as, product));
  const work = keepWork(before, product);
  const isAlone = lacksPhoto(work, findTemplate(work.template, product)?.photo);
  const bare = isAlone ? detachTemplate(work, product) : work;
  return layAfter(before, onItsGround({ ...bare, ground: mendGround(as, bare, product) }, product));
}

/** A photo on a card of its own: in place of the one that is there, or turned where it has to be, which both can be undone. */
export function layNew(
  before: Before,
  photo: OpenPhoto,
  as: Placement | Design | undefined,
  product: Product,
): History {
  const put = (at: Placement): Design => {
    const laid = onItsGround(putPhoto(photo, at)(keepWork(before, product), product), product);
    const ofTemplate = findTemplate(laid.template, product)?.photo;
    return holdPhoto(withLook(laid, ofTemplate?.look), ofTemplate);
  };
  const opening = photo.suggestions[0]?.placement ?? openingPlacement(photo, product);
  const next = as !== undefined && "version" in as ? layAgain(photo, as, product) : put(as ?? opening);
  if (before.isBegun) return layAfter(before, next);
  if (as !== undefined || opening.rotationDeg === 0) return startHistory(next);
  return applyEdit(startHistory(put(coverPlacement(photo, product))), () => next);
}
