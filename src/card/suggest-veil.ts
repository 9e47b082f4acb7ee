import { isLightInk } from "./art.ts";
import type { PhotoColours } from "./crop-light.ts";
import { litAt, type PhotoFacts } from "./flaws.ts";
import { invertAffine, type Placement, photoToCard } from "./placement.ts";
import { isInRegion } from "./region.ts";
import { leastContrast } from "./printed-lines.ts";
import type { Product } from "./products.ts";
import { type Veil, veilBands } from "./veil.ts";

/** Places of each line that are looked at for its colour. */
const [across, down] = [24, 4];

/** What the photo's colours behind the lines are on average; black where they are not known. */
function meanBehind(
  placement: Placement,
  { photo }: PhotoFacts,
  colours: PhotoColours | null,
  product: Product,
): readonly number[] {
  if (colours === null) return [0, 0, 0];
  const { columns, rows, rgba } = colours;
  const [a, b, c, d, e, f] = invertAffine(photoToCard(placement, photo));
  const sums = [0, 0, 0];
  const bands = veilBands(product);
  let seen = 0;
  for (const { left, top, right, bottom } of bands) {
    for (let at = 0; at < across * down; at++) {
      const x = left + (((at % across) + 0.5) / across) * (right - left);
      const y = top + ((Math.floor(at / across) + 0.5) / down) * (bottom - top);
      if (!isInRegion(photo.region, x, y)) continue;
      seen += 1;
      const column = Math.min(columns - 1, Math.max(0, Math.floor(((a * x + c * y + e) * columns) / photo.widthPx)));
      const row = Math.min(rows - 1, Math.max(0, Math.floor(((b * x + d * y + f) * rows) / photo.heightPx)));
      sums.forEach((sum, channel) => (sums[channel] = sum + (rgba[(row * columns + column) * 4 + channel] as number)));
    }
  }
  return sums.map((sum) => sum / Math.max(1, seen));
}

/** Of 255: how far a veil is from black under light lettering, or from white under dark one. */
const shade = 44;
/** The photo's own colour, so dark that light lettering is read on it, or so light that dark one is. */
function tintOf(mean: readonly number[], product: Product): string {
  const strongest = Math.max(1, ...mean);
  const isInkLight = isLightInk(product);
  const channels = mean.map((value) =>
    Math.round(isInkLight ? (value / strongest) * shade : 255 - (1 - value / strongest) * shade),
  );
  return `#${channels.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/** One can tell two apart. */
const stepPercent = 10;
const leastPercent = 30;
/** Where nothing is known of the photo's light. */
const unknownPercent = 50;
/** Read with ease, and still so where the photo is moved a little. */
const comfort = 1.2;

/**
 * The faintest veil of the photo's own colour with which number and name are read with ease where the photo lies, or else the one with
 * which they are read best. `colours` are the photo's as they are seen, so that nothing shows through. Null where the product allows none.
 */
export function suggestVeil(
  placement: Placement,
  facts: PhotoFacts,
  colours: PhotoColours | null,
  product: Product,
): Veil | null {
  const { maxVeilPercent, warnBelowContrast } = product;
  const colour = tintOf(meanBehind(placement, facts, colours, product), product);
  let best: { readonly veil: Veil; readonly contrast: number } | null = null;
  for (let next = leastPercent; maxVeilPercent > 0; next += stepPercent) {
    const veil = { colour, percent: Math.min(next, maxVeilPercent) };
    const lit = litAt(placement, { ...facts, veil }, product);
    if (lit === null) return { colour, percent: Math.min(unknownPercent, maxVeilPercent) };
    const contrast = leastContrast(lit, product);
    if (best === null || contrast > best.contrast) best = { veil, contrast };
    if (contrast >= warnBelowContrast * comfort || next >= maxVeilPercent) break;
  }
  return best?.veil ?? null;
}
