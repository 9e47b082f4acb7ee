import { luminanceOf } from "./art.ts";
import { invertAffine, type PhotoSize, type Placement, photoToCard } from "./placement.ts";
import type { Product } from "./products.ts";
import { isInRegion } from "./region.ts";
import { type Edges, seenEdges } from "./subject.ts";
import { channelsOf, type Veil, veilBands } from "./veil.ts";

/** A photo in few pixels, laid over all of it: upright, RGBA in rows, 8 bits each, sRGB. */
export interface PhotoColours {
  readonly columns: number;
  readonly rows: number;
  readonly rgba: Uint8ClampedArray;
}

/** How light each place of a photo is, in rows laid over all of it: relative luminance as WCAG defines it, from 0 to 1. */
export interface Light {
  readonly columns: number;
  readonly rows: number;
  readonly values: Float32Array;
}

const linear = Float64Array.from({ length: 256 }, (_, value) => {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
});

/** How light the photo is where it lies on this ground (`#rrggbb`), which shows through what is transparent. */
export function lightOf({ columns, rows, rgba }: PhotoColours, ground: string): Light {
  const under = channelsOf(ground);
  const values = new Float32Array(columns * rows);
  const seen = (at: number, channel: number): number => {
    const value = rgba[at + channel] as number;
    const opacity = (rgba[at + 3] as number) / 255;
    if (opacity === 1) return linear[value] as number;
    return linear[Math.round(value * opacity + (under[channel] as number) * (1 - opacity))] as number;
  };
  for (let place = 0; place < values.length; place++) {
    const at = place * 4;
    values[place] = 0.2126 * seen(at, 0) + 0.7152 * seen(at, 1) + 0.0722 * seen(at, 2);
  }
  return { columns, rows, values };
}

/** The light of what lies on a photo, at the places that `lightWithin` looks at: NaN where only the photo is seen; null where that is so everywhere. */
export type Laid = (within: Edges, across: number, down: number) => Float32Array | null;

/** What is looked at: a photo's light, where it lies, and what a veil makes of the light at a place of the card. */
export interface Lit {
  readonly light: Light;
  readonly placement: Placement;
  readonly photo: PhotoSize;
  /** How light it is outside the photo's region, where it has one. */
  readonly aside?: number | undefined;
  readonly laid?: Laid | undefined;
  readonly veiled?: ((light: number, xMm: number, yMm: number) => number) | undefined;
}

/** About as eyes space light, and as the values of sRGB are. */
const seenLight = (light: number): number => light ** (1 / 2.2);

/** What this veil makes of the light on this product's card. */
export function veiledBy({ colour, percent }: Veil, product: Product): NonNullable<Lit["veiled"]> {
  const seen = seenLight(luminanceOf(colour));
  const bands = veilBands(product);
  return (light, xMm, yMm) => {
    const share = bands.reduce((most, band) => Math.max(most, band.across(xMm) * band.down(yMm)), 0);
    const opacity = (share * percent) / 100;
    return opacity === 0 ? light : (seenLight(light) * (1 - opacity) + seen * opacity) ** 2.2;
  };
}

/** The light of a photo, or of the ground beside its region, and of nothing else, at a place of the card. */
export function lightAt({
  light: { columns, rows, values },
  placement,
  photo,
  aside = 1,
}: Lit): (x: number, y: number) => number {
  const [a, b, c, d, e, f] = invertAffine(photoToCard(placement, photo));
  const [perColumn, perRow] = [columns / photo.widthPx, rows / photo.heightPx];
  return (x, y) => {
    if (!isInRegion(photo.region, x, y)) return aside;
    const atX = Math.min(columns - 1, Math.max(0, Math.floor((a * x + c * y + e) * perColumn)));
    const atY = Math.min(rows - 1, Math.max(0, Math.floor((b * x + d * y + f) * perRow)));
    return values[atY * columns + atX] as number;
  };
}

/** The light of so many places across and down a part of the card, row by row. */
export function lightWithin(lit: Lit, within: Edges, across: number, down: number): Float64Array {
  const { left, top, right, bottom } = within;
  const { laid, veiled } = lit;
  const photoLight = lightAt(lit);
  const over = laid?.(within, across, down) ?? null;
  const found = new Float64Array(across * down);
  for (let row = 0; row < down; row++) {
    const y = top + ((row + 0.5) / down) * (bottom - top);
    for (let column = 0; column < across; column++) {
      const x = left + ((column + 0.5) / across) * (right - left);
      const onTop = over === null ? Number.NaN : (over[row * across + column] as number);
      const value = Number.isNaN(onTop) ? photoLight(x, y) : onTop;
      found[row * across + column] = veiled === undefined ? value : veiled(value, x, y);
    }
  }
  return found;
}

/** What may be wrong with the light in a crop: it prints dark, or large parts of it are nothing but white or black. */
export type LightFlaw = "dark" | "white" | "black";

const [across, down] = [64, 40];
/** From here on, of 1, as the values of sRGB are spaced, paper shows no difference. */
const plainWhite = 0.975;
const plainBlack = 0.03;

function shareOf(values: Float64Array, isOne: (value: number) => boolean): number {
  return values.reduce((count, value) => count + (isOne(value) ? 1 : 0), 0) / values.length;
}

/** The photo's values within the trim, from 0 to 1, as cardholders know them from their screens: what lies on it may be white, or dark. */
function seenWithin(lit: Lit, product: Product): Float64Array {
  return lightWithin({ ...lit, laid: undefined }, seenEdges(lit.photo, product), across, down).map(seenLight);
}

/** How bright a crop is, from 0 to 1: no more than a tenth of it is brighter. */
function brightnessOf(seen: Float64Array): number {
  return Float64Array.from(seen).sort()[Math.floor(0.9 * seen.length)] as number;
}

/** How bright a crop is on this product, as `warnBelowBrightness` counts it. */
export function measureBrightness(lit: Lit, product: Product): number {
  return brightnessOf(seenWithin(lit, product));
}

/** What is wrong with the light within the trim on this product; null where nothing is. `isRefused`: the product does not take it. */
export function judgeLight(
  lit: Lit,
  product: Product,
): { readonly flaw: LightFlaw; readonly isRefused: boolean } | null {
  const seen = seenWithin(lit, product);
  const bright = brightnessOf(seen);
  if (bright < product.warnBelowBrightness) return { flaw: "dark", isRefused: bright < product.refuseBelowBrightness };
  const shares = {
    white: shareOf(seen, (value) => value > plainWhite),
    black: shareOf(seen, (value) => value < plainBlack),
  };
  const flaw = shares.white >= shares.black ? "white" : "black";
  if (shares[flaw] <= product.warnAbovePlainShare) return null;
  return { flaw, isRefused: shares[flaw] > product.refuseAbovePlainShare };
}
