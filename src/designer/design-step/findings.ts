import { judgeSharpness, type Sharpness } from "#card/checks.ts";
import { coverScale, type PhotoSize, type Placement } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import type { MessageId } from "#designer/locales/en.ts";
import { type Change, zoomTo } from "../store/edits.ts";

/** What the checks have found and, where one tap mends it, the edit that does. */
export interface Advice {
  readonly finding: Sharpness;
  readonly fix: Change | null;
  /** The card cannot be printed like this. */
  readonly refused: boolean;
}

/** The findings of card/ with their remedies: zooming out to where it prints well, if the photo has the pixels for that. */
export function adviseOn(placement: Placement, photo: PhotoSize, product: Product): readonly Advice[] {
  const finding = judgeSharpness(placement, product);
  const fix = finding.kind === "sharp" ? null : sharpen(placement, photo, product, finding.leastDpi);
  return [{ finding, fix, refused: finding.kind === "too-soft" }];
}

function sharpen(placement: Placement, photo: PhotoSize, product: Product, leastDpi: number): Change | null {
  const cover = coverScale(photo, product, placement.rotationDeg);
  const reachable = [product.warnBelowDpi, leastDpi].find((dpi) => 25.4 / cover >= dpi);
  return reachable === undefined ? null : zoomTo(25.4 / reachable / cover);
}

interface Words {
  readonly tone: "ok" | "warn" | "problem";
  readonly title: MessageId;
  readonly fixable: MessageId;
  readonly otherwise: MessageId;
}

/** How each finding is said: a title, and a line that depends on whether one tap mends it. */
export const findingWords: Readonly<Record<Sharpness["kind"], Words>> = {
  sharp: {
    tone: "ok",
    title: "design.check.sharp",
    fixable: "design.check.sharp.more",
    otherwise: "design.check.sharp.more",
  },
  soft: {
    tone: "warn",
    title: "design.check.soft",
    fixable: "design.check.soft.more",
    otherwise: "design.check.soft.small",
  },
  "too-soft": {
    tone: "problem",
    title: "design.check.tooSoft",
    fixable: "design.check.tooSoft.more",
    otherwise: "design.check.tooSoft.small",
  },
};
