import { effectiveDpi, type PhotoSize, type Placement, photoToCard } from "./placement.ts";
import type { Product } from "./products.ts";
import { seenEdges } from "./subject.ts";

/** A place of a photo with edges in it, in pixels of the upright photo. */
export interface EdgeSpot {
  readonly xPx: number;
  readonly yPx: number;
  /** How wide its sharpest edges are: the deviation of the Gaussian that would have made them so. */
  readonly widthPx: number;
}

/** How fine the detail is that a photo really has, in places all over it; none in a clear sky. */
export interface Detail {
  readonly spots: readonly EdgeSpot[];
  /** Narrower edges are not told from these: what was measured had fewer pixels than the photo. */
  readonly leastWidthPx: number;
}

/** Edges of a photo that has as much detail as its pixels can hold. */
const sharpEdgePx = 0.55;
/** What is finer looks sharp at a little less: as many times. */
const mostGain = 1.05;
/** Fewer places tell nothing. */
const leastSpots = 3;
/** So many of the places may be out of focus. */
const sharpestShare = 0.2;

/** The resolution that the detail within the crop's trim amounts to, in dpi; null where it is not known. */
export function measureDpi(detail: Detail, placement: Placement, photo: PhotoSize, product: Product): number | null {
  const [a, b, c, d, e, f] = photoToCard(placement, photo);
  const { left, top, right, bottom } = seenEdges(photo, product);
  const isWithin = (value: number, low: number, high: number): boolean => value >= low && value <= high;
  const widths = detail.spots
    .filter(
      ({ xPx, yPx }) => isWithin(a * xPx + c * yPx + e, left, right) && isWithin(b * xPx + d * yPx + f, top, bottom),
    )
    .map(({ widthPx }) => widthPx)
    .sort((one, other) => one - other);
  if (widths.length < leastSpots) return null;
  const width = widths[Math.floor(sharpestShare * widths.length)] as number;
  const dpi = effectiveDpi(placement);
  const measured = dpi * Math.min(mostGain, sharpEdgePx / width);
  // It may be as sharp as its pixels allow.
  return width < detail.leastWidthPx && measured < product.warnBelowDetailDpi ? null : measured;
}
