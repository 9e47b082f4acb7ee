import { coveredBy, invertAffine, type PhotoSize, type Placement, photoToCard } from "./placement.ts";
import type { Product, RectMm, Zone } from "./products.ts";
import { isInRegion } from "./region.ts";

/** A rectangle in pixels of the upright photo, from its top left corner. */
export interface RectPx {
  readonly xPx: number;
  readonly yPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** How much each place of a photo stands out: rows of places, laid over all of it. */
export interface Attention {
  readonly columns: number;
  readonly rows: number;
  /** 255 at most; `averageAttention` is the photo's average. */
  readonly values: Uint8Array;
}

export const averageAttention = 32;

/** What one looks at in a photo. */
export interface Subject {
  /** All of it. */
  readonly whole: RectPx;
  /** What must be seen of it, such as heads; within `whole`. */
  readonly core: RectPx;
  readonly attention: Attention;
  /** How much it stands out, from 0 to 1. */
  readonly confidence: number;
}

/** The edges of an upright rectangle in mm from the card's centre, y down. */
export interface Edges {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What is left of a photo once the card is cut: all of the card but a margin, or what its region has of that. */
export function seenEdges(photo: Pick<PhotoSize, "region">, product: Product, marginMm = 0): Edges {
  const [right, bottom] = [product.trimWidthMm / 2 - marginMm, product.trimHeightMm / 2 - marginMm];
  const { xMm, yMm, widthMm, heightMm } = coveredBy(photo, product);
  return {
    left: Math.max(-right, xMm - widthMm / 2),
    top: Math.max(-bottom, yMm - heightMm / 2),
    right: Math.min(right, xMm + widthMm / 2),
    bottom: Math.min(bottom, yMm + heightMm / 2),
  };
}

export function edgesOf({ xMm, yMm, widthMm, heightMm }: RectMm, marginMm = 0): Edges {
  return {
    left: xMm - marginMm,
    top: yMm - marginMm,
    right: xMm + widthMm + marginMm,
    bottom: yMm + heightMm + marginMm,
  };
}

/** The upright rectangle about this part of the photo where it lies on the card. */
export function onCard({ xPx, yPx, widthPx, heightPx }: RectPx, placement: Placement, photo: PhotoSize): Edges {
  const [a, b, c, d, e, f] = photoToCard(placement, photo);
  const [right, bottom] = [xPx + widthPx, yPx + heightPx];
  const xs = [a * xPx + c * yPx, a * right + c * yPx, a * xPx + c * bottom, a * right + c * bottom];
  const ys = [b * xPx + d * yPx, b * right + d * yPx, b * xPx + d * bottom, b * right + d * bottom];
  return {
    left: Math.min(...xs) + e,
    top: Math.min(...ys) + f,
    right: Math.max(...xs) + e,
    bottom: Math.max(...ys) + f,
  };
}

/** A zone is looked at in so many places across and down. */
const points = 10;
/** What stands out is that many times the photo's average. */
const standsOut = 2 * averageAttention;
/** A zone covers something when so much of it lies on what stands out. Between the labelled crops of bench/journey that do and do not. */
const leastShare = 0.09;

/** How much of this rectangle of the card lies on what stands out in the photo, from 0 to 1. */
export function shareStandingOut(
  { attention: { columns, rows, values } }: Subject,
  { left, top, right, bottom }: Edges,
  placement: Placement,
  photo: PhotoSize,
): number {
  const [a, b, c, d, e, f] = invertAffine(photoToCard(placement, photo));
  let found = 0;
  for (let down = 0; down < points; down++) {
    const y = top + ((down + 0.5) / points) * (bottom - top);
    for (let across = 0; across < points; across++) {
      const x = left + ((across + 0.5) / points) * (right - left);
      const column = Math.floor(((a * x + c * y + e) / photo.widthPx) * columns);
      const row = Math.floor(((b * x + d * y + f) / photo.heightPx) * rows);
      const isWithin = isInRegion(photo.region, x, y) && column >= 0 && row >= 0 && column < columns && row < rows;
      if (isWithin && (values[row * columns + column] as number) > standsOut) found += 1;
    }
  }
  return found / (points * points);
}

/** What is mounted or printed over the photo and hides what is behind it. */
export type Cover = Extract<Zone["kind"], "chip" | "network-mark">;

export function isCover(zone: Zone): zone is Zone & { readonly kind: Cover } {
  return zone.kind === "chip" || zone.kind === "network-mark";
}

/** What hides most of what one looks at in the photo, as it lies now; null where nothing does. */
export function findCover(subject: Subject, placement: Placement, photo: PhotoSize, product: Product): Cover | null {
  const covers = product.zones.filter(isCover).map((zone) => ({
    kind: zone.kind,
    share: shareStandingOut(subject, edgesOf(zone), placement, photo),
  }));
  const worst = covers.reduce<(typeof covers)[number] | null>(
    (most, cover) => (cover.share > (most?.share ?? 0) ? cover : most),
    null,
  );
  return worst !== null && worst.share >= leastShare ? worst.kind : null;
}

/** Subjects that stand out less have no clear end. */
const leastCutConfidence = 0.44;
/** Of a close-up so much more may lie beyond one edge than is on the card. */
const mostCut = 0.6;
/** What reaches into the margin by less does not. */
const cutToleranceMm = 0.3;

/**
 * Whether what must be seen of the subject reaches where the cut may take it off, into the safe margin or beyond it, or where the photo's region
 * ends, while most of it is on the card.
 */
export function isCut(subject: Subject, placement: Placement, photo: PhotoSize, product: Product): boolean {
  if (subject.confidence < leastCutConfidence) return false;
  const { left, top, right, bottom } = onCard(subject.core, placement, photo);
  const safe = seenEdges(photo, product, product.safeMarginMm);
  const reaches = (low: number, high: number, from: number, to: number): boolean =>
    [high - to, from - low].some((beyond) => beyond > cutToleranceMm && beyond < mostCut * (high - low));
  return reaches(left, right, safe.left, safe.right) || reaches(top, bottom, safe.top, safe.bottom);
}
