import type { Detail } from "./detail.ts";
import type { InSteps } from "./in-steps.ts";
import { type Laid, type Light, type LightFlaw, type Lit, judgeLight, veiledBy } from "./crop-light.ts";
import { centreOf, clampPlacement, type PhotoSize, type Placement } from "./placement.ts";
import { findHardLines, type HardLine } from "./printed-lines.ts";
import type { Product } from "./products.ts";
import { type CropSharpness, judgeCrop } from "./sharpness.ts";
import { type Cover, findCover, isCut, type Subject } from "./subject.ts";
import { resettle } from "./subject-placement.ts";
import { allowedVeil, type Veil } from "./veil.ts";

/** What is known of a photo; null is what could not be found out, or is not there. */
export interface PhotoFacts {
  readonly photo: PhotoSize;
  readonly subject: Subject | null;
  readonly light: Light | null;
  /** How light the card is outside the photo's region, where it has one. */
  readonly aside?: number | undefined;
  readonly detail: Detail | null;
  /** What lies on it. */
  readonly laid?: Laid | undefined;
  /** What is printed over it so that the lettering can be read. */
  readonly veil?: Veil | undefined;
}

/** The light of a photo that lies there, beneath its veil; null where it is not known. */
export function litAt(
  placement: Placement,
  { photo, light, aside, laid, veil }: PhotoFacts,
  product: Product,
): Lit | null {
  const allowed = allowedVeil(veil, product);
  return light && { light, placement, photo, aside, laid, veiled: allowed && veiledBy(allowed, product) };
}

/** What will not print well of a crop. */
export interface Flaws {
  readonly sharpness: CropSharpness;
  readonly light: { readonly flaw: LightFlaw; readonly isRefused: boolean } | null;
  readonly cover: Cover | null;
  readonly isCut: boolean;
  readonly hardLines: readonly HardLine[];
}

/** What will not print well of this crop on this product. */
export function findFlaws(placement: Placement, facts: PhotoFacts, product: Product): Flaws {
  const { photo, subject, detail } = facts;
  const lit = litAt(placement, facts, product);
  return {
    sharpness: judgeCrop(placement, photo, product, detail),
    light: lit && judgeLight(lit, product),
    cover: subject && findCover(subject, placement, photo, product),
    isCut: subject !== null && isCut(subject, placement, photo, product),
    hardLines: lit === null ? [] : findHardLines(lit, product),
  };
}

/** Whether the product does not take a crop with these flaws. */
export function isRefused({ sharpness, light, cover, isCut, hardLines }: Flaws, product: Product): boolean {
  return (
    sharpness.kind === "too-soft" ||
    light?.isRefused === true ||
    (cover !== null && product.refusesCovered) ||
    (isCut && product.refusesCut) ||
    hardLines.some((line) => line.isRefused)
  );
}

/** A flaw that another place of the photo may not have. */
type Movable = "cover" | "cut" | "lines";

const softness = { sharp: 0, soft: 1, "too-soft": 2 } as const;

/** How bad each is; what is mended makes none of the others worse. */
function marksOf(flaws: Flaws): Readonly<Record<Movable | "sharpness" | "light", number>> {
  return {
    sharpness: softness[flaws.sharpness.kind],
    light: flaws.light === null ? 0 : 1,
    cover: flaws.cover === null ? 0 : 1,
    cut: flaws.isCut ? 1 : 0,
    lines: flaws.hardLines.length,
  };
}

const directions = 12;
const waysMm = [1, 2, 3, 4.5, 6, 8, 10, 13];
/** Nearer by as much where the photo cannot be moved far enough. */
const zooms = [1, 1.2];

/** Places round about, the nearest first, each once. */
function* around(from: Placement, photo: PhotoSize, product: Product): Generator<Placement> {
  const seen = new Set<string>();
  const centre = centreOf(photo, product);
  for (const zoom of zooms) {
    for (const way of waysMm) {
      for (let direction = 0; direction < directions; direction++) {
        const angle = (2 * Math.PI * direction) / directions;
        const xMm = centre.xMm + (from.xMm - centre.xMm) * zoom + way * Math.cos(angle);
        const yMm = centre.yMm + (from.yMm - centre.yMm) * zoom + way * Math.sin(angle);
        const placement = clampPlacement({ ...from, mmPerPx: from.mmPerPx * zoom, xMm, yMm }, photo, product);
        const key = `${zoom} ${placement.xMm.toFixed(1)} ${placement.yMm.toFixed(1)}`;
        if (!seen.has(key)) yield placement;
        seen.add(key);
      }
    }
  }
}

/**
 * A placement near this one, of the same angle, that is without this flaw, and worse in nothing that matters more; null where
 * none is found.
 */
export function* moveAway(
  flaw: Movable,
  from: Placement,
  facts: PhotoFacts,
  product: Product,
): InSteps<Placement | null> {
  const before = marksOf(findFlaws(from, facts, product));
  // What one looks at comes before the lettering, which can be mended next.
  const kept =
    flaw === "lines" ? (["sharpness", "light", "cover", "cut"] as const) : (["sharpness", "cover", "cut"] as const);
  const isBetter = (placement: Placement): boolean => {
    const after = marksOf(findFlaws(placement, facts, product));
    return after[flaw] === 0 && kept.every((key) => after[key] <= before[key]);
  };
  if (flaw === "lines") {
    const isRead = (placement: Placement): boolean => {
      const lit = litAt(placement, facts, product);
      return lit !== null && findHardLines(lit, product).length === 0;
    };
    for (const placement of around(from, facts.photo, product)) {
      if (isRead(placement) && isBetter(placement)) return placement;
      yield;
    }
    return null;
  }
  return facts.subject && (yield* resettle(facts.subject, from, facts.photo, product, isBetter));
}
