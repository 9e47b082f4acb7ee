import { checkPlacement, type PlacementFinding } from "#card/checks.ts";
import { coverScale, type PhotoSize, type Placement } from "#card/placement.ts";
import type { Product } from "#card/product.ts";
import { type Change, fit, zoomTo } from "../store/edits.ts";

/** What the checks have found and, where one tap mends it, the edit that does. */
export interface Advice {
  readonly finding: PlacementFinding;
  readonly fix: Change | null;
  /** The card cannot be printed like this. */
  readonly refused: boolean;
}

/** The findings of card/ with their remedies: zooming out to where it prints well, if the photo has the pixels for that. */
export function adviseOn(placement: Placement, photo: PhotoSize, product: Product): readonly Advice[] {
  return checkPlacement(placement, photo, product).map((finding) => {
    if (finding.kind === "uncovered") return { finding, fix: fit(), refused: true };
    const fix = finding.kind === "sharp" ? null : sharpen(placement, photo, product, finding.leastDpi);
    return { finding, fix, refused: finding.kind === "too-soft" };
  });
}

function sharpen(placement: Placement, photo: PhotoSize, product: Product, leastDpi: number): Change | null {
  const cover = coverScale(photo, product, placement.rotationDeg);
  const reachable = [product.warnBelowDpi, leastDpi].find((dpi) => 25.4 / cover >= dpi);
  return reachable === undefined ? null : zoomTo(25.4 / reachable / cover);
}
