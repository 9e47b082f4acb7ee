import { finish, type InSteps } from "./in-steps.ts";
import { centreOf, clampPlacement, coverScale, maxZoom, type PhotoSize, type Placement } from "./placement.ts";
import type { Product } from "./products.ts";
import { openingPlacement } from "./sharpness.ts";
import { type Edges, edgesOf, isCover, onCard, seenEdges, shareStandingOut, type Subject } from "./subject.ts";

/** A placement to choose: near the subject, as much of the photo as possible, or close. */
export interface Suggestion {
  readonly id: "you" | "wide" | "detail";
  readonly placement: Placement;
}

/** What is kept free about chip and network mark, in mm. */
const clearanceMm = 2.5;
/** Suggestions that differ by less, as a factor of the scale, are one. */
const leastDifference = 1.12;

function areaOf({ left, top, right, bottom }: Edges): number {
  return Math.max(0, right - left) * Math.max(0, bottom - top);
}

function overlap(one: Edges, other: Edges): number {
  return areaOf({
    left: Math.max(one.left, other.left),
    top: Math.max(one.top, other.top),
    right: Math.min(one.right, other.right),
    bottom: Math.min(one.bottom, other.bottom),
  });
}

function moved({ left, top, right, bottom }: Edges, xMm: number, yMm: number): Edges {
  return { left: left + xMm, top: top + yMm, right: right + xMm, bottom: bottom + yMm };
}

/** A card's places as the search needs them. */
interface Ground {
  readonly product: Product;
  /** Where cutting does not go astray. */
  readonly safe: Edges;
  readonly covers: readonly Edges[];
  readonly lines: readonly Edges[];
}

function groundOf(photo: PhotoSize, product: Product): Ground {
  return {
    product,
    safe: seenEdges(photo, product, product.safeMarginMm),
    covers: product.zones.filter(isCover).map((zone) => edgesOf(zone, clearanceMm)),
    lines: product.zones.filter(({ rule }) => rule === "legible").map((zone) => edgesOf(zone)),
  };
}

/** How much of this part of the photo is not seen well, as a share of its area; more where several things hide it. */
function hidden(part: Edges, { safe, covers, lines }: Ground): number {
  const area = areaOf(part);
  const sum = (over: readonly Edges[]): number => over.reduce((total, edges) => total + overlap(part, edges), 0);
  // What is cut off above is somebody's head.
  const above = overlap(part, { left: part.left, right: part.right, top: part.top, bottom: safe.top });
  return (sum(covers) + 0.3 * sum(lines) + area - overlap(part, safe) + above) / area;
}

interface Search {
  readonly subject: Subject;
  readonly photo: PhotoSize;
  readonly ground: Ground;
  /** Turn and mirror, and where the photo lies if nothing speaks against it. */
  readonly from: Placement;
  /** How dear a way of 1 mm from there is; the same is 5 % of zoom. */
  readonly perMm: number;
}

type Span = readonly [low: number, high: number];

/**
 * Places for the photo's centre along one axis: where an edge of the core meets one of the card's places, or of the whole
 * subject the safe area's; with each in the middle; and where it is.
 */
function stops(
  core: Span,
  whole: Span,
  safe: Span,
  marks: readonly number[],
  stay: number,
  middle: number,
): readonly number[] {
  const found = [stay, ...[core, whole].map(([low, high]) => middle - (low + high) / 2)];
  for (const mark of [...safe, ...marks]) found.push(mark - core[0], mark - core[1]);
  found.push(safe[0] - whole[0], safe[1] - whole[1]);
  return found;
}

/** The best placement at one of these scales (mm per pixel), and how bad it is. */
function* search(
  { subject, photo, ground, from, perMm }: Search,
  scales: readonly number[],
  wantedScale: number,
): InSteps<{ readonly placement: Placement; readonly cost: number }> {
  const { product, safe, covers, lines } = ground;
  const centre = centreOf(photo, product);
  let best: { readonly placement: Placement; readonly cost: number } | undefined;
  for (const mmPerPx of scales) {
    const centred = { ...from, mmPerPx, xMm: 0, yMm: 0 };
    const [core, whole] = [onCard(subject.core, centred, photo), onCard(subject.whole, centred, photo)];
    const stay = (at: number, middle: number): number => middle + ((at - middle) * mmPerPx) / from.mmPerPx;
    const [stayX, stayY] = [stay(from.xMm, centre.xMm), stay(from.yMm, centre.yMm)];
    const across = stops(
      [core.left, core.right],
      [whole.left, whole.right],
      [safe.left, safe.right],
      covers.flatMap(({ left, right }) => [left, right]),
      stayX,
      centre.xMm,
    );
    const down = stops(
      [core.top, core.bottom],
      [whole.top, whole.bottom],
      [safe.top, safe.bottom],
      [...covers, ...lines].flatMap(({ top, bottom }) => [top, bottom]),
      stayY,
      centre.yMm,
    );
    const zoomCost = Math.abs(Math.log(mmPerPx / wantedScale)) * 20 * perMm;
    const seen = new Set<number>();
    for (const xMm of across) {
      for (const yMm of down) {
        const placement = clampPlacement({ ...centred, xMm, yMm }, photo, product);
        const key = Math.round(placement.xMm * 100) * 1e6 + Math.round(placement.yMm * 100);
        if (seen.has(key)) continue;
        seen.add(key);
        const way = Math.abs(placement.xMm - stayX) + Math.abs(placement.yMm - stayY);
        let cost = zoomCost + way * perMm;
        if (best !== undefined && cost >= best.cost) continue;
        const at = [placement.xMm, placement.yMm] as const;
        cost += 6 * hidden(moved(core, ...at), ground) + hidden(moved(whole, ...at), ground);
        if (best !== undefined && cost >= best.cost) continue;
        for (const cover of covers) cost += 4 * shareStandingOut(subject, cover, placement, photo);
        if (best === undefined || cost < best.cost) best = { placement, cost };
      }
    }
    yield;
  }
  return best as { readonly placement: Placement; readonly cost: number };
}

/** From just covering the card to the largest that prints sharp. */
function scaleRange(photo: PhotoSize, product: Product, rotationDeg: number): readonly [least: number, most: number] {
  const least = coverScale(photo, product, rotationDeg);
  return [least, Math.max(least, Math.min(least * maxZoom, 25.4 / product.warnBelowDpi))];
}

/** The scale at which the core takes up this share of the card's height, or width. */
function scaleFor(
  { core }: Subject,
  { trimWidthMm, trimHeightMm }: Product,
  rotationDeg: number,
  share: number,
): number {
  const isOnItsSide = rotationDeg % 180 !== 0;
  const [width, height] = isOnItsSide ? [core.heightPx, core.widthPx] : [core.widthPx, core.heightPx];
  return Math.min((share * trimWidthMm) / width, (share * trimHeightMm) / height);
}

/** Steps between two scales, the same factor each, both included. */
function between(low: number, high: number, steps: number): number[] {
  if (high <= low) return [low];
  return Array.from({ length: steps + 1 }, (_, step) => low * (high / low) ** (step / steps));
}

/** How much nearer each is than the one before, where the photo has the pixels for that. */
const apart = 1.35;
/** What must be seen takes up this share of the card. */
const shares = { you: 0.5, detail: 0.95 } as const;

/**
 * Ways to lay a photo on this card, what one looks at clear of chip, network mark and cut as far as can be: the first is how it
 * lies when it is opened. Each covers the whole bleed, and none prints soft for being zoomed in. At least "wide".
 */
export function suggestPlacements(subject: Subject, photo: PhotoSize, product: Product): readonly Suggestion[] {
  const from = openingPlacement(photo, product);
  const { rotationDeg } = from;
  const [least, most] = scaleRange(photo, product, rotationDeg);
  const within = (scale: number): number => Math.min(Math.max(scale, least), most);
  const task: Search = { subject, photo, ground: groundOf(photo, product), from, perMm: 0.004 };
  const wide = finish(search(task, [least], least));
  // Where the subject fills the photo, or pixels are few, they share what there is between the whole and the nearest.
  const middle = Math.sqrt(least * most);
  const wanted = Math.max(scaleFor(subject, product, rotationDeg, shares.you), least * apart);
  const youScale = within(Math.min(wanted, Math.max(middle, most / apart)));
  const step = leastDifference * 1.01;
  const nearEnough = Math.max(youScale / 1.6, Math.min(least * 1.22, middle), least * step);
  const farEnough = Math.max(nearEnough, Math.min(youScale * 1.25, most / step));
  const you = finish(search(task, between(within(nearEnough), within(farEnough), 4), youScale));
  const { mmPerPx } = you.placement;
  const detailScale = within(Math.max(mmPerPx * apart, scaleFor(subject, product, rotationDeg, shares.detail)));
  const detail = finish(search(task, [detailScale], detailScale));
  const all: Suggestion[] = [
    { id: "wide", placement: wide.placement },
    { id: "you", placement: you.placement },
    { id: "detail", placement: detail.placement },
  ];
  const different = all.filter(
    ({ placement }, at) =>
      at === 0 || placement.mmPerPx > (all[at - 1] as Suggestion).placement.mmPerPx * leastDifference,
  );
  // Where something is still hidden in the whole photo and less of it nearer.
  const isYouBetter = different[1]?.id === "you" && you.cost + 1 < wide.cost;
  return isYouBetter ? [different[1] as Suggestion, wideOf(all), ...different.slice(2)] : different;
}

function wideOf([wide]: readonly Suggestion[]): Suggestion {
  return wide as Suggestion;
}

/**
 * The best placement for this subject near this one, of the same angle: clear of chip, mark and cut as far as can be. Null where that
 * is not fine.
 */
export function* resettle(
  subject: Subject,
  from: Placement,
  photo: PhotoSize,
  product: Product,
  isFine: (placement: Placement) => boolean,
): InSteps<Placement | null> {
  const [least, most] = scaleRange(photo, product, from.rotationDeg);
  const task: Search = { subject, photo, ground: groundOf(photo, product), from, perMm: 0.004 };
  const scales = [1, 0.87, 1.15, 0.75, 1.3, 0.6, 1.5].map((factor) => from.mmPerPx * factor);
  const allowed = scales.filter((scale, at) => at === 0 || (scale >= least && scale <= most));
  const { placement } = yield* search(task, [...allowed, least], from.mmPerPx);
  return isFine(placement) ? placement : null;
}
