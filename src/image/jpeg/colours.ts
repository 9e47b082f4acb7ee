import { type ColourSpace, readProfile, type ToSrgb } from "../rare/icc.ts";
import { plainColours } from "../rare/plain-colours.ts";
import type { JpegColours, JpegFile } from "./jpeg-file.ts";

/** Makes RGBX of a row, of which each component has a value for each pixel. They may be changed. */
export type PaintRow = (components: readonly Uint8ClampedArray[], count: number, rgbx: Uint8ClampedArray) => void;

/** How a picture's numbers become sRGB. */
export interface Conversion {
  /** Undefined where they are sRGB's. */
  readonly toSrgb: ToSrgb | undefined;
  /** Inks of which no profile tells what they look like. */
  readonly isGuess: boolean;
}

const spaces: Readonly<Record<JpegColours, ColourSpace>> = {
  grey: "GRAY",
  rgb: "RGB ",
  ycc: "RGB ",
  cmyk: "CMYK",
  ycck: "CMYK",
};
const channelsOf: Readonly<Record<ColourSpace, number>> = { GRAY: 1, "RGB ": 3, CMYK: 4 };

/** Whether a profile changes no colour by more than a level: a browser's sRGB, a scanner's, and those of old cameras differ by as much. */
function keepsColours(toSrgb: ToSrgb, channels: 1 | 3): boolean {
  const levels = Array.from({ length: 9 }, (_, index) => Math.round((index * 255) / 8));
  const colours =
    channels === 1
      ? levels.map((level) => [level])
      : levels.flatMap((r) => levels.flatMap((g) => levels.map((b) => [r, g, b])));
  const rgba = new Uint8ClampedArray(colours.length * 4);
  toSrgb(
    Uint16Array.from(colours.flat(), (level) => level * 257),
    colours.length,
    rgba,
  );
  return colours.every((colour, at) =>
    [0, 1, 2].every(
      (channel) => Math.abs((rgba[at * 4 + channel] as number) - (colour[channel] ?? colour[0] ?? 0)) <= 1,
    ),
  );
}

export function conversionOf({ colours, profile }: JpegFile): Conversion {
  const space = spaces[colours];
  const toSrgb = profile && readProfile(profile, space);
  if (space === "CMYK") return { toSrgb: toSrgb ?? plainColours(space), isGuess: toSrgb === undefined };
  const isPlain = toSrgb === undefined || keepsColours(toSrgb, space === "GRAY" ? 1 : 3);
  return { toSrgb: isPlain ? undefined : toSrgb, isGuess: false };
}

type Rows = readonly [Uint8ClampedArray, Uint8ClampedArray, Uint8ClampedArray, ...Uint8ClampedArray[]];

/** JFIF's conversion to RGB, in place, to the bit as libjpeg's. */
function yccToRgb([ys, blues, reds]: Rows, count: number): void {
  for (let x = 0; x < count; x++) {
    const y = ys[x] as number;
    const blue = (blues[x] as number) - 128;
    const red = (reds[x] as number) - 128;
    ys[x] = y + ((91881 * red + 32768) >> 16);
    blues[x] = y + ((-22554 * blue - 46802 * red + 32768) >> 16);
    reds[x] = y + ((116130 * blue + 32768) >> 16);
  }
}

function invert(values: Uint8ClampedArray, count: number): void {
  for (let x = 0; x < count; x++) values[x] = 255 - (values[x] as number);
}

/** From what the file has to the numbers of its colour space: light, or inks. */
function unmix({ colours }: JpegFile): (components: readonly Uint8ClampedArray[], count: number) => void {
  return (components, count) => {
    if (colours === "ycc" || colours === "ycck") yccToRgb(components as Rows, count);
    // Written as what they leave of the paper's white, as Adobe's programs do it and everybody reads it, marked so or not.
    if (colours === "cmyk") for (const component of components) invert(component, count);
    // Of the others this is the opposite of the opposite.
    if (colours === "ycck") invert(components[3] as Uint8ClampedArray, count);
  };
}

/** For rows of up to `maxCount` pixels. */
export function painterOf(file: JpegFile, { toSrgb }: Conversion, maxCount: number): PaintRow {
  const toNumbers = unmix(file);
  const channels = channelsOf[spaces[file.colours]];
  const samples = new Uint16Array(maxCount * channels);
  return (components, count, rgbx) => {
    toNumbers(components, count);
    if (toSrgb === undefined) {
      for (let channel = 0; channel < 3; channel++) {
        const values = components[channels === 1 ? 0 : channel] as Uint8ClampedArray;
        for (let x = 0, at = channel; x < count; x++, at += 4) rgbx[at] = values[x] as number;
      }
      return;
    }
    for (let channel = 0; channel < channels; channel++) {
      const values = components[channel] as Uint8ClampedArray;
      for (let x = 0, at = channel; x < count; x++, at += channels) samples[at] = (values[x] as number) * 257;
    }
    toSrgb(samples, count, rgbx);
  };
}
