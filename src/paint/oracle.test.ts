import { Resvg } from "@resvg/resvg-js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { paintOn } from "./testing/paint-on.ts";

const raster = { width: 48, height: 32 };
/** It looks at four lines of samples in a pixel: at its own size it is up to 90 of 255 levels off. */
const enlarged = 16;

/** Red of each pixel as resvg draws the path, black on white, so many times larger, and then the mean. */
function drawWithResvg(path: string, rule: string): readonly number[] {
  const [width, height] = [raster.width * enlarged, raster.height * enlarged];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${raster.width} ${raster.height}"><path d="${path}" fill-rule="${rule}"/></svg>`;
  const { pixels } = new Resvg(svg, { background: "#fff" }).render();
  const sums = new Float64Array(raster.width * raster.height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const pixel = Math.floor(y / enlarged) * raster.width + Math.floor(x / enlarged);
      sums[pixel] = (sums[pixel] as number) + (pixels[(y * width + x) * 4] as number);
    }
  }
  return Array.from(sums, (sum) => sum / enlarged ** 2);
}

const within = (size: number) =>
  fc.integer({ min: -30, max: 130 }).map((percent) => ((percent * size) / 100).toFixed(2));
const point = fc.tuple(within(raster.width), within(raster.height)).map((both) => both.join(" "));
const points = (count: number) => fc.array(point, { minLength: count, maxLength: count }).map((all) => all.join(" "));
const piece = fc.oneof(
  points(1).map((to) => `L${to}`),
  points(2).map((to) => `Q${to}`),
  points(3).map((to) => `C${to}`),
);
const outline = fc
  .tuple(point, fc.array(piece, { minLength: 2, maxLength: 8 }), fc.constantFrom("", "Z"))
  .map(([from, pieces, end]) => `M${from}${pieces.join("")}${end}`);
const path = fc.array(outline, { minLength: 1, maxLength: 3 }).map((outlines) => outlines.join(""));

test("paths of all kinds, crossing themselves and the border, are what resvg draws of them in 64 times 64 samples", () => {
  let [sum, count, many, most] = [0, 0, 0, 0];
  fc.assert(
    fc.property(path, fc.constantFrom("nonzero" as const, "evenodd" as const), (one, rule) => {
      const { levels } = paintOn(raster, [{ path: one, rule }]);
      drawWithResvg(one, rule).forEach((wanted, pixel) => {
        const difference = Math.abs(wanted - (levels[pixel] as number));
        most = Math.max(most, difference);
        sum += difference;
        many += difference > 8 ? 1 : 0;
        count += 1;
      });
      // Of each nearly level edge in a pixel half a line of samples may be missing, 8 levels: few pixels have several of those.
      expect(most).toBeLessThan(32);
    }),
    { numRuns: 150 },
  );
  expect(many / count).toBeLessThan(0.001);
  expect(sum / count).toBeLessThan(0.2);
});
