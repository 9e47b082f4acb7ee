import { type Affine, invertAffine } from "#card/placement.ts";
import { createSurface } from "./canvas.ts";

interface Raster {
  readonly widthPx: number;
  readonly heightPx: number;
}

interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

// Raster pixels that a smoothing filter may look beyond the border.
const filterReachPx = 4;

// The photo is drawn once beneath itself, larger by this many raster pixels: drawn only once, its edge pixels are blended with
// white in WebKit. Too little to hide a photo that falls short of the bleed by a pixel.
const underlayPx = 0.25;

// iOS draws nothing on a canvas above 4096 x 4096 pixels, and reports nothing.
const maxCanvasPixels = 16_000_000;

function scaleOf([a, b, c, d]: Affine): number {
  return Math.sqrt(Math.abs(a * d - b * c));
}

/** The part of the photo that the raster shows, in whole photo pixels, with a rim for the filter. */
function shownRegion(bitmap: ImageBitmap, map: Affine, { widthPx, heightPx }: Raster): Region {
  const [a, b, c, d, e, f] = invertAffine(map);
  const corners = [
    [0, 0],
    [widthPx, 0],
    [0, heightPx],
    [widthPx, heightPx],
  ] as const;
  const xs = corners.map(([x, y]) => a * x + c * y + e);
  const ys = corners.map(([x, y]) => b * x + d * y + f);
  const rim = filterReachPx / scaleOf(map);
  const x = Math.max(0, Math.floor(Math.min(...xs) - rim));
  const y = Math.max(0, Math.floor(Math.min(...ys) - rim));
  const right = Math.min(bitmap.width, Math.ceil(Math.max(...xs) + rim));
  const bottom = Math.min(bitmap.height, Math.ceil(Math.max(...ys) + rim));
  return { x, y, width: right - x, height: bottom - y };
}

/**
 * The region at no more than twice the raster's resolution and on no canvas too large, opaque. Shrinking first and turning then keeps
 * fine detail from turning into patterns: canvases filter well when they shrink upright, and poorly when they also turn.
 */
function shrinkRegion(bitmap: ImageBitmap, region: Region, scale: number): OffscreenCanvas {
  const shrink = Math.min(1, scale * 2, Math.sqrt(maxCanvasPixels / (region.width * region.height)));
  const width = Math.ceil(region.width * shrink);
  const height = Math.ceil(region.height * shrink);
  const context = createSurface(width, height);
  context.drawImage(bitmap, region.x, region.y, region.width, region.height, 0, 0, width, height);
  return context.canvas;
}

/**
 * Draws the photo through `map` (photo pixels to raster pixels) onto an opaque raster of exactly this size.
 * Returns RGBA rows, top to bottom; every A is 255. Where `map` leaves the raster uncovered it is white.
 * The only way from a photo to printed pixels.
 */
export function resample(bitmap: ImageBitmap, map: Affine, raster: Raster): Uint8ClampedArray {
  const { widthPx, heightPx } = raster;
  const scale = scaleOf(map);
  const region = shownRegion(bitmap, map, raster);
  const photo = shrinkRegion(bitmap, region, scale);
  const context = createSurface(widthPx, heightPx);
  context.setTransform(...map);
  const rim = underlayPx / scale;
  context.drawImage(photo, region.x - rim, region.y - rim, region.width + 2 * rim, region.height + 2 * rim);
  context.drawImage(photo, region.x, region.y, region.width, region.height);
  return context.getImageData(0, 0, widthPx, heightPx).data;
}
