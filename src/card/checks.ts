import { effectiveDpi, invertAffine, type PhotoSize, type Placement, photoToRaster } from "./placement.ts";
import type { Product } from "./product.ts";

/** How sharp a crop prints. `leastDpi` is what it takes to leave `soft` or `too-soft` for the better. */
export interface Sharpness {
  readonly kind: "sharp" | "soft" | "too-soft";
  readonly dpi: number;
  readonly leastDpi: number;
}

export type PlacementFinding =
  | Sharpness
  /** Some of the bleed is without photo. No placement that went through `clampPlacement` ever has this. */
  | { readonly kind: "uncovered" };

// Arithmetic noise on a card a few thousand pixels wide; far below anything that prints.
const tolerancePx = 1e-6;

/** Rounded down, so that nothing is called sharp that is not; a hair's breadth of arithmetic does not count. */
function wholeDpi(placement: Placement): number {
  return Math.floor(effectiveDpi(placement) + 1e-6);
}

/** Whether the photo covers the whole raster, bleed included. */
function coversRaster(placement: Placement, photo: PhotoSize, product: Product): boolean {
  const [a, b, c, d, e, f] = invertAffine(photoToRaster(placement, photo, product));
  return [0, product.widthPx].every((x) =>
    [0, product.heightPx].every((y) => {
      const photoX = a * x + c * y + e;
      const photoY = b * x + d * y + f;
      const isAcross = photoX >= -tolerancePx && photoX <= photo.widthPx + tolerancePx;
      return isAcross && photoY >= -tolerancePx && photoY <= photo.heightPx + tolerancePx;
    }),
  );
}

/** How sharp this crop (not the file) prints on this product. */
export function judgeSharpness(placement: Placement, product: Product): Sharpness {
  const dpi = wholeDpi(placement);
  const kind = dpi >= product.warnBelowDpi ? "sharp" : dpi >= product.refuseBelowDpi ? "soft" : "too-soft";
  return { kind, dpi, leastDpi: kind === "too-soft" ? product.refuseBelowDpi : product.warnBelowDpi };
}

/** What there is to say of this crop: its sharpness first, then what is wrong with it. */
export function checkPlacement(placement: Placement, photo: PhotoSize, product: Product): readonly PlacementFinding[] {
  const sharpness = judgeSharpness(placement, product);
  return coversRaster(placement, photo, product) ? [sharpness] : [sharpness, { kind: "uncovered" }];
}
