import { type Detail, measureDpi } from "./detail.ts";
import { coverPlacement, effectiveDpi, type PhotoSize, type Placement } from "./placement.ts";
import type { Product } from "./products.ts";

/** How sharp a crop prints. `leastDpi` is the resolution at which the next better kind begins. */
export interface Sharpness {
  readonly kind: "sharp" | "soft" | "too-soft";
  readonly dpi: number;
  readonly leastDpi: number;
}

/** The resolution inside the crop, rounded down, so that nothing is called sharp that is not; 1e-6 makes up for floating-point error. */
export function wholeDpi(placement: Placement): number {
  return Math.floor(effectiveDpi(placement) + 1e-6);
}

/** How sharp this crop (not the file) prints on this product, by the number of its pixels. */
export function judgeSharpness(placement: Placement, product: Product): Sharpness {
  const dpi = wholeDpi(placement);
  const kind = dpi >= product.warnBelowDpi ? "sharp" : dpi >= product.refuseBelowDpi ? "soft" : "too-soft";
  return { kind, dpi, leastDpi: kind === "too-soft" ? product.refuseBelowDpi : product.warnBelowDpi };
}

/** How sharp a crop prints by what its pixels show. */
export interface CropSharpness extends Sharpness {
  /** The photo has the pixels, and is shaken, out of focus or enlarged. */
  readonly isBlurred: boolean;
}

/** The same by what its pixels show, as far as that is known: they may be many and blurred, or a few too few and crisp. */
export function judgeCrop(
  placement: Placement,
  photo: PhotoSize,
  product: Product,
  detail: Detail | null,
): CropSharpness {
  const counted = { ...judgeSharpness(placement, product), isBlurred: false };
  const measured = detail === null ? null : measureDpi(detail, placement, photo, product);
  if (measured === null || counted.kind === "too-soft") return counted;
  if (measured < product.refuseBelowDetailDpi) return { ...counted, kind: "too-soft", isBlurred: true };
  if (counted.kind === "soft") return { ...counted, kind: measured >= product.warnBelowDpi ? "sharp" : "soft" };
  return measured < product.warnBelowDetailDpi ? { ...counted, kind: "soft", isBlurred: true } : counted;
}

/**
 * How a photo first lies on the card: as small as covers it; upright, or turned by 90 degrees where it can be printed only
 * so. One that cannot be printed either way lies upright and is judged too soft.
 */
export function openingPlacement(photo: PhotoSize, product: Product): Placement {
  const [upright, turned] = [coverPlacement(photo, product), coverPlacement(photo, product, 90)];
  const canPrint = (placement: Placement): boolean => judgeSharpness(placement, product).kind !== "too-soft";
  return !canPrint(upright) && canPrint(turned) ? turned : upright;
}
