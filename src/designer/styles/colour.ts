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

const toLinear = (part: number): number => {
  const share = part / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};
const fromLinear = (share: number): number =>
  255 * (share <= 0.0031308 ? share * 12.92 : 1.055 * share ** (1 / 2.4) - 0.055);

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

/** Lightness (0 to 1) and the two axes of colour. */
type Oklab = readonly [lightness: number, a: number, b: number];

// Oklab and its numbers: Björn Ottosson, "A perceptual color space for image processing", 2020.
function toOklab([red, green, blue]: Colour): Oklab {
  const [r, g, b] = [toLinear(red), toLinear(green), toLinear(blue)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([lightness, a, b]: Oklab): Colour {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    fromLinear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    fromLinear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    fromLinear(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
    1,
  ];
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

const isPaintable = (colour: Colour): boolean => colour.every((part) => part > -0.5 && part < 255.5);

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
  const from = toOklab(colour);
  const moves = [0, 1].flatMap((end) => {
    if (!fits(end === 0 ? black : white)) return [];
    const at = (share: number): Colour => withLightness(from, end + (from[0] - end) * share);
    const share = findLargest((share) => fits(at(share)));
    return [{ moved: at(share), distance: Math.abs(from[0] - end) * (1 - share) }];
  });
  const [nearest] = moves.sort((one, other) => one.distance - other.distance);
  return nearest?.moved ?? colour;
}
