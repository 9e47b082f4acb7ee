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

/**
 * How a photo's pixels lie in memory, as WebCodecs names it: in sRGB, 4 bytes for each, of which the last is not read; or JFIF's
 * YCbCr in three planes, brightness first, of whose colours one sample may stand for two pixels in a row, or in both.
 */
export type PixelLayout = keyof typeof layouts;

const layouts = {
  RGBX: { code: 0, shiftX: 0, shiftY: 0 },
  BGRX: { code: 1, shiftX: 0, shiftY: 0 },
  I444: { code: 2, shiftX: 0, shiftY: 0 },
  I422: { code: 2, shiftX: 1, shiftY: 0 },
  I420: { code: 2, shiftX: 1, shiftY: 1 },
} as const;

/** Decoded pixels of a photo. */
export interface Decoded extends PhotoSize {
  readonly layout: PixelLayout;
}

function bytesOf({ layout, widthPx, heightPx }: Decoded): number {
  const { code, shiftX, shiftY } = layouts[layout];
  if (code < 2) return widthPx * heightPx * 4;
  return widthPx * heightPx + 2 * ((widthPx + shiftX) >> shiftX) * ((heightPx + shiftY) >> shiftY);
}

/** A part of the photo, to be copied into `bytes`, which has exactly its size. It begins at even pixels. */
export interface Band extends Region {
  readonly bytes: Uint8ClampedArray<ArrayBuffer>;
}

export interface Resampler {
  /** The part of the photo that the raster is made of. It begins at even pixels, and may be empty. */
  readonly region: Region;
  /**
   * Asks for so many of the region's next rows, top to bottom, and what is needed beside them. An even number, unless they
   * are the last or every pixel has its own colour.
   */
  take(rows: number): Band;
  /** Goes on once the band that was asked for has been filled. */
  push(): void;
  /** The raster once the region's last row is there: RGBA rows, top to bottom; every A is 255. */
  finish(): Uint8ClampedArray<ArrayBuffer>;
}

// Lanczos-3.
const lobes = 3;
// The kernel reads whole vectors.
const slackBytes = 32;
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
type Begun = readonly [raster: number, push: (first: number, rows: number) => void];

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
 * The kernel can do nothing else until it is finished, or given up.
 */
export function createResampler(code: WebAssembly.Module, photo: Decoded, map: Affine, raster: Raster): Resampler {
  const region = regionOf(photo, map, raster);
  const bytes = raster.widthPx * raster.heightPx * 4;
  if (region.width === 0 || region.height === 0)
    return {
      region,
      take: () => ({ ...region, bytes: new Uint8ClampedArray(0) }),
      push: () => {},
      finish: () => new Uint8ClampedArray(bytes).fill(255),
    };
  const kernel = startKernel(code);
  const layout = layouts[photo.layout];
  kernel.beginRows(region.width, layout.code, layout.shiftX, layout.shiftY);
  const [output, pushRows] = begin(kernel, region, map, raster);
  let room = { at: 0, bytes: 0 };
  let next = region.y;
  let taken = { above: 0, rows: 0 };
  return {
    region,
    take(rows) {
      // What lies between two rows of colour is made of both.
      const above = Math.min(next, 2 * layout.shiftY);
      const below = Math.min(photo.heightPx - next - rows, 2 * layout.shiftY);
      const part = { x: region.x, y: next - above, width: region.width, height: above + rows + below };
      const length = bytesOf({ layout: photo.layout, widthPx: part.width, heightPx: part.height });
      if (length > room.bytes) room = { at: kernel.allocate(length + slackBytes), bytes: length };
      kernel.setBand(room.at, part.height);
      next += rows;
      taken = { above, rows };
      return { ...part, bytes: viewBytes(kernel, room.at, length) };
    },
    push: () => pushRows(taken.above, taken.rows),
    finish: () => new Uint8ClampedArray(readBytes(kernel, output, bytes).buffer),
  };
}
