import type { Product } from "./products.ts";

/** A soft tint behind number and name that is printed with the photo, so that they can be read. */
export interface Veil {
  /** In sRGB: `#rrggbb`, lower case. */
  readonly colour: string;
  /** How opaque it is behind the letters: a whole number from 1 to 100. */
  readonly percent: number;
}

/** It is as strong as it gets so far beyond a line, and gone so much further out. */
const fullMm = 0.8;
const fadeMm = 5;

export function sameVeil(one: Veil | undefined, other: Veil | undefined): boolean {
  return one?.colour === other?.colour && one?.percent === other?.percent;
}

/** The veil of a design where this product prints it. */
export function allowedVeil(veil: Veil | undefined, { maxVeilPercent }: Product): Veil | undefined {
  return veil !== undefined && veil.percent <= maxVeilPercent ? veil : undefined;
}

/** Red, green and blue of a colour, each from 0 to 255. */
export function channelsOf(colour: string): readonly [red: number, green: number, blue: number] {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return [red as number, green as number, blue as number];
}

/** From 1 within the span to 0, without an edge. Only what IEEE 754 rounds exactly: every engine draws the same. */
function fall(at: number, from: number, to: number): number {
  const beyond = Math.max(from - fullMm - at, at - to - fullMm, 0);
  const left = Math.max(0, 1 - beyond / fadeMm);
  return left * left * (3 - 2 * left);
}

/** The veil behind one printed line. */
export interface VeilBand {
  /** Beyond them there is nothing of it, in mm from the card's centre. */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** What share of it is there, from 0 to 1: the product of both. */
  across(xMm: number): number;
  down(yMm: number): number;
}

/** The bands of a veil on this product's card. Where two meet the stronger one counts. */
export function veilBands({ zones }: Product): readonly VeilBand[] {
  const around = fullMm + fadeMm;
  return zones
    .filter(({ rule }) => rule === "legible")
    .map(({ xMm, yMm, widthMm, heightMm }) => ({
      left: xMm - around,
      top: yMm - around,
      right: xMm + widthMm + around,
      bottom: yMm + heightMm + around,
      across: (x) => fall(x, xMm, xMm + widthMm),
      down: (y) => fall(y, yMm, yMm + heightMm),
    }));
}
