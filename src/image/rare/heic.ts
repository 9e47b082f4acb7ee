import { type Breathe, type DecodedRgba, maxDecodedPixels } from "./decoded.ts";
import type { Heif } from "./heif.ts";
import { fromDisplayP3, readProfile, type ToSrgb } from "./icc.ts";
import { type Step, takeSteps, type Turn } from "./turn.ts";

// libheif/heif_image.h: RGB, its interleaved RGBA, and the channel that holds it.
const rgbColours = 1;
const interleavedRgba = 11;
const interleaved = 10;
// libheif/heif_error.h.
const noMemory = 6;
const overLimit = 1000;
const unsupported = new Set([3, 4, 11]);
// No still picture, but a film of them: no `meta` box, none that is the primary one.
const withoutStill = new Set([104, 107, 124]);

/** libheif's own words, and whether it is the kind of file and not this one that it cannot decode. */
export class HeifError extends Error {
  override readonly name = "HeifError";
  readonly isUnsupported: boolean;
  constructor(code: number, subcode: number) {
    super(`libheif's error ${code}.${subcode}`);
    this.isUnsupported = unsupported.has(code) || withoutStill.has(subcode);
  }
}

/** Calls with a place for the error and one for a result. Returns the result. */
function call(heif: Heif, run: (error: number, result: number) => void): number {
  const error = heif._malloc(16);
  try {
    run(error, error + 12);
    const at = error >> 2;
    const [code = 0, subcode = 0, , result = 0] = heif.HEAP32.subarray(at, at + 4);
    if (code === noMemory && subcode !== overLimit) throw new RangeError("libheif finds no memory");
    if (code !== 0) throw new HeifError(code, subcode);
    return result;
  } finally {
    heif._free(error);
  }
}

/** The way to sRGB of a photo whose colours are named by numbers (ITU-T H.273); undefined for sRGB and all others. */
function readNumbered(heif: Heif, handle: number): ToSrgb | undefined {
  try {
    const profile = call(heif, (error, result) =>
      heif._heif_image_handle_get_nclx_color_profile(error, handle, result),
    );
    const primaries = heif.HEAP32[(profile >> 2) + 1];
    heif._heif_nclx_color_profile_free(profile);
    // SMPTE EG 432-1.
    return primaries === 12 ? fromDisplayP3() : undefined;
  } catch {
    return undefined;
  }
}

function readColours(heif: Heif, handle: number): ToSrgb | undefined {
  const bytes = heif._heif_image_handle_get_raw_color_profile_size(handle);
  if (bytes === 0) return readNumbered(heif, handle);
  const at = heif._malloc(bytes);
  call(heif, (error) => heif._heif_image_handle_get_raw_color_profile(error, handle, at));
  const profile = heif.HEAPU8.slice(at, at + bytes);
  heif._free(at);
  return readProfile(profile, "RGB ");
}

/** A decoder's options, by their places in libheif/heif_decoding.h: what is broken is said, not passed over. */
function makeOptions(heif: Heif, ignoresTurns: boolean): number {
  const options = heif._heif_decoding_options_alloc();
  heif.HEAPU8[options + 1] = ignoresTurns ? 1 : 0;
  heif.HEAPU8[options + 21] = 1;
  return options;
}

function fourLetters(name: string): number {
  return Array.from(name).reduce((code, letter) => code * 256 + letter.charCodeAt(0), 0);
}

/** How the picture has to be turned; undefined when it is cropped as well. */
function readSteps(heif: Heif, context: number, handle: number): readonly Step[] | undefined {
  const room = 8;
  const item = heif._heif_image_handle_get_item_id(handle);
  const at = heif._malloc(room * 4);
  const count = heif._heif_item_get_transformation_properties(context, item, at, room);
  const properties = Array.from(heif.HEAP32.subarray(at >> 2, (at >> 2) + Math.min(count, room)));
  heif._free(at);
  const steps: Step[] = [];
  for (const property of properties) {
    const type = heif._heif_item_get_property_type(context, item, property);
    if (type === fourLetters("irot")) {
      const degrees = heif._heif_item_get_property_transform_rotation_ccw(context, item, property);
      steps.push(...Array<Step>(degrees / 90).fill("left"));
    } else if (type === fourLetters("imir")) {
      const isSideways = heif._heif_item_get_property_transform_mirror(context, item, property) === 1;
      steps.push(isSideways ? "mirrored" : "upside-down");
    } else return undefined;
  }
  return steps;
}

interface Tiling {
  readonly columns: number;
  readonly rows: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly turn: Turn;
}

/** How the stored picture is cut; undefined where its parts cannot be decoded one by one. */
function readTiling(heif: Heif, context: number, handle: number): Tiling | undefined {
  // Opacity lies in another picture.
  if (heif._heif_image_handle_has_alpha_channel(handle) !== 0) return undefined;
  const steps = readSteps(heif, context, handle);
  const at = heif._malloc(128);
  try {
    call(heif, (error) => heif._heif_image_handle_get_image_tiling(error, handle, 0, at));
    const [, columns = 0, rows = 0, tileWidth = 0, tileHeight = 0, width = 0, height = 0] = heif.HEAP32.subarray(
      at >> 2,
      (at >> 2) + 7,
    );
    const covers = columns * tileWidth >= width && rows * tileHeight >= height;
    if (steps === undefined || columns * rows < 2 || !covers) return undefined;
    return { columns, rows, tileWidth, tileHeight, turn: takeSteps(width, height, steps) };
  } catch {
    return undefined;
  } finally {
    heif._free(at);
  }
}

/** Writes a decoded picture where it belongs, in sRGB. */
function createWriter(heif: Heif, pixels: Uint32Array, toSrgb: ToSrgb | undefined) {
  return (image: number, turn: Turn, left: number, top: number, width: number, height: number): void => {
    const stride = heif._malloc(4);
    const plane = heif._heif_image_get_plane_readonly(image, interleaved, stride);
    const rowBytes = heif.HEAP32[stride >> 2] ?? 0;
    heif._free(stride);
    const isThere = heif._heif_image_get_width(image, interleaved) >= width;
    if (plane === 0 || !isThere || heif._heif_image_get_height(image, interleaved) < height) throw new HeifError(0, 0);
    const samples = new Uint16Array(width * 3);
    const row = new Uint8ClampedArray(width * 4);
    const rowPixels = new Uint32Array(row.buffer);
    for (let y = 0; y < height; y++) {
      row.set(heif.HEAPU8.subarray(plane + y * rowBytes, plane + y * rowBytes + width * 4));
      if (toSrgb !== undefined) {
        for (let x = 0; x < width; x++) {
          samples[x * 3] = (row[x * 4] as number) * 257;
          samples[x * 3 + 1] = (row[x * 4 + 1] as number) * 257;
          samples[x * 3 + 2] = (row[x * 4 + 2] as number) * 257;
        }
        toSrgb(samples, width, row);
      }
      let at = turn.first + left * turn.right + (top + y) * turn.down;
      for (let x = 0; x < width; x++, at += turn.right) pixels[at] = rowPixels[x] as number;
    }
    heif._heif_image_release(image);
  };
}

type Write = ReturnType<typeof createWriter>;

async function decodeParts(heif: Heif, handle: number, tiling: Tiling, write: Write, breathe: Breathe): Promise<void> {
  const { columns, rows, tileWidth, tileHeight, turn } = tiling;
  const isTurned = Math.abs(turn.right) !== 1;
  const [width, height] = isTurned ? [turn.heightPx, turn.widthPx] : [turn.widthPx, turn.heightPx];
  const options = makeOptions(heif, true);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [left, top] = [column * tileWidth, row * tileHeight];
      if (left >= width || top >= height) continue;
      const image = call(heif, (error, result) =>
        heif._heif_image_handle_decode_image_tile(
          error,
          handle,
          result,
          rgbColours,
          interleavedRgba,
          options,
          column,
          row,
        ),
      );
      write(image, turn, left, top, Math.min(tileWidth, width - left), Math.min(tileHeight, height - top));
      await breathe();
    }
  }
}

function decodeWhole(heif: Heif, handle: number, widthPx: number, heightPx: number, write: Write): void {
  const options = makeOptions(heif, false);
  const image = call(heif, (error, result) =>
    heif._heif_decode_image(error, handle, result, rgbColours, interleavedRgba, options),
  );
  write(image, takeSteps(widthPx, heightPx, []), 0, 0, widthPx, heightPx);
}

/** The colours as they are where they were multiplied by the opacity. */
function divideByOpacity(rgba: Uint8ClampedArray): void {
  for (let at = 0; at < rgba.length; at += 4) {
    const opacity = rgba[at + 3] as number;
    if (opacity === 0 || opacity === 255) continue;
    for (let channel = at; channel < at + 3; channel++) rgba[channel] = ((rgba[channel] as number) * 255) / opacity;
  }
}

/**
 * The primary picture of a HEIC in sRGB: turned, mirrored and cropped once by its own properties; what EXIF says of it does not count
 * (ISO/IEC 23008-12). A grid, as phones write it, is decoded part by part. Throws HeifError, or what `breathe` does between the parts.
 */
export async function decodeHeic(heif: Heif, bytes: Uint8Array, breathe: Breathe): Promise<DecodedRgba> {
  const file = heif._malloc(bytes.length);
  if (file === 0) throw new RangeError("no memory for the file");
  heif.HEAPU8.set(bytes, file);
  const context = heif._heif_context_alloc();
  heif._heif_context_set_maximum_image_size_limit(context, 40_000);
  call(heif, (error) => heif._heif_context_read_from_memory_without_copy(error, context, file, bytes.length, 0));
  const handle = call(heif, (error, result) => heif._heif_context_get_primary_image_handle(error, context, result));
  const widthPx = heif._heif_image_handle_get_width(handle);
  const heightPx = heif._heif_image_handle_get_height(handle);
  if (widthPx <= 0 || heightPx <= 0 || widthPx * heightPx > maxDecodedPixels) throw new HeifError(0, 0);
  const rgba = new Uint8ClampedArray(widthPx * heightPx * 4);
  const write = createWriter(heif, new Uint32Array(rgba.buffer), readColours(heif, handle));
  const tiling = readTiling(heif, context, handle);
  if (tiling === undefined) decodeWhole(heif, handle, widthPx, heightPx, write);
  else await decodeParts(heif, handle, tiling, write, breathe);
  if (heif._heif_image_handle_is_premultiplied_alpha(handle) !== 0) divideByOpacity(rgba);
  // The rest goes with the decoder's memory.
  return { widthPx, heightPx, rgba };
}
