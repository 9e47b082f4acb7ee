import { type ColourProfile, findColourProfile } from "./colour-profile.ts";
import { DecodeError } from "./decode-error.ts";
import type { PhotoFormat } from "./photo-head.ts";
import { loadDecoder } from "./rare/load-decoder.ts";
import type { ToSrgb } from "./rare/icc.ts";
import { asStored } from "./read-surface.ts";

/** Turns RGBA rows of a bitmap's pixels into sRGB, in place. */
type Convert = (rgba: Uint8ClampedArray) => void;

/** A decoded photo, upright, and what its pixels still need where they are not in sRGB. */
export interface DecodedBitmap {
  readonly bitmap: ImageBitmap;
  readonly convert?: Convert | undefined;
}

/** Where a file says which colours are meant, in front of the picture. */
const headBytes = 4_000_000;
/** Pixels that are converted at a time. */
const maxPixels = 65_536;
/** A profile that changes no colour by more than this, of 255, is sRGB's own: they differ in their last digits. */
const maxDifference = 2;

/** Turns pixels that are grey into sRGB, in place: a profile of greys says nothing of colours. */
function greysOnly(toSrgb: ToSrgb): ToSrgb {
  return (samples, count, rgba) => {
    const before = rgba.slice();
    toSrgb(samples, count, rgba);
    for (let at = 0; at < count * 4; at += 4) {
      if (before[at] === before[at + 1] && before[at] === before[at + 2]) continue;
      rgba.set(before.subarray(at, at + 3), at);
    }
  };
}

function converter(toSrgb: ToSrgb, channels: 1 | 3): Convert {
  const samples = new Uint16Array(maxPixels * channels);
  return (rgba) => {
    for (let start = 0; start < rgba.length; start += maxPixels * 4) {
      const part = rgba.subarray(start, start + maxPixels * 4);
      for (let at = 0, next = 0; at < part.length; at += 4) {
        for (let channel = 0; channel < channels; channel++) samples[next++] = (part[at + channel] as number) * 257;
      }
      toSrgb(samples, part.length / 4, part);
    }
  };
}

function changesColours(convert: Convert): boolean {
  const levels = [0, 51, 102, 153, 204, 255];
  const colours = levels.flatMap((r) => levels.flatMap((g) => levels.flatMap((b) => [r, g, b, 255])));
  const converted = Uint8ClampedArray.from(colours);
  convert(converted);
  return converted.some((value, at) => Math.abs(value - (colours[at] as number)) > maxDifference);
}

async function makeConverter(profile: ColourProfile): Promise<Convert | "other" | undefined> {
  if (profile === "other") return "other";
  const { fromDisplayP3, readProfile } = await loadDecoder(() => import("./rare/icc.ts"));
  if (profile === "display-p3") return converter(fromDisplayP3(), 3);
  const space = String.fromCharCode(...profile.icc.subarray(16, 20));
  // Of a press's inks the browser has made what it could.
  if (space === "CMYK") return undefined;
  const channels = space === "GRAY" ? 1 : 3;
  const toSrgb = readProfile(profile.icc, channels === 1 ? "GRAY" : "RGB ");
  if (toSrgb === undefined) return "other";
  const convert = converter(channels === 1 ? greysOnly(toSrgb) : toSrgb, channels);
  return channels === 1 || changesColours(convert) ? convert : undefined;
}

/** What such a file's colours need where the browser leaves them as they are; "other" where only the browser knows. */
async function findConverter(file: Blob, format: PhotoFormat): Promise<Convert | "other" | undefined> {
  const head = new Uint8Array(await file.slice(0, headBytes).arrayBuffer());
  const profile = await findColourProfile(head, format);
  return profile && makeConverter(profile);
}

/**
 * All of a photo, turned upright by its own orientation; of an animation the first picture. The same pixels on every screen, but for
 * colours that only the browser understands. Throws DecodeError, or PhotoProblem "decoder-not-loaded".
 */
export async function decodeToBitmap(file: Blob, format: PhotoFormat): Promise<DecodedBitmap> {
  const options = asStored();
  const convert = options && (await findConverter(file, format));
  // The type is set from the bytes, because some engines trust it and pickers often leave it empty or wrong.
  const typed = file.slice(0, file.size, `image/${format}`);
  try {
    if (options === undefined || convert === "other") return { bitmap: await createImageBitmap(typed) };
    return { bitmap: await createImageBitmap(typed, options), convert };
  } catch (cause) {
    throw new DecodeError(`createImageBitmap of image/${format}`, { cause });
  }
}
