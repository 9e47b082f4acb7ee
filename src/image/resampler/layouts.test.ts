import fc from "fast-check";
import { expect, test } from "vitest";
import { psnr } from "../testing/psnr.ts";
import { readKernel } from "../testing/read-kernel.ts";
import { mapOf, noise, paint, resampleIn, type Size } from "../testing/resample-cases.ts";
import { createResampler, type PixelLayout } from "./resampler.ts";

const kernel = readKernel();
const raster = { width: 24, height: 18 };

const shifts = { I420: [1, 1], I422: [1, 0], I444: [0, 0] } as const;
type Planar = keyof typeof shifts;

interface Plane {
  readonly width: number;
  readonly height: number;
  readonly samples: Uint8ClampedArray;
}

/** Brightness and two colours, every value as often as every other. */
function planesOf({ width, height }: Size, layout: Planar): readonly Plane[] {
  const [x, y] = shifts[layout];
  const { rgba } = noise({ width, height: height * 3 });
  const plane = (index: number, side: Size): Plane => {
    const samples = rgba.filter((_, at) => at % 4 === index).subarray(0, side.width * side.height);
    return { ...side, samples };
  };
  const colour = { width: Math.ceil(width / (1 + x)), height: Math.ceil(height / (1 + y)) };
  return [plane(0, { width, height }), plane(1, colour), plane(2, colour)];
}

/** A colour at a pixel as libjpeg's decoder smooths it, whose first and last samples go on. */
function smooth({ width, height, samples }: Plane, x: number, y: number, layout: Planar): number {
  const at = (column: number, row: number): number =>
    samples[Math.min(height - 1, Math.max(0, row)) * width + Math.min(width - 1, Math.max(0, column))] as number;
  const side = (place: number): number => (place % 2 === 0 ? -1 : 1);
  if (layout === "I444") return at(x, y);
  if (layout === "I422") return Math.floor((3 * at(x >> 1, y) + at((x >> 1) + side(x), y) + 1 + (x % 2)) / 4);
  const both = (column: number): number => 3 * at(column, y >> 1) + at(column, (y >> 1) + side(y));
  return Math.floor((3 * both(x >> 1) + both((x >> 1) + side(x)) + 8 - (x % 2)) / 16);
}

function toRgb(grey: number, blueness: number, redness: number): readonly number[] {
  const [cb, cr] = [blueness - 128, redness - 128];
  return [grey + 1.402 * cr, grey - 0.344136 * cb - 0.714136 * cr, grey + 1.772 * cb].map(Math.round);
}

/** The raster of a photo whose bytes `fill` gives for a part of it, in bands of so many rows. */
function resampleLayout(
  layout: PixelLayout,
  { width, height }: Size,
  map: ReturnType<typeof mapOf>,
  nextRows: () => number,
  fill: (x: number, y: number, width: number, height: number) => readonly number[],
): Uint8ClampedArray {
  const photo = { layout, widthPx: width, heightPx: height };
  const resampler = createResampler(kernel, photo, map, { widthPx: raster.width, heightPx: raster.height });
  for (let row = 0; row < resampler.region.height; ) {
    const rows = Math.min(nextRows(), resampler.region.height - row);
    const band = resampler.take(rows);
    const bytes = fill(band.x, band.y, band.width, band.height);
    expect(band.bytes).toHaveLength(bytes.length);
    band.bytes.set(bytes);
    resampler.push();
    row += rows;
  }
  return resampler.finish();
}

const anyPlacing = fc.record({
  scale: fc.double({ min: 0.3, max: 3, noNaN: true }),
  degrees: fc.constantFrom(0, 90, 180, 31),
  mirrored: fc.boolean(),
});
const anySize = fc.record({ width: fc.integer({ min: 1, max: 70 }), height: fc.integer({ min: 1, max: 70 }) });
const anyRows = fc.array(
  fc.integer({ min: 1, max: 9 }).map((half) => half * 2),
  { minLength: 1 },
);

test.each(["I420", "I422", "I444"] as const)(
  "%s gives what its pixels give that a JPEG decoder makes of it, in bands of any even height",
  (layout) => {
    fc.assert(
      fc.property(anySize, anyPlacing, anyRows, (size, placing, heights) => {
        const planes = planesOf(size, layout);
        const [grey, blue, red] = planes as readonly [Plane, Plane, Plane];
        const photo = paint(size, (x, y) =>
          toRgb(grey.samples[y * size.width + x] as number, smooth(blue, x, y, layout), smooth(red, x, y, layout)),
        );
        let band = 0;
        const nextRows = (): number => heights[band++ % heights.length] as number;
        const map = mapOf(size, raster, placing);
        const made = resampleLayout(layout, size, map, nextRows, (x, y, width, height) =>
          planes.flatMap((plane, index) => {
            const [across, down] = index === 0 ? [0, 0] : shifts[layout];
            const rows = Array.from({ length: (height + down) >> down }, (_, row) => (y >> down) + row);
            return rows.flatMap((row) => {
              const from = row * plane.width + (x >> across);
              return [...plane.samples.subarray(from, from + ((width + across) >> across))];
            });
          }),
        );
        // The conversion is rounded from other fractions of a level.
        expect(psnr(made, resampleIn(kernel, photo, map, raster))).toBeGreaterThan(48);
      }),
      { numRuns: 50 },
    );
  },
);

test("blue first gives what red first gives", () => {
  const size = { width: 33, height: 21 };
  const photo = noise(size);
  const map = mapOf(size, raster, { scale: 0.6, degrees: 7 });
  const made = resampleLayout(
    "BGRX",
    size,
    map,
    () => 6,
    (x, y, width, height) =>
      Array.from({ length: width * height * 4 }, (_, at) => {
        const pixel = (y + Math.floor(at / 4 / width)) * size.width + x + (Math.floor(at / 4) % width);
        return photo.rgba[pixel * 4 + ([2, 1, 0, 3][at % 4] as number)] as number;
      }),
  );
  expect(made).toEqual(resampleIn(kernel, photo, map, raster));
});
