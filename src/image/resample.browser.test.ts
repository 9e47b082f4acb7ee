import { describe, expect, test } from "vitest";
import { clampPlacement, coverScale, maxZoom, photoToRaster } from "#card/placement.ts";
import type { Product } from "#card/product.ts";
import { products } from "#card/products.ts";
import { resample } from "./resample.ts";

const magenta = "#ff00ff";
// A quarter of the real resolution: the edges are the same, and there are many to look at.
const card: Product = { ...products[0], widthPx: 259, heightPx: 166, dpi: 75 };
const photoColour = [20, 120, 40];

function plainPhoto(widthPx: number, heightPx: number): ImageBitmap {
  const context = new OffscreenCanvas(widthPx, heightPx).getContext("2d");
  if (context === null) throw new Error("no canvas");
  context.fillStyle = `rgb(${photoColour.join(" ")})`;
  context.fillRect(0, 0, widthPx, heightPx);
  return context.canvas.transferToImageBitmap();
}

/** Pixels in which anything but the photo's one colour is seen, as magenta or as a blend of it. */
function strangePixels(rgba: Uint8ClampedArray): number {
  let strange = 0;
  for (let at = 0; at < rgba.length; at += 4) {
    const off = photoColour.some((value, channel) => Math.abs((rgba[at + channel] as number) - value) > 0);
    if (off || rgba[at + 3] !== 255) strange += 1;
  }
  return strange;
}

function renderPushed(photo: ImageBitmap, product: Product, rotationDeg: number, zoom: number, side: number) {
  const size = { widthPx: photo.width, heightPx: photo.height };
  const mmPerPx = coverScale(size, product, rotationDeg) * zoom;
  const far = { xMm: side % 2 ? 900 : -900, yMm: side < 2 ? 900 : -900 };
  const placement = clampPlacement({ ...far, mmPerPx, rotationDeg, mirrored: side === 1 }, size, product);
  return resample(photo, photoToRaster(placement, size, product), product, magenta);
}

const photos = [
  [1400, 1000],
  [1000, 1400],
  [611, 3001],
  [3200, 611],
  [1037, 665],
] as const;

describe.each(photos)("a photo of %i x %i over magenta, pushed into every corner", (widthPx, heightPx) => {
  test("leaves no pixel of magenta, nor a trace of it", () => {
    const photo = plainPhoto(widthPx, heightPx);
    for (const rotationDeg of [0, 0.3, 7, 10, 45, 89.9, 90, -133.7, 180]) {
      for (const zoom of [1, 1.2, 1.77, maxZoom]) {
        for (const side of [0, 1, 2, 3]) {
          const rgba = renderPushed(photo, card, rotationDeg, zoom, side);
          expect(strangePixels(rgba), `at ${rotationDeg} degrees, zoom ${zoom}, side ${side}`).toBe(0);
        }
      }
    }
  });
});

test.each(products.map((product) => [product.id, product] as const))("%s is covered at its own size", (_, product) => {
  const rgba = renderPushed(plainPhoto(2000, 1500), product, 10, 1.2, 0);
  expect(rgba.length).toBe(product.widthPx * product.heightPx * 4);
  expect(strangePixels(rgba)).toBe(0);
});

test("a photo that does not cover the raster would be noticed", () => {
  const [product] = products;
  const photo = plainPhoto(1400, 1000);
  const size = { widthPx: 1400, heightPx: 1000 };
  const placement = { xMm: 0, yMm: 0, mmPerPx: coverScale(size, product, 10) * 0.98, rotationDeg: 10, mirrored: false };
  expect(strangePixels(resample(photo, photoToRaster(placement, size, product), product, magenta))).toBeGreaterThan(50);
});
