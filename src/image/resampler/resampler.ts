import { type Affine, invertAffine, type PhotoSize } from "#card/placement.ts";
import { type Kernel, readBytes, startKernel, viewBytes } from "../kernel/kernel.ts";

interface Raster {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Whole pixels of a photo. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Resampler {
  /** The part of the photo that the raster is made of. It begins at even pixels, and may be empty. */
  readonly region: Region;
  /** Room for so many of the region's next rows, top to bottom, as RGBA whose A is not read: to be filled before `push`. */
  room(rows: number): Uint8ClampedArray<ArrayBuffer>;
  /** Takes the rows that are in the room. */
  push(rows: number): void;
  /** The raster once the region's last row is there: RGBA rows, top to bottom; every A is 255. */
  finish(): Uint8ClampedArray<ArrayBuffer>;
}

// Lanczos-3.
const lobes = 3;
// Less than this, in raster pixels from one side of the photo to the other, does not count as turned.
const straightPx = 1e-6;

/** How many pixels of the raster, in either direction, one of the photo becomes. */
export function scaleOf([a, b, c, d]: Affine): number {
  return Math.sqrt(Math.abs(a * d - b * c));
}

/** The part of the photo under the raster and the kernel's reach around it. */
function regionOf(photo: PhotoSize, map: Affine, { widthPx, heightPx }: Raster): Region {
  const [a, b, c, d, e, f] = invertAffine(map);
  const reach = lobes * Math.max(1, scaleOf(map));
  const corners = [-reach, widthPx + reach].flatMap((x) => [-reach, heightPx + reach].map((y) => [x, y] as const));
  const xs = corners.map(([x, y]) => a * x + c * y + e);
  const ys = corners.map(([x, y]) => b * x + d * y + f);
  const x = Math.max(0, 2 * Math.floor(Math.min(...xs) / 2));
  const y = Math.max(0, 2 * Math.floor(Math.min(...ys) / 2));
  const right = Math.min(photo.widthPx, Math.ceil(Math.max(...xs)));
  const bottom = Math.min(photo.heightPx, Math.ceil(Math.max(...ys)));
  return { x, y, width: Math.max(0, right - x), height: Math.max(0, bottom - y) };
}

/** Where the raster will be, and what takes the region's rows. */
type Begun = readonly [raster: number, push: (rgba: number, rows: number) => void];

function begin(
  kernel: Kernel,
  { x, y, width, height }: Region,
  [a, b, c, d, e, f]: Affine,
  { widthPx, heightPx }: Raster,
): Begun {
  const left = e + a * x + c * y;
  const top = f + b * x + d * y;
  if (Math.abs(b) * width + Math.abs(c) * height < straightPx)
    return [kernel.beginUpright(width, height, widthPx, a, left, 1, heightPx, d, top, widthPx), kernel.pushUpright];
  // A quarter turn: across the photo is down the raster.
  if (Math.abs(a) * width + Math.abs(d) * height < straightPx)
    return [kernel.beginUpright(width, height, heightPx, b, top, widthPx, widthPx, c, left, 1), kernel.pushUpright];
  return [kernel.beginTurned(width, height, widthPx, heightPx, a, b, c, d, left, top), kernel.pushTurned];
}

/**
 * Shrinks or enlarges a photo through `map` (photo pixels to raster pixels; it turns, flips and scales, and keeps angles) onto a
 * raster of exactly this size: Lanczos-3 on the raster's axes, in linear light, each level rounded to the nearest. Beyond its
 * edges the photo's outermost pixels go on; raster pixels whose centre it does not cover are white. The same in every engine.
 * Needs 16 bytes for each raster pixel when the photo is turned, and a few rows when it is not. Throws as the kernel does without memory.
 */
export function createResampler(code: WebAssembly.Module, photo: PhotoSize, map: Affine, raster: Raster): Resampler {
  const region = regionOf(photo, map, raster);
  const bytes = raster.widthPx * raster.heightPx * 4;
  if (region.width === 0 || region.height === 0)
    return {
      region,
      room: () => new Uint8ClampedArray(0),
      push: () => {},
      finish: () => new Uint8ClampedArray(bytes).fill(255),
    };
  const kernel = startKernel(code);
  const [output, pushRows] = begin(kernel, region, map, raster);
  let band = { at: 0, bytes: 0 };
  return {
    region,
    room(rows) {
      const length = rows * region.width * 4;
      if (length > band.bytes) band = { at: kernel.allocate(length), bytes: length };
      return viewBytes(kernel, band.at, length);
    },
    push: (rows) => pushRows(band.at, rows),
    finish: () => new Uint8ClampedArray(readBytes(kernel, output, bytes).buffer),
  };
}
