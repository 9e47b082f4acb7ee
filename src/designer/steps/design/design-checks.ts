import { useMemo } from "react";
import { coverPlacement, coverScale, normaliseDegrees, type PhotoSize, type Placement } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import { judgeSharpness, type Sharpness } from "#card/sharpness.ts";
import { type Change, zoomTo } from "#design/edits.ts";
import type { MessageId } from "../../locales/en.ts";
import { useDesignStore, usePhoto } from "../../store/use-design-store.tsx";

/** How the design will print, in one respect. */
export interface DesignCheck {
  readonly id: "sharpness";
  readonly result: Sharpness;
  /** The edit that puts it right; null where nothing is wrong or no edit can. */
  readonly fix: Change | null;
  /** The fix turns the photo; otherwise it zooms out. */
  readonly fixTurns: boolean;
  /** The card cannot be printed like this. */
  readonly refused: boolean;
}

/**
 * The checks of card/ with their fixes: zooming out to where it prints well, if the photo has the pixels for that; if it has
 * too few to be printed at this angle, turning it to where it has enough.
 */
export function checkDesign(placement: Placement, photo: PhotoSize, product: Product): readonly DesignCheck[] {
  const result = judgeSharpness(placement, product);
  const refused = result.kind === "too-soft";
  const zoomOut = result.kind === "sharp" ? null : zoomOutFix(placement, photo, product, result.leastDpi);
  const turn = refused && zoomOut === null ? turnFix(placement, photo, product) : null;
  return [{ id: "sharpness", result, fix: zoomOut ?? turn, fixTurns: turn !== null, refused }];
}

/** Whether the photo, turned so and zoomed out, has this resolution. */
function reaches(dpi: number, photo: PhotoSize, product: Product, rotationDeg: number): boolean {
  return judgeSharpness(coverPlacement(photo, product, rotationDeg), product).dpi >= dpi;
}

function zoomOutFix(placement: Placement, photo: PhotoSize, product: Product, leastDpi: number): Change | null {
  const { rotationDeg } = placement;
  const reachable = [product.warnBelowDpi, leastDpi].find((dpi) => reaches(dpi, photo, product, rotationDeg));
  return reachable === undefined ? null : zoomTo(25.4 / reachable / coverScale(photo, product, rotationDeg));
}

/** To the nearest right angle at which the photo can be printed, as small as covers the card. */
function turnFix(placement: Placement, photo: PhotoSize, product: Product): Change | null {
  const away = (degrees: number): number => Math.abs(normaliseDegrees(degrees - placement.rotationDeg));
  const degrees = [0, 90, -90, 180]
    .sort((one, other) => away(one) - away(other))
    .find((angle) => reaches(product.refuseBelowDpi, photo, product, angle));
  if (degrees === undefined) return null;
  return (from) => ({ ...coverPlacement(photo, product, degrees), mirrored: from.mirrored });
}

const none: readonly DesignCheck[] = [];

/** The checks of the design as it is; empty without a photo. */
export function useChecks(): readonly DesignCheck[] {
  const photo = usePhoto();
  const product = useDesignStore((state) => state.product);
  return useMemo(() => (photo === null ? none : checkDesign(photo.placement, photo, product)), [photo, product]);
}

interface CheckTexts {
  readonly tone: "ok" | "warn" | "problem";
  readonly title: MessageId;
  /** The second line when there is a fix, and when there is none. */
  readonly fixable: MessageId;
  readonly unfixable: MessageId;
}

export const checkTexts: Readonly<Record<Sharpness["kind"], CheckTexts>> = {
  sharp: {
    tone: "ok",
    title: "design.check.sharp",
    fixable: "design.check.sharp.more",
    unfixable: "design.check.sharp.more",
  },
  soft: {
    tone: "warn",
    title: "design.check.soft",
    fixable: "design.check.soft.more",
    unfixable: "design.check.soft.small",
  },
  "too-soft": {
    tone: "problem",
    title: "design.check.tooSoft",
    fixable: "design.check.tooSoft.more",
    unfixable: "design.check.tooSoft.small",
  },
};
