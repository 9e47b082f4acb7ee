import { bleedSizeMm, type Product } from "./products.ts";
import type { Region } from "./region.ts";

/** A decoded photo, turned upright. */
export interface PhotoSize {
  readonly widthPx: number;
  readonly heightPx: number;
  /** The part of the card that it covers, and outside of which nothing of it is seen; the whole bleed where it is left out. */
  readonly region?: Region | undefined;
}

/**
 * Where the photo lies on the card. The photo is mirrored first, then scaled, then turned about its centre, then moved.
 * Screen size never enters: the same placement prints the same card everywhere.
 */
export interface Placement {
  /** The photo's centre, from the card's centre; x to the right, y down. */
  readonly xMm: number;
  readonly yMm: number;
  /** Millimetres on the card per pixel of the photo; greater than 0. */
  readonly mmPerPx: number;
  /** Clockwise, in degrees, -180 < rotation <= 180. */
  readonly rotationDeg: number;
  readonly mirrored: boolean;
}

/** An affine map in the order of canvas `setTransform(a, b, c, d, e, f)`. */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** Largest zoom, as a multiple of the smallest scale that covers the card. */
export const maxZoom = 5;

/** The part of the bleed that a photo covers: all of it, or as much as its region has of it. */
export function coveredBy({ region }: Pick<PhotoSize, "region">, product: Product): Region {
  const bleed = bleedSizeMm(product);
  if (region === undefined) return { xMm: 0, yMm: 0, ...bleed };
  const [xMm, widthMm] = meet(region.xMm, region.widthMm, bleed.widthMm);
  const [yMm, heightMm] = meet(region.yMm, region.heightMm, bleed.heightMm);
  return { xMm, yMm, widthMm, heightMm };
}

/** Middle and length of what lies within so much about 0; never nothing, whatever a document says. */
function meet(middle: number, length: number, most: number): readonly [middle: number, length: number] {
  const low = Math.max(middle - length / 2, -most / 2);
  const high = Math.min(middle + length / 2, most / 2);
  return low < high ? [(low + high) / 2, high - low] : [0, most];
}

/** The middle of what a photo covers. */
export function centreOf(photo: Pick<PhotoSize, "region">, product: Product): Pick<Placement, "xMm" | "yMm"> {
  const { xMm, yMm } = coveredBy(photo, product);
  return { xMm, yMm };
}

function extents(photo: PhotoSize, product: Product, rotationDeg: number): { aMm: number; bMm: number } {
  const { widthMm, heightMm } = coveredBy(photo, product);
  const radians = (rotationDeg * Math.PI) / 180;
  const cos = Math.abs(Math.cos(radians));
  const sin = Math.abs(Math.sin(radians));
  return { aMm: (widthMm * cos + heightMm * sin) / 2, bMm: (widthMm * sin + heightMm * cos) / 2 };
}

/** The smallest scale (mm per photo pixel) at which the photo, turned so, still covers the whole bleed, or all of its region. */
export function coverScale(photo: PhotoSize, product: Product, rotationDeg: number): number {
  const { aMm, bMm } = extents(photo, product, rotationDeg);
  return Math.max((2 * aMm) / photo.widthPx, (2 * bMm) / photo.heightPx);
}

/** The nearest scale (mm per photo pixel) that is allowed at this angle: from just covering its part of the bleed to `maxZoom` times that. */
export function clampScale(mmPerPx: number, photo: PhotoSize, product: Product, rotationDeg: number): number {
  const cover = coverScale(photo, product, rotationDeg);
  return clampBetween(mmPerPx, cover, cover * maxZoom);
}

/** The photo centred, upright or turned so, and as large as it must be to cover its part of the bleed. */
export function coverPlacement(photo: PhotoSize, product: Product, rotationDeg = 0): Placement {
  const mmPerPx = coverScale(photo, product, rotationDeg);
  return { ...centreOf(photo, product), mmPerPx, rotationDeg, mirrored: false };
}

/** The same angle within -180 < degrees <= 180; one that lies there already keeps its last bit. */
export function normaliseDegrees(degrees: number): number {
  // Adding 0 makes 0 of -0.
  if (degrees > -180 && degrees <= 180) return degrees + 0;
  const turned = ((((degrees + 180) % 360) + 360) % 360) - 180;
  return turned === -180 ? 180 : turned;
}

function clampBetween(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

/**
 * The nearest placement that leaves no part of the bleed, or of the photo's region, without photo. Exact at any angle.
 * Used by gestures, keys, fields and the print picture alike. One that covers already comes back where it is (to within 1e-9 mm), with
 * its angle normalised.
 */
export function clampPlacement(wanted: Placement, photo: PhotoSize, product: Product): Placement {
  const rotationDeg = normaliseDegrees(wanted.rotationDeg);
  const { aMm, bMm } = extents(photo, product, rotationDeg);
  const centre = centreOf(photo, product);
  const mmPerPx = clampScale(wanted.mmPerPx, photo, product, rotationDeg);
  const radians = (rotationDeg * Math.PI) / 180;
  const cos = Math.cos(radians);
  const sin = Math.sin(radians);
  const limitMm = {
    along: Math.max(0, (mmPerPx * photo.widthPx) / 2 - aMm),
    down: Math.max(0, (mmPerPx * photo.heightPx) / 2 - bMm),
  };
  // The photo's centre in its own axes, from the centre of what it covers: `along` its width, `down` its height.
  const [asideMm, belowMm] = [wanted.xMm - centre.xMm, wanted.yMm - centre.yMm];
  const along = cos * asideMm + sin * belowMm;
  const down = cos * belowMm - sin * asideMm;
  const { xMm, yMm, mirrored } = wanted;
  const isCovering = Math.abs(along) <= limitMm.along && Math.abs(down) <= limitMm.down;
  if (isCovering) return { xMm, yMm, mmPerPx, rotationDeg, mirrored };
  const alongMm = clampBetween(along, -limitMm.along, limitMm.along);
  const downMm = clampBetween(down, -limitMm.down, limitMm.down);
  const moved = { xMm: centre.xMm + cos * alongMm - sin * downMm, yMm: centre.yMm + sin * alongMm + cos * downMm };
  return { ...moved, mmPerPx, rotationDeg, mirrored };
}

/**
 * Where a photo lies once it covers another part of the card: zoomed as it was, and what was in the middle of the one in the middle of the other.
 */
export function carryPlacement(
  placement: Placement,
  photo: PhotoSize,
  region: Region | undefined,
  product: Product,
): Placement {
  const after = { ...photo, region };
  const [from, to] = [centreOf(photo, product), centreOf(after, product)];
  const { rotationDeg } = placement;
  const factor = coverScale(after, product, rotationDeg) / coverScale(photo, product, rotationDeg);
  const xMm = to.xMm + (placement.xMm - from.xMm) * factor;
  const yMm = to.yMm + (placement.yMm - from.yMm) * factor;
  return clampPlacement({ ...placement, xMm, yMm, mmPerPx: placement.mmPerPx * factor }, after, product);
}

/** Zoom as the cardholder sees it: 1 is the smallest that covers the card at this angle. */
export function zoomOf(placement: Placement, photo: PhotoSize, product: Product): number {
  return placement.mmPerPx / coverScale(photo, product, placement.rotationDeg);
}

/** Photo pixels per inch of card, inside the crop. */
export function effectiveDpi(placement: Placement): number {
  return 25.4 / placement.mmPerPx;
}

/** Maps a point of the photo (pixels from its top left corner) to millimetres from the card's centre. */
export function photoToCard(placement: Placement, photo: PhotoSize): Affine {
  const radians = (placement.rotationDeg * Math.PI) / 180;
  const scaleX = placement.mirrored ? -placement.mmPerPx : placement.mmPerPx;
  const a = Math.cos(radians) * scaleX;
  const b = Math.sin(radians) * scaleX;
  const c = -Math.sin(radians) * placement.mmPerPx;
  const d = Math.cos(radians) * placement.mmPerPx;
  const halfWidth = photo.widthPx / 2;
  const halfHeight = photo.heightPx / 2;
  return [a, b, c, d, placement.xMm - a * halfWidth - c * halfHeight, placement.yMm - b * halfWidth - d * halfHeight];
}

/** Maps millimetres from the card's centre to the product's raster (pixels from its top left corner). */
export function cardToRaster({ widthPx, heightPx, dpi }: Pick<Product, "widthPx" | "heightPx" | "dpi">): Affine {
  const pxPerMm = dpi / 25.4;
  return [pxPerMm, 0, 0, pxPerMm, widthPx / 2, heightPx / 2];
}

/** Maps a point of the photo (pixels) to the product's raster (pixels from its top left corner). */
export function photoToRaster(placement: Placement, photo: PhotoSize, product: Product): Affine {
  return composeAffine(cardToRaster(product), photoToCard(placement, photo));
}

/** First `inner`, then `outer`. */
export function composeAffine(outer: Affine, inner: Affine): Affine {
  const [a, b, c, d, e, f] = outer;
  const [p, q, r, s, t, u] = inner;
  return [a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f];
}

/** The way back: `invertAffine(photoToCard(...))` maps millimetres on the card to pixels of the photo. No map here is flat. */
export function invertAffine([a, b, c, d, e, f]: Affine): Affine {
  const determinant = a * d - b * c;
  return [
    d / determinant,
    -b / determinant,
    -c / determinant,
    a / determinant,
    (c * f - d * e) / determinant,
    (b * e - a * f) / determinant,
  ];
}

/** What nobody sees and no printer prints; the clamp itself is exact to 1e-9 mm. */
const coverToleranceMm = 1e-3;

/** Whether the photo lies under every corner of the bleed, or of its region, and so under all of it. Found by the way back, not by the clamp. */
export function coversBleed(placement: Placement, photo: PhotoSize, product: Product): boolean {
  const covered = coveredBy(photo, product);
  const [a, b, c, d, e, f] = invertAffine(photoToCard(placement, photo));
  const tolerancePx = coverToleranceMm / placement.mmPerPx;
  const isWithin = (px: number, sizePx: number): boolean => px >= -tolerancePx && px <= sizePx + tolerancePx;
  return [-0.5, 0.5].every((across) =>
    [-0.5, 0.5].every((down) => {
      const [xMm, yMm] = [covered.xMm + across * covered.widthMm, covered.yMm + down * covered.heightMm];
      return isWithin(a * xMm + c * yMm + e, photo.widthPx) && isWithin(b * xMm + d * yMm + f, photo.heightPx);
    }),
  );
}
