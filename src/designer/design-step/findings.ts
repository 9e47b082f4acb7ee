import { coverScale, effectiveDpi, type PhotoSize, type Placement } from "#card/placement.ts";
import type { Product } from "#card/product.ts";
import { type Change, zoomTo } from "../store/edits.ts";

/** How the crop will print. `fix` zooms out to where it prints well, when the photo has enough pixels for that. */
export interface Sharpness {
  readonly kind: "sharp" | "soft" | "too-soft";
  readonly dpi: number;
  /** What it takes to leave this state, in dpi. */
  readonly leastDpi: number;
  readonly fix: Change | null;
}

/** Judges the crop, not the file. */
export function judgeSharpness(placement: Placement, photo: PhotoSize, product: Product): Sharpness {
  // Rounded down, so that nothing is called sharp that is not; a hair's breadth of arithmetic does not count.
  const dpi = Math.floor(effectiveDpi(placement) + 1e-6);
  const kind = dpi >= product.warnBelowDpi ? "sharp" : dpi >= product.refuseBelowDpi ? "soft" : "too-soft";
  const leastDpi = kind === "too-soft" ? product.refuseBelowDpi : product.warnBelowDpi;
  return { kind, dpi, leastDpi, fix: kind === "sharp" ? null : fixFor(placement, photo, product, leastDpi) };
}

function fixFor(placement: Placement, photo: PhotoSize, product: Product, leastDpi: number): Change | null {
  const cover = coverScale(photo, product, placement.rotationDeg);
  const reachable = [product.warnBelowDpi, leastDpi].find((dpi) => 25.4 / cover >= dpi);
  return reachable === undefined ? null : zoomTo(25.4 / reachable / cover);
}
