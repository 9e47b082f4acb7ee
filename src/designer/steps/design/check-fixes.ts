import { measureBrightness } from "#card/crop-light.ts";
import { litAt, moveAway } from "#card/flaws.ts";
import { finish, type InSteps } from "#card/in-steps.ts";
import { coverPlacement, coverScale, normaliseDegrees, type Placement } from "#card/placement.ts";
import { isPrintedLine, type Product } from "#card/products.ts";
import { judgeCrop, judgeSharpness } from "#card/sharpness.ts";
import { suggestVeil } from "#card/suggest-veil.ts";
import { adjustPhoto, type Change, type Edit, layVeil, place, zoomTo } from "#design/edits.ts";
import { moveBoxBy } from "#design/element-box.ts";
import { placeElement, setFill } from "#design/element-edits.ts";
import { extentOf, findElementFlaw, moveIntoSight } from "#design/element-places.ts";
import type { Text, VectorElement } from "#design/elements.ts";
import { adjustmentsOf, liftTo } from "#design/look.ts";
import { isLocked } from "#design/templates/template.ts";
import { findTemplate } from "#design/templates/templates.ts";
import { textLimitsOf } from "#design/text-policy.ts";
import type { CardFacts } from "../../store/photo-facts.ts";
import { checksOf, contrastOfText, type DesignCheck, isBlurred } from "./design-checks.ts";

/** What puts a check right: one step that can be undone. */
export interface Fix {
  readonly edit: Edit;
  readonly does: "zooms-out" | "turns" | "moves" | "lightens" | "veils" | "recolours" | "clears";
}

const known = new WeakMap<DesignCheck, Fix | null>();

/**
 * Looks for the edit that mends what the check says, tried against all checks: null where nothing is wrong, or nothing mends it without
 * something else being refused for it. What has been found for a check is there at once.
 */
export function* searchFix(check: DesignCheck, facts: CardFacts, product: Product): InSteps<Fix | null> {
  const before = known.get(check);
  if (before !== undefined) return before;
  let found: Fix | null = null;
  const candidates = candidatesOf(check, facts, product);
  for (let next = candidates.next(); next.done !== true && found === null; next = candidates.next()) {
    if (next.value !== undefined && (yield* isMended(check, next.value, facts, product))) found = next.value;
    yield;
  }
  known.set(check, found);
  return found;
}

/** The same at once, which takes longer than a frame where it is not known. */
export function findFix(check: DesignCheck, facts: CardFacts, product: Product): Fix | null {
  return finish(searchFix(check, facts, product));
}

type Candidates = Generator<Fix | undefined, void>;

const badness = { ok: 0, warn: 1, problem: 2 } as const;

function* isMended(check: DesignCheck, { edit }: Fix, facts: CardFacts, product: Product): InSteps<boolean> {
  const after = yield* facts.after(edit, product);
  if (after === null) return false;
  const [before, then] = [checksOf(facts, product), checksOf(after, product)];
  const left = then.find(({ id }) => id === check.id);
  const isBetter = left === undefined || badness[left.tone] < badness[check.tone];
  const isNew = ({ id }: DesignCheck): boolean => !before.some((other) => other.id === id && other.refused);
  return isBetter && !then.some((other) => other.refused && isNew(other));
}

/** The gentlest first; one is looked for when those before it do not help. Between them nothing is given while they are looked for. */
function* candidatesOf(check: DesignCheck, facts: CardFacts, product: Product): Candidates {
  if (check.element !== undefined) {
    const { element } = check;
    const template = findTemplate(facts.template, product);
    const change = isLocked(template, element.id, "move") ? null : moveIntoSight(element, product);
    if (change !== null) yield { edit: placeElement(element.id, change), does: "moves" };
    if (check.kind === "element-faint" && element.kind === "text" && !isLocked(template, element.id, "style"))
      yield recolour(element, facts, product);
  }
  switch (check.id) {
    case "sharpness":
      return yield* sharpen(check, facts, product);
    case "cover":
    case "cut":
      return yield* moveOff(check.id, facts, product);
    case "lines": {
      if (check.kind === "lines-covered") yield* clearLines(facts, product);
      // The photo stays as it was laid.
      const veil = suggestVeil(facts.photo.placement, facts, facts.colours, product);
      if (veil !== null) yield { edit: layVeil(veil), does: "veils" };
      return yield* moveOff(check.id, facts, product);
    }
    case "light":
      if (check.kind === "dark" && mayChange("style", facts, product)) yield* lighten(facts, product);
      return;
    case "flat":
    // Something else on the card is the cardholder's to choose.
  }
}

/** Whether there is a photo, and its template lets it be changed so. */
function mayChange(what: "move" | "style", { photo, template }: CardFacts, product: Product): boolean {
  return photo.kind === "photo" && !isLocked(findTemplate(template, product), photo.id, what);
}

/** The colour in which a text is read best, of those that it may have: black or white where it may have any. */
function recolour(text: Text, facts: CardFacts, product: Product): Fix {
  const colours = textLimitsOf(product).colours ?? ["#ffffff", "#000000"];
  const contrastOf = (fill: string): number => contrastOfText(text, fill, facts, product) ?? 0;
  const best = colours.reduce((one, other) => (contrastOf(other) > contrastOf(one) ? other : one), text.fill);
  return { edit: setFill(text.id, best), does: "recolours" };
}

const clearanceMm = 0.5;

/** Moving one of the elements off the printed lines, the uppermost first, by as little as that takes. */
function clearLines({ elements, template: ref }: CardFacts, product: Product): readonly Fix[] {
  const template = findTemplate(ref, product);
  const topmost = elements.map((_element, at) => elements[elements.length - 1 - at] as VectorElement);
  const movable = topmost.filter(({ id }) => !isLocked(template, id, "move"));
  return movable.flatMap((element) => {
    const { leftMm, topMm, rightMm, bottomMm } = extentOf(element.box);
    const hadFlaw = findElementFlaw(element, product) !== null;
    return product.zones
      .filter(isPrintedLine)
      .filter(({ xMm, yMm, widthMm, heightMm }) => {
        const isBeside = leftMm > xMm + widthMm || rightMm < xMm || topMm > yMm + heightMm || bottomMm < yMm;
        return !isBeside;
      })
      .flatMap(({ xMm, yMm, widthMm, heightMm }): (readonly [number, number])[] => [
        [0, yMm - clearanceMm - bottomMm],
        [0, yMm + heightMm + clearanceMm - topMm],
        [xMm - clearanceMm - rightMm, 0],
        [xMm + widthMm + clearanceMm - leftMm, 0],
      ])
      .sort((one, other) => Math.hypot(...one) - Math.hypot(...other))
      .map((way) => moveBoxBy(...way))
      .filter(
        (move) =>
          hadFlaw || findElementFlaw({ ...element, box: move(element.box, product, element) }, product) === null,
      )
      .map((move) => ({ edit: placeElement(element.id, move), does: "clears" }) as const);
  });
}

function* moveOff(id: "cover" | "cut" | "lines", facts: CardFacts, product: Product): Candidates {
  const { photo } = facts;
  if (photo.kind === "ground" || !mayChange("move", facts, product)) return;
  const better = yield* moveAway(id, photo.placement, facts, product);
  if (better !== null) yield { edit: place(photo.id, () => better), does: "moves" };
}

/**
 * Zooming out to where it prints well, if the photo has the pixels for that; if it has too few to be printed at this angle, turning
 * it to where it has enough.
 */
function sharpen(check: DesignCheck, facts: CardFacts, product: Product): readonly Fix[] {
  const { tone, refused, dpi } = check;
  if (tone === "ok" || dpi === undefined || facts.photo.kind === "ground") return [];
  if (!mayChange("move", facts, product)) return [];
  const { id } = facts.photo;
  const zooms = isBlurred(check) ? [] : [zoomOutToDpi(facts, product, dpi.leastDpi)];
  const turn = refused && !isBlurred(check) ? turnToDpi(facts, product) : null;
  return [
    ...[...zooms, zoomOutToDetail(facts, product)]
      .filter((zoom) => zoom !== null)
      .map((zoom) => ({ edit: place(id, zoom), does: "zooms-out" }) as const),
    ...(turn === null ? [] : [{ edit: place(id, turn), does: "turns" } as const]),
  ];
}

/** A little more than the product asks for: print is darker than a screen. */
const brighterBy = 0.07;

/** Lifting the shadows as far as it takes, and the whole photo where that is not enough. */
function lighten(facts: CardFacts, product: Product): readonly Fix[] {
  const lit = litAt(facts.photo.placement, facts, product);
  if (lit === null) return [];
  const bright = measureBrightness(lit, product);
  const lift = (adjustmentsOf(facts)?.lift ?? 0) + liftTo(bright, product.warnBelowBrightness + brighterBy);
  return [{ lift }, { lift: 100, brightness: 40 }, { lift: 100, brightness: 80 }].map((change) => ({
    edit: adjustPhoto(change),
    does: "lightens",
  }));
}

/** Whether the photo, turned so and zoomed out, has this resolution. */
function reaches(dpi: number, { photo }: CardFacts, product: Product, rotationDeg: number): boolean {
  return judgeSharpness(coverPlacement(photo, product, rotationDeg), product).dpi >= dpi;
}

function zoomOutToDpi(facts: CardFacts, product: Product, leastDpi: number): Change | null {
  const { rotationDeg } = facts.photo.placement;
  const reachable = [product.warnBelowDpi, leastDpi].find((dpi) => reaches(dpi, facts, product, rotationDeg));
  return reachable === undefined ? null : zoomTo(25.4 / reachable / coverScale(facts.photo, product, rotationDeg));
}

/** By so little at a time: more of the photo is on the card then, which may be sharper or less so. */
const zoomStep = 0.95;

function zoomOutToDetail({ photo, detail }: CardFacts, product: Product): Change | null {
  const { placement } = photo;
  const least = coverScale(photo, product, placement.rotationDeg);
  const isSharp = (tried: Placement): boolean => judgeCrop(tried, photo, product, detail).kind === "sharp";
  for (let mmPerPx = placement.mmPerPx; mmPerPx > least; mmPerPx *= zoomStep) {
    const zoom = zoomTo(Math.max(mmPerPx * zoomStep, least) / least);
    if (isSharp(zoom(placement, photo, product))) return zoom;
  }
  return null;
}

/** To the nearest right angle at which the photo can be printed, as small as covers the card. */
function turnToDpi(facts: CardFacts, product: Product): Change | null {
  const { photo } = facts;
  const away = (degrees: number): number => Math.abs(normaliseDegrees(degrees - photo.placement.rotationDeg));
  const degrees = [0, 90, -90, 180]
    .sort((one, other) => away(one) - away(other))
    .find((angle) => reaches(product.refuseBelowDpi, facts, product, angle));
  if (degrees === undefined) return null;
  return (from) => ({ ...coverPlacement(photo, product, degrees), mirrored: from.mirrored });
}
