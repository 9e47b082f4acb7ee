import fc from "fast-check";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { clampPlacement, coverPlacement, coverScale, maxZoom, photoToRaster } from "#card/placement.ts";
import { type Product, products } from "#card/products.ts";
import { loadKernel } from "./kernel/load-kernel.ts";
import { pixelsOfBitmap } from "./bitmap-pixels.ts";
import type { Pixels } from "./photo-source.ts";
import { resample } from "./resample.ts";

const kernel = await loadKernel();
const options = { ground: "#ffffff", signal: new AbortController().signal, onProgress: () => {} };

// A quarter of the real resolution: the edges are the same, and there are many to look at.
const card: Product = { ...products[0], widthPx: 259, heightPx: 166, dpi: 75 };
const photoColour = [20, 120, 40];

function plainPhoto(widthPx: number, heightPx: number): Pixels {
  const context = new OffscreenCanvas(widthPx, heightPx).getContext("2d");
  if (context === null) throw new Error("no canvas");
  context.fillStyle = `rgb(${photoColour.join(" ")})`;
  context.fillRect(0, 0, widthPx, heightPx);
  return pixelsOfBitmap({ bitmap: context.canvas.transferToImageBitmap() });
}

/** Pixels in which anything but the photo's one colour is seen, as the card's white or as a blend of it. */
function strangePixels(rgba: Uint8ClampedArray): number {
  const [plain] = new Uint32Array(Uint8Array.of(...photoColour, 255).buffer);
  let strange = 0;
  for (const pixel of new Uint32Array(rgba.buffer, rgba.byteOffset, rgba.length / 4)) if (pixel !== plain) strange += 1;
  return strange;
}

function renderPushed(photo: Pixels, product: Product, rotationDeg: number, zoom: number, side: number) {
  const size = photo.photo;
  const mmPerPx = coverScale(size, product, rotationDeg) * zoom;
  const far = { xMm: side % 2 ? 900 : -900, yMm: side < 2 ? 900 : -900 };
  const placement = clampPlacement({ ...far, mmPerPx, rotationDeg, mirrored: side === 1 }, size, product);
  return resample(kernel, photo, photoToRaster(placement, size, product), product, options);
}

const photos = [
  [1400, 1000],
  [1000, 1400],
  [611, 3001],
  [3200, 611],
  [1037, 665],
] as const;

describe.each(photos)("a photo of %i x %i, pushed into every corner", (widthPx, heightPx) => {
  test("leaves no pixel of white, nor a trace of it", async () => {
    const photo = plainPhoto(widthPx, heightPx);
    for (const rotationDeg of [0, 0.3, 7, 10, 45, 89.9, 90, -133.7, 180]) {
      for (const zoom of [1, 1.2, 1.77, maxZoom]) {
        for (const side of [0, 1, 2, 3]) {
          const rgba = await renderPushed(photo, card, rotationDeg, zoom, side);
          expect(strangePixels(rgba), `at ${rotationDeg} degrees, zoom ${zoom}, side ${side}`).toBe(0);
        }
      }
    }
  });
});

const anyPlacement = fc.record({
  xMm: fc.double({ min: -150, max: 150, noNaN: true }),
  yMm: fc.double({ min: -150, max: 150, noNaN: true }),
  zoom: fc.oneof(fc.constant(1), fc.double({ min: 1, max: maxZoom, noNaN: true })),
  rotationDeg: fc.double({ min: -180, max: 180, noNaN: true }),
  mirrored: fc.boolean(),
});
const anySide = fc.integer({ min: 600, max: 3000 });

describe.each(products.map((product) => [product.id, product] as const))("%s at its own size", (_, product) => {
  test("is covered to the last pixel wherever the photo was moved", async () => {
    await fc.assert(
      fc.asyncProperty(anyPlacement, anySide, anySide, async ({ zoom, ...wanted }, widthPx, heightPx) => {
        const size = { widthPx, heightPx };
        const mmPerPx = coverScale(size, product, wanted.rotationDeg) * zoom;
        const placement = clampPlacement({ ...wanted, mmPerPx }, size, product);
        const photo = plainPhoto(widthPx, heightPx);
        const rgba = await resample(kernel, photo, photoToRaster(placement, size, product), product, options);
        photo.close();
        expect(rgba.length).toBe(product.widthPx * product.heightPx * 4);
        expect(strangePixels(rgba)).toBe(0);
      }),
      { numRuns: 10 },
    );
  });
});

/** The photo pushed as far left as it may go, and then further. */
function renderShort(product: Product, rotationDeg: number, shortPx: number): Promise<Uint8ClampedArray> {
  const size = { widthPx: 1400, heightPx: 1000 };
  const mmPerPx = coverScale(size, product, rotationDeg) * 1.2;
  const { xMm, ...clamped } = clampPlacement(
    { xMm: -900, yMm: 0, mmPerPx, rotationDeg, mirrored: false },
    size,
    product,
  );
  const placement = { ...clamped, xMm: xMm - (shortPx * 25.4) / product.dpi };
  return resample(kernel, plainPhoto(1400, 1000), photoToRaster(placement, size, product), product, options);
}

test.each([card, ...products])(
  "a photo short by one pixel or two would be noticed: $widthPx x $heightPx",
  async (product) => {
    expect(strangePixels(await renderShort(product, 0, 0))).toBe(0);
    // A whole column; of a turned photo a corner.
    for (const shortPx of [1, 2]) {
      expect(strangePixels(await renderShort(product, 0, shortPx))).toBe(shortPx * product.heightPx);
      expect(strangePixels(await renderShort(product, 10, shortPx))).toBeGreaterThan(0);
    }
  },
);

test("no canvas is larger than iOS can draw on, however large and turned the photo is", async () => {
  const sizes: number[] = [];
  vi.stubGlobal(
    "OffscreenCanvas",
    class extends OffscreenCanvas {
      constructor(widthPx: number, heightPx: number) {
        super(widthPx, heightPx);
        sizes.push(widthPx * heightPx);
      }
    },
  );
  onTestFinished(() => void vi.unstubAllGlobals());
  const product = products[3];
  const size = { widthPx: 5712, heightPx: 4284 };
  const photo = plainPhoto(size.widthPx, size.heightPx);
  sizes.length = 0;
  const mmPerPx = coverScale(size, product, 45);
  const placement = { xMm: 0, yMm: 0, mmPerPx, rotationDeg: 45, mirrored: false };
  const rgba = await resample(kernel, photo, photoToRaster(placement, size, product), product, options);
  expect(strangePixels(rgba)).toBe(0);
  expect(sizes).toHaveLength(1);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(4096 * 4096);
});

test("stops between two bands of the photo when nobody wants the picture any more", async () => {
  const size = { widthPx: 3000, heightPx: 3000 };
  const photo = plainPhoto(size.widthPx, size.heightPx);
  const map = photoToRaster(coverPlacement(size, card, 7), size, card);
  const stop = new AbortController();
  const fractions: number[] = [];
  const onProgress = (fraction: number): void => {
    fractions.push(fraction);
    // As the page does: by a message, which has to be let in.
    if (fractions.length === 2) postToSelf(() => stop.abort("enough"));
  };
  await expect(resample(kernel, photo, map, card, { ...options, signal: stop.signal, onProgress })).rejects.toBe(
    "enough",
  );
  expect(fractions.length).toBeLessThan(5);
  expect(fractions.at(-1)).toBeLessThan(1);
});

function postToSelf(receive: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener("message", receive);
  port1.start();
  port2.postMessage(null);
}
