import { type ColourProfile, findColours, spaceOf } from "./colour-profile.ts";
import { DecodeError } from "./decode-error.ts";
import { type Edit, withEdits } from "./edits.ts";
import type { PhotoFormat } from "./photo-head.ts";
import { loadDecoder } from "./rare/load-decoder.ts";
import type { ToSrgb } from "./rare/icc.ts";
import { asStored, isGecko } from "./read-surface.ts";
import { widenBitmap } from "./widen-bitmap.ts";

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

/** The way to sRGB; undefined where there is none to go, "other" where only the browser knows it. */
async function makeConverter(profile: ColourProfile): Promise<Convert | "other" | undefined> {
  if (profile === "other") return "other";
  const { fromDisplayP3, readProfile } = await loadDecoder(() => import("./rare/icc.ts"));
  if (profile === "display-p3") return converter(fromDisplayP3(), 3);
  const space = spaceOf(profile.icc);
  // Of a press's inks the browser has made what it could.
  if (space === "CMYK") return undefined;
  const channels = space === "GRAY" ? 1 : 3;
  const toSrgb = readProfile(profile.icc, channels === 1 ? "GRAY" : "RGB ");
  if (toSrgb === undefined) return "other";
  const convert = converter(toSrgb, channels);
  return channels === 1 || changesColours(convert) ? convert : undefined;
}

/** How we bring a file's own numbers into sRGB; undefined where they are, "other" where only the browser knows it. */
export async function findConvert(bytes: Uint8Array, format: PhotoFormat): Promise<Convert | "other" | undefined> {
  const colours = await findColours(bytes.subarray(0, headBytes), format);
  return colours && makeConverter(colours.profile);
}

/** Of all that files say of colours, the one thing that is obeyed by every browser but Firefox, which sees to the screen as well. */
function isObeyed(profile: ColourProfile, format: PhotoFormat): boolean {
  return (format === "jpeg" || format === "png") && typeof profile === "object" && spaceOf(profile.icc) === "RGB ";
}

/** How we bring a file's colours into sRGB, and the file of which every browser gives its numbers as they are. */
interface Own {
  readonly convert: Convert;
  readonly edits: readonly Edit[];
}

/** Undefined where there is nothing to convert, "other" where it is left to the browser. */
async function findOwn(file: Blob, format: PhotoFormat): Promise<Own | "other" | undefined> {
  const head = new Uint8Array(await file.slice(0, headBytes).arrayBuffer());
  const colours = await findColours(head, format);
  if (colours === undefined) return undefined;
  if (!isGecko() && isObeyed(colours.profile, format)) return "other";
  const convert = await makeConverter(colours.profile);
  return typeof convert === "function" ? { convert, edits: colours.edits } : convert;
}

async function decodeAs(format: PhotoFormat, file: Blob, options?: ImageBitmapOptions): Promise<ImageBitmap> {
  try {
    // The type is set from the bytes, because some engines trust it and pickers often leave it empty or wrong.
    return await createImageBitmap(file.slice(0, file.size, `image/${format}`), options);
  } catch (cause) {
    throw new DecodeError(`createImageBitmap of image/${format}`, { cause });
  }
}

/**
 * All of a photo, turned upright by its own orientation; of an animation the first picture. The same pixels in every browser and on
 * every screen, but for colours that only the browser understands. Throws DecodeError, or PhotoProblem "decoder-not-loaded".
 */
export async function decodeToBitmap(file: Blob, format: PhotoFormat): Promise<DecodedBitmap> {
  if (format === "bmp") return { bitmap: await decodeAs(format, await widenBitmap(file), asStored()) };
  const own = await findOwn(file, format);
  if (typeof own !== "object")
    return { bitmap: await decodeAs(format, file, own === "other" ? undefined : asStored()) };
  // Firefox gives the numbers of any file, and knows none whose first bytes come in pieces.
  const stored = isGecko() ? file : withEdits(file, own.edits);
  return { bitmap: await decodeAs(format, stored, asStored()), convert: own.convert };
}
