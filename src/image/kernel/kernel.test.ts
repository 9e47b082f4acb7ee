import { expect, test } from "vitest";
import { products } from "#card/products.ts";
import { encodePng } from "../encode-png.ts";
import { createResampler } from "../resampler/resampler.ts";
import { readKernel } from "../testing/read-kernel.ts";
import { chart, mapOf, noise, resampleIn } from "../testing/resample-cases.ts";
import { startKernel } from "./kernel.ts";

const raster = { width: 97, height: 61 };
const card = { ...products[0], widthPx: raster.width, heightPx: raster.height };

test("a picture is the same whatever was made before it, and whatever was given up half made", () => {
  const kernel = readKernel();
  for (const draw of [noise, chart]) {
    for (const [scale, degrees] of [
      [0.3, 7],
      [0.4, 0],
      [2, 90],
      [1.7, 30],
      [0.9, 0],
    ] as const) {
      const photo = draw({ width: 400, height: 380 });
      const map = mapOf(photo, raster, { scale, degrees });
      const decoded = { layout: "RGBX", widthPx: photo.width, heightPx: photo.height } as const;
      const givenUp = createResampler(kernel, decoded, map, card);
      givenUp.take(20).bytes.fill(255);
      givenUp.push();
      const rgba = resampleIn(kernel, photo, map, raster);
      const alone = resampleIn(readKernel(), photo, map, raster);
      expect(rgba, `${scale}, ${degrees} degrees`).toEqual(alone);
      expect(encodePng(kernel, rgba, card)).toEqual(encodePng(readKernel(), alone, card));
    }
  }
});

test("memory grows with the largest picture, not with their number", () => {
  const kernel = readKernel();
  const photo = noise({ width: 400, height: 380 });
  const sizes = [0, 1, 2, 3].map(() => {
    const rgba = resampleIn(kernel, photo, mapOf(photo, raster, { scale: 0.4, degrees: 7 }), raster);
    encodePng(kernel, rgba, card);
    return startKernel(kernel).memory.buffer.byteLength;
  });
  expect(new Set(sizes).size).toBe(1);
});
