import { fromOklab, type Levels, type Oklab, toLinear, toOklab } from "#design/oklab.ts";

/** Red, green and blue of sRGB as 0 to 255, whole or not, and opacity as 0 to 1. */
export type Colour = readonly [red: number, green: number, blue: number, alpha: number];

export const white: Colour = [255, 255, 255, 1];
export const black: Colour = [0, 0, 0, 1];

/** As `#rrggbb`; the opacity is left out. */
export function toHex([red, green, blue]: Colour): string {
  return `#${[red, green, blue].map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

/** Reads `#rrggbb`. */
export function fromHex(hex: string): Colour {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return [red, green, blue, 1];
}

/** What is seen when `front` covers `share` (0 to 1) of `back`, which is opaque; in whole steps, as it is painted. */
export function mix(front: Colour, back: Colour, share: number): Colour {
  const part = (at: 0 | 1 | 2) => Math.round(front[at] * share + back[at] * (1 - share));
  return [part(0), part(1), part(2), 1];
}

/** What is seen of `front` on `back`, which is opaque. */
export function over(front: Colour, back: Colour): Colour {
  return front[3] === 1 ? front : mix(front, back, front[3]);
}

/** Relative luminance, 0 to 1 (WCAG 2.2). */
function luminance([red, green, blue]: Colour): number {
  return 0.2126 * toLinear(red) + 0.7152 * toLinear(green) + 0.0722 * toLinear(blue);
}

/**
 * As little of `front` as a screen may show on `back`, which is opaque. Where it is translucent its opacity is held in whole 255ths, and
 * what is left of either colour is rounded on its own: that may be a step nearer to `back` than it is.
 */
function leastOver(front: Colour, back: Colour): Colour {
  if (front[3] === 1) return front;
  const share = Math.floor(front[3] * 255) / 255;
  const part = (at: 0 | 1 | 2): number => {
    const apart = (front[at] - back[at]) * share;
    return back[at] + Math.sign(apart) * Math.max(0, Math.abs(apart) - 1);
  };
  return [part(0), part(1), part(2), 1];
}

/** Contrast ratio, 1 to 21 (WCAG 2.2), of what is seen at least of `front` on `back`, which is opaque. */
export function contrast(front: Colour, back: Colour): number {
  const [dark = 0, light = 0] = [luminance(leastOver(front, back)), luminance(back)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const steps = 20;

/** The largest number from 0 to 1 that `holds`, if those up to some number do and those above do not; 0 always may. */
export function findLargest(holds: (share: number) => boolean): number {
  if (holds(1)) return 1;
  let [good, bad] = [0, 1];
  for (let step = 0; step < steps; step += 1) {
    const middle = (good + bad) / 2;
    if (holds(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

const isPaintable = (levels: Levels): boolean => levels.every((part) => part > -0.5 && part < 255.5);

/** The same hue at another lightness (0 to 1), as colourful as sRGB allows and no more than it was; in whole steps. */
function withLightness([, a, b]: Oklab, lightness: number): Colour {
  if (lightness <= 0) return black;
  if (lightness >= 1) return white;
  const strength = findLargest((share) => isPaintable(fromOklab([lightness, a * share, b * share])));
  const [red, green, blue] = fromOklab([lightness, a * strength, b * strength]);
  const whole = (part: number) => Math.min(255, Math.max(0, Math.round(part)));
  return [whole(red), whole(green), whole(blue), 1];
}

/**
 * The colour of the same hue that `fits` and is nearest in lightness. Black or white must fit, and what fits in one direction
 * must fit as far as its end.
 */
export function moveLightness(colour: Colour, fits: (moved: Colour) => boolean): Colour {
  const [red, green, blue] = colour;
  const from = toOklab([red, green, blue]);
  const moves = [0, 1].flatMap((end) => {
    if (!fits(end === 0 ? black : white)) return [];
    const at = (share: number): Colour => withLightness(from, end + (from[0] - end) * share);
    const share = findLargest((share) => fits(at(share)));
    return [{ moved: at(share), distance: Math.abs(from[0] - end) * (1 - share) }];
  });
  const [nearest] = moves.sort((one, other) => one.distance - other.distance);
  return nearest?.moved ?? colour;
}
