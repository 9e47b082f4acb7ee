import { useMemo, useState } from "react";
import { coverPlacement, coverScale, normaliseDegrees, type PhotoSize, type Placement } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import { judgeSharpness, type Sharpness } from "#card/sharpness.ts";
import { type Cover, findCover, type Subject } from "#card/subject.ts";
import { uncover } from "#card/subject-placement.ts";
import { type Change, zoomTo } from "#design/edits.ts";
import type { MessageId } from "../../locales/en.ts";
import { openPhotoOf } from "../../store/design-store.ts";
import { useDesignStore, usePhoto } from "../../store/use-design-store.tsx";

/** How sharp the design will print. */
export interface SharpnessCheck {
  readonly id: "sharpness";
  readonly result: Sharpness;
  /** The edit that puts it right; null where nothing is wrong or no edit can. */
  readonly fix: Change | null;
  /** The fix turns the photo; otherwise it zooms out. */
  readonly fixTurns: boolean;
  /** The card cannot be printed like this. */
  readonly refused: boolean;
}

/** What one looks at in the photo lies under what the platform puts on the card. */
export interface SubjectCheck {
  readonly id: "subject";
  readonly cover: Cover;
  /** The edit that moves the photo away from there; null where none does. */
  readonly fix: Change | null;
  readonly refused: false;
}

/** How the design will print, in one respect. */
export type DesignCheck = SharpnessCheck | SubjectCheck;

/** Null where chip and network mark hide nothing that stands out. */
export function checkSubject(
  subject: Subject,
  placement: Placement,
  photo: PhotoSize,
  product: Product,
): SubjectCheck | null {
  const cover = findCover(subject, placement, photo, product);
  if (cover === null) return null;
  const better = uncover(subject, placement, photo, product);
  return { id: "subject", cover, fix: better && (() => better), refused: false };
}

/**
 * The checks of card/ with their fixes: zooming out to where it prints well, if the photo has the pixels for that; if it has
 * too few to be printed at this angle, turning it to where it has enough.
 */
export function checkDesign(placement: Placement, photo: PhotoSize, product: Product): readonly SharpnessCheck[] {
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

/** The photo as it lay before the gesture that is under way: where it could be moved takes longer to find than a frame. */
function useRested(photo: ReturnType<typeof usePhoto>): ReturnType<typeof usePhoto> {
  const moving = useDesignStore((state) => state.moving);
  const [rested, setRested] = useState(photo);
  if (moving || rested === photo) return rested;
  setRested(photo);
  return photo;
}

/** The checks of the design as it is, what chip and mark hide as it was at rest; empty without a photo. */
export function useChecks(): readonly DesignCheck[] {
  const photo = usePhoto();
  const product = useDesignStore((state) => state.product);
  const subject = useDesignStore(openPhotoOf)?.subject ?? null;
  const rested = useRested(photo);
  const covered = useMemo(
    () => (subject === null || rested === null ? null : checkSubject(subject, rested.placement, rested, product)),
    [rested, product, subject],
  );
  return useMemo(() => {
    if (photo === null) return none;
    const checks = checkDesign(photo.placement, photo, product);
    return covered === null ? checks : [...checks, covered];
  }, [photo, product, covered]);
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

const coverTexts = {
  chip: {
    title: "design.check.underChip",
    fixable: "design.check.underChip.more",
    unfixable: "design.check.under.small",
  },
  "network-mark": {
    title: "design.check.underMark",
    fixable: "design.check.underMark.more",
    unfixable: "design.check.under.small",
  },
} as const satisfies Record<Cover, Omit<CheckTexts, "tone">>;

/** What is said of a check. */
export function textsOf(check: DesignCheck): CheckTexts {
  return check.id === "sharpness" ? checkTexts[check.result.kind] : { tone: "warn", ...coverTexts[check.cover] };
}
