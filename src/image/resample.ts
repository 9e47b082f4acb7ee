import type { Affine } from "#card/placement.ts";
import { createSurface } from "./surface.ts";

interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The part of the photo that the raster shows, in whole photo pixels, with a rim for the filter. */
function shownRegion(bitmap: ImageBitmap, map: Affine, widthPx: number, heightPx: number): Region {
  const [a, b, c, d, e, f] = map;
  const determinant = a * d - b * c;
  const xs: number[] = [];
  const ys: number[] = [];
  for (const [px, py] of [
    [0, 0],
    [widthPx, 0],
    [0, heightPx],
    [widthPx, heightPx],
  ] as const) {
    xs.push((d * (px - e) - c * (py - f)) / determinant);
    ys.push((a * (py - f) - b * (px - e)) / determinant);
  }
  const rim = 4 / Math.sqrt(Math.abs(determinant));
  const x = Math.max(0, Math.floor(Math.min(...xs) - rim));
  const y = Math.max(0, Math.floor(Math.min(...ys) - rim));
  const right = Math.min(bitmap.width, Math.ceil(Math.max(...xs) + rim));
  const bottom = Math.min(bitmap.height, Math.ceil(Math.max(...ys) + rim));
  return { x, y, width: right - x, height: bottom - y };
}

/**
 * Draws the photo through `map` (photo pixels to raster pixels) onto an opaque raster of exactly this size.
 * Returns RGBA rows, top to bottom; every A is 255. The one place that knows how pixels are made smaller.
 */
export function resample(bitmap: ImageBitmap, map: Affine, widthPx: number, heightPx: number): Uint8ClampedArray {
  const [a, b, c, d, e, f] = map;
  const scale = Math.sqrt(Math.abs(a * d - b * c));
  const region = shownRegion(bitmap, map, widthPx, heightPx);
  const shrink = Math.min(1, scale * 2);
  const width = Math.ceil(region.width * shrink);
  const height = Math.ceil(region.height * shrink);
  const reduced = createSurface(width, height);
  reduced.drawImage(bitmap, region.x, region.y, region.width, region.height, 0, 0, width, height);
  const context = createSurface(widthPx, heightPx);
  context.setTransform(a, b, c, d, e, f);
  // Twice: a border pixel that is only half covered then blends with the photo's own edge instead of the ground.
  const rim = 2 / scale;
  context.drawImage(reduced.canvas, region.x - rim, region.y - rim, region.width + 2 * rim, region.height + 2 * rim);
  context.drawImage(reduced.canvas, region.x, region.y, region.width, region.height);
  return context.getImageData(0, 0, widthPx, heightPx).data;
}
