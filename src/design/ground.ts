/** Two colours that run into each other in a straight line, from corner to corner of what is printed. */
export interface Gradient {
  /** `#rrggbb`, lower case, as `to`. */
  readonly from: string;
  readonly to: string;
  /** Where it runs, in whole degrees clockwise from the right: 0 to 359. */
  readonly angleDeg: number;
}

/** In sRGB: a colour (`#rrggbb`, lower case), or a gradient. */
export type Ground = string | Gradient;

export function isGradient(ground: Ground): ground is Gradient {
  return typeof ground !== "string";
}

export function sameGround(one: Ground, other: Ground): boolean {
  if (typeof one === "string" || typeof other === "string") return one === other;
  return one.from === other.from && one.to === other.to && one.angleDeg === other.angleDeg;
}

type Triple = readonly [number, number, number];

function levelsOf(colour: string): Triple {
  const levels = Number.parseInt(colour.slice(1), 16);
  return [levels >> 16, (levels >> 8) & 255, levels & 255];
}

const toLinear = (level: number): number => {
  const share = level / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};
const toLevel = (linear: number): number =>
  255 * (linear <= 0.0031308 ? 12.92 * Math.max(0, linear) : 1.055 * linear ** (1 / 2.4) - 0.055);

/** Björn Ottosson, "A perceptual color space for image processing" (2020). */
function toOklab(colour: string): Triple {
  const [red, green, blue] = levelsOf(colour).map(toLinear) as unknown as Triple;
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const middle = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short,
    1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short,
    0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short,
  ];
}

function fromOklab([light, a, b]: Triple): Triple {
  const long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (light - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    toLevel(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
    toLevel(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
    toLevel(-0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short),
  ];
}

/** How far apart two colours are seen, as OKLab counts it: black and white are 1 apart. */
export function seenApart(one: string, other: string): number {
  const [first, second] = [toOklab(one), toOklab(other)];
  return Math.hypot(...first.map((value, at) => value - (second[at] as number)));
}

/** Levels from 0 to 255, with their fractions, of this share of the way from one colour to the other: as evenly as eyes see them. */
function mixLevels(from: Triple, to: Triple, share: number): Triple {
  const mixed = from.map((value, at) => value + ((to[at] as number) - value) * share) as unknown as Triple;
  return fromOklab(mixed).map((level) => Math.min(255, Math.max(0, level))) as unknown as Triple;
}

const hex = (level: number): string => Math.round(level).toString(16).padStart(2, "0");

/** The gradient's colours at so many places, first and last included, evenly spaced: `#rrggbb`. */
export function listStops({ from, to }: Pick<Gradient, "from" | "to">, count: number): readonly string[] {
  const [first, last] = [toOklab(from), toOklab(to)];
  return Array.from(
    { length: count },
    (_, at) =>
      `#${mixLevels(first, last, at / (count - 1))
        .map(hex)
        .join("")}`,
  );
}

const steps = 1024;
/** No engine's powers and roots differ from another's by as much. */
const fineness = 256;

/** The levels at 1025 places of the way, of three channels one behind the other. */
function makeRamp({ from, to }: Gradient): Float64Array {
  const [first, last] = [toOklab(from), toOklab(to)];
  const ramp = new Float64Array((steps + 1) * 3);
  for (let at = 0; at <= steps; at++) {
    const levels = mixLevels(first, last, at / steps);
    for (let channel = 0; channel < 3; channel++)
      ramp[at * 3 + channel] = Math.round((levels[channel] as number) * fineness) / fineness;
  }
  return ramp;
}

/** From 0 up to, not including, 1: the same for the same place. */
function noiseAt(x: number, y: number): number {
  let hash = Math.imul(x + 1, 0x9e3779b1) ^ Math.imul(y + 1, 0x85ebca77);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}

const exactly = (value: number): number => Math.round(value * 1e9) / 1e9;

function paintColour(rgba: Uint8ClampedArray, colour: string): void {
  const [red, green, blue] = levelsOf(colour);
  for (let at = 0; at < rgba.length; at += 4) {
    rgba[at] = red;
    rgba[at + 1] = green;
    rgba[at + 2] = blue;
    rgba[at + 3] = 255;
  }
}

interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * Paints a ground over opaque RGBA rows of this size; the same bytes everywhere. Where a gradient's level lies between two, its pixels
 * are of either by chance, so that nobody sees where one level ends. In its last corners it is exactly as chosen.
 */
export function paintGround(rgba: Uint8ClampedArray, { widthPx, heightPx }: Size, ground: Ground): void {
  if (!isGradient(ground)) return paintColour(rgba, ground);
  const ramp = makeRamp(ground);
  const angle = (ground.angleDeg * Math.PI) / 180;
  const [right, down] = [exactly(Math.cos(angle)), exactly(Math.sin(angle))];
  // Of the pixels' centres the outermost are the ends.
  const length = Math.max(1, Math.abs(right) * (widthPx - 1) + Math.abs(down) * (heightPx - 1));
  let at = 0;
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++, at += 4) {
      const along = (right * (x - (widthPx - 1) / 2) + down * (y - (heightPx - 1) / 2)) / length + 0.5;
      const place = Math.min(1, Math.max(0, along)) * steps;
      const before = Math.min(steps - 1, Math.floor(place));
      const share = place - before;
      const noise = noiseAt(x, y);
      for (let channel = 0; channel < 3; channel++) {
        const level = ramp[before * 3 + channel] as number;
        const next = ramp[before * 3 + 3 + channel] as number;
        rgba[at + channel] = Math.floor(exactly(level + (next - level) * share) + noise);
      }
      rgba[at + 3] = 255;
    }
  }
}
