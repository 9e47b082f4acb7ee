/** Red, green and blue of sRGB as 0 to 255, whole or not; beyond that where it has no such colour. */
export type Levels = readonly [red: number, green: number, blue: number];

/** Lightness, 0 to 1, and the two axes of colour. */
export type Oklab = readonly [lightness: number, a: number, b: number];

/** From 0 to 255 to light, 0 to 1 (IEC 61966-2-1). */
export function toLinear(level: number): number {
  const share = level / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function toLevel(linear: number): number {
  return 255 * (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055);
}

/** As Björn Ottosson has it, "A perceptual color space for image processing" (2020). */
export function toOklab(levels: Levels): Oklab {
  const [red, green, blue] = levels.map(toLinear) as unknown as Levels;
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const middle = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short,
    1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short,
    0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short,
  ];
}

export function fromOklab([lightness, a, b]: Oklab): Levels {
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    toLevel(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
    toLevel(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
    toLevel(-0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short),
  ];
}
