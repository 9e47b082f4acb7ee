import { createResampler } from "../resampler/resampler.ts";
import type { Pixels } from "./lanczos-reference.ts";

/** Photo pixels to raster pixels, in the order of canvas `setTransform`. */
export type Map = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A photo painted pixel by pixel: levels from 0 to 255, one for each of red, green and blue or one for all. */
export function paint({ width, height }: Size, levelsAt: (x: number, y: number) => number | readonly number[]): Pixels {
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const levels = levelsAt(x, y);
      rgba.set(typeof levels === "number" ? [levels, levels, levels] : levels, (y * width + x) * 4);
    }
  }
  return { width, height, rgba };
}

/** Every level as often as every other, and always the same ones. */
export function noise(size: Size): Pixels {
  let state = 1;
  const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24;
  return paint(size, () => [next(), next(), next()]);
}

/** Sharp edges, fine lines at all angles, soft shades and flat colour. */
export function chart(size: Size): Pixels {
  return paint(size, (x, y) => {
    const [u, v] = [x / size.width - 0.5, y / size.height - 0.5];
    const star = Math.sin(40 * Math.atan2(v, u)) > 0 ? 235 : 12;
    if (u < 0 && v < 0) return [star, 255 * (u + 0.5), star];
    if (u < 0) return [(x % 7) * 40, (y % 3) * 120, 128 + 100 * Math.sin(x / 9)];
    if (v < 0) return [255 * (v + 0.5) * 2, 510 * u, 255 - 510 * u];
    return (x >> 4) % 2 === (y >> 4) % 2 ? [200, 30, 40] : [4, 8, 16];
  });
}

/** The photo's middle on the raster's, mirrored, scaled and turned in this order, then moved. */
export function mapOf(
  photo: Size,
  raster: Size,
  { scale, degrees = 0, mirrored = false, moved = [0, 0] }: Placing,
): Map {
  const radians = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(radians) * scale, Math.sin(radians) * scale];
  const [a, b] = mirrored ? [-cos, -sin] : [cos, sin];
  const [x, y] = [photo.width / 2, photo.height / 2];
  const [left, top] = [raster.width / 2 + moved[0], raster.height / 2 + moved[1]];
  return [a, b, -sin, cos, left - a * x + sin * y, top - b * x - cos * y];
}

export interface Placing {
  /** Raster pixels per photo pixel. */
  readonly scale: number;
  readonly degrees?: number;
  readonly mirrored?: boolean;
  readonly moved?: readonly [x: number, y: number];
}

/** The raster, its photo given in bands of so many rows. */
export function resampleIn(
  kernel: WebAssembly.Module,
  photo: Pixels,
  map: Map,
  raster: Size,
  bandRows: () => number = () => 100,
): Uint8ClampedArray<ArrayBuffer> {
  const decoded = { layout: "RGBX", widthPx: photo.width, heightPx: photo.height } as const;
  const resampler = createResampler(kernel, decoded, map, { widthPx: raster.width, heightPx: raster.height });
  const { height } = resampler.region;
  for (let row = 0; row < height; ) {
    const rows = Math.min(bandRows(), height - row);
    const band = resampler.take(rows);
    for (let index = 0; index < band.height; index++) {
      const from = ((band.y + index) * photo.width + band.x) * 4;
      band.bytes.set(photo.rgba.subarray(from, from + band.width * 4), index * band.width * 4);
    }
    resampler.push();
    row += rows;
  }
  return resampler.finish();
}
