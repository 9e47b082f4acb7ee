import type { Range } from "./paint-range.ts";

/** Levels of 255 by which a pixel may lie outside, and pixels that may lie further: what another release of our painter may round otherwise. */
const tolerance = { levels: 2, pixels: 8 } as const;

/** Where a picture is not what its design says. */
export interface Difference {
  /** How many of them. */
  readonly pixels: number;
  /** The smallest rectangle about them, in pixels of the raster; right and bottom are outside of it. */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Compares a picture, RGB rows so many pixels wide, with what it must lie between. Undefined where it does. */
export function findDifference(rgb: Uint8Array, { low, high }: Range, widthPx: number): Difference | undefined {
  let [pixels, left, top, right, bottom] = [0, Infinity, Infinity, 0, 0];
  for (let place = 0; place * 3 < rgb.length; place++) {
    let isOutside = false;
    for (let channel = 0; channel < 3; channel++) {
      const level = rgb[place * 3 + channel] as number;
      const least = (low[place * 4 + channel] as number) - tolerance.levels;
      const most = (high[place * 4 + channel] as number) + tolerance.levels;
      isOutside ||= level < least || level > most;
    }
    if (!isOutside) continue;
    const [x, y] = [place % widthPx, Math.floor(place / widthPx)];
    pixels += 1;
    [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x + 1), y + 1];
  }
  return pixels > tolerance.pixels ? { pixels, left, top, right, bottom } : undefined;
}
