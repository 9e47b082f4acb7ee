import { fromOklab, type Levels, type Oklab, toOklab } from "./oklab.ts";

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

function levelsOf(colour: string): Levels {
  const levels = Number.parseInt(colour.slice(1), 16);
  return [levels >> 16, (levels >> 8) & 255, levels & 255];
}

/** How far apart two colours are seen, as OKLab counts it: black and white are 1 apart. */
export function seenApart(one: string, other: string): number {
  const [first, second] = [toOklab(levelsOf(one)), toOklab(levelsOf(other))];
  return Math.hypot(...first.map((value, at) => value - (second[at] as number)));
}

/** Levels from 0 to 255, with their fractions, of this share of the way from one colour to the other: as evenly as eyes see them. */
function mixLevels(from: Oklab, to: Oklab, share: number): Levels {
  const mixed = from.map((value, at) => value + ((to[at] as number) - value) * share) as unknown as Oklab;
  return fromOklab(mixed).map((level) => Math.min(255, Math.max(0, level))) as unknown as Levels;
}

const hex = (level: number): string => Math.round(level).toString(16).padStart(2, "0");

/** The gradient's colours at so many places, first and last included, evenly spaced: `#rrggbb`. */
export function listStops({ from, to }: Pick<Gradient, "from" | "to">, count: number): readonly string[] {
  const [first, last] = [toOklab(levelsOf(from)), toOklab(levelsOf(to))];
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
  const [first, last] = [toOklab(levelsOf(from)), toOklab(levelsOf(to))];
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
