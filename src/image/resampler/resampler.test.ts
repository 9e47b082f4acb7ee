import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { resampleByDefinition, toLinear } from "../testing/lanczos-reference.ts";
import { psnr } from "../testing/psnr.ts";
import { readKernel } from "../testing/read-kernel.ts";
import {
  chart,
  type Map,
  mapOf,
  noise,
  type Placing,
  paint,
  resampleIn,
  type Size,
} from "../testing/resample-cases.ts";

const kernel = readKernel();
const raster = { width: 96, height: 64 };
const small = { width: 40, height: 30 };

function coloursOf(rgba: Uint8ClampedArray): Uint8Array {
  return Uint8Array.from(rgba.filter((_, index) => index % 4 < 3));
}

/** A square photo that covers such a raster at any angle, its edges within the kernel's reach where it covers it least. */
function sizeFor(scale: number, { width, height } = raster): Size {
  const side = Math.ceil((Math.hypot(width, height) + 4) / scale);
  return { width: side, height: side };
}

const turns = [
  [0, 70],
  [180, 70],
  [90, 69],
  [-90, 69],
  [7, 69],
  [30, 69],
  [-133.7, 69],
  [0.01, 69],
] as const;

describe.each([
  ["a chart", chart],
  ["noise", noise],
] as const)("%s", (_, draw) => {
  test.each(turns)(
    "turned by %d degrees is what the definition says, to %d dB, at any scale and flipped",
    (degrees, least) => {
      for (const [scale, mirrored] of [
        [0.17, true],
        [0.37, false],
        [0.97, true],
        [2.6, false],
      ] as const) {
        const photo = draw(sizeFor(scale, small));
        const map = mapOf(photo, small, { scale, degrees, mirrored, moved: [1.3, -0.7] });
        const made = coloursOf(resampleIn(kernel, photo, map, small));
        const right = coloursOf(resampleByDefinition(photo, map, small.width, small.height));
        expect(psnr(made, right), `at ${scale}`).toBeGreaterThanOrEqual(least);
      }
    },
  );
});

/** Linear light of a raster pixel's red. */
function lightAt(rgba: Uint8ClampedArray, column: number, row: number): number {
  return toLinear(rgba[(row * raster.width + column) * 4] as number);
}

/** The level, 0 to 255, of linear light. */
function levelOf(linear: number): number {
  return 255 * (linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055);
}

/** What is left, of 1, of rings that are too fine for the raster and have to be one even grey. */
function aliasOf(placing: Placing): number {
  const size = sizeFor(placing.scale);
  const [x0, y0] = [size.width / 2, size.height / 2];
  const reach = Math.hypot(x0, y0);
  // At `reach` the rings are as fine as the photo's own pixels.
  const photo = paint(size, (x, y) => {
    const radius = (x + 0.5 - x0) ** 2 + (y + 0.5 - y0) ** 2;
    return levelOf(0.5 + 0.5 * Math.cos((Math.PI * radius) / (2 * reach)));
  });
  const rgba = resampleIn(kernel, photo, mapOf(size, raster, placing), raster);
  const differences: number[] = [];
  for (let row = 0; row < raster.height; row++) {
    for (let column = 0; column < raster.width; column++) {
      // Cycles per raster pixel along its axes.
      const across = Math.abs(column + 0.5 - raster.width / 2) / (2 * reach * placing.scale ** 2);
      const down = Math.abs(row + 0.5 - raster.height / 2) / (2 * reach * placing.scale ** 2);
      if (Math.max(across, down) > 0.7) differences.push((lightAt(rgba, column, row) - 0.5) / 0.5);
    }
  }
  expect(differences.length).toBeGreaterThan(1000);
  return Math.sqrt(differences.reduce((sum, value) => sum + value ** 2, 0) / differences.length);
}

test.each([
  [0, 0.017],
  [90, 0.017],
  [7, 0.03],
  [30, 0.03],
  [45, 0.03],
])("rings too fine for the raster leave no pattern at %d degrees (%d)", (degrees, most) => {
  for (const scale of [0.13, 0.26]) expect(aliasOf({ scale, degrees })).toBeLessThanOrEqual(most);
});

test.each([0, 7, 30, 90, 180])(
  "a checkerboard of single pixels is as light as its squares at %d degrees",
  (degrees) => {
    for (const scale of [0.13, 0.26, 0.4]) {
      const photo = paint(sizeFor(scale), (x, y) => ((x + y) % 2) * 255);
      const rgba = resampleIn(kernel, photo, mapOf(photo, raster, { scale, degrees }), raster);
      let sum = 0;
      for (let row = 0; row < raster.height; row++)
        for (let column = 0; column < raster.width; column++) sum += lightAt(rgba, column, row);
      const mean = sum / (raster.width * raster.height);
      expect(mean).toBeGreaterThan(0.495);
      expect(mean).toBeLessThan(0.505);
    }
  },
);

const anyPlacing = fc.record({
  scale: fc.double({ min: 0.3, max: 4, noNaN: true }),
  degrees: fc.oneof(fc.constantFrom(0, 90, 180, -90), fc.double({ min: -180, max: 180, noNaN: true })),
  mirrored: fc.boolean(),
});

test("every colour comes out exactly as it goes in, wherever the photo lies, its edges in sight included", () => {
  fc.assert(
    fc.property(anyPlacing, fc.array(fc.nat(255), { minLength: 3, maxLength: 3 }), (placing, colour) => {
      const size = sizeFor(placing.scale, small);
      const rgba = resampleIn(
        kernel,
        paint(size, () => colour),
        mapOf(size, small, placing),
        small,
      );
      for (let at = 0; at < rgba.length; at += 4) expect([...rgba.subarray(at, at + 4)]).toEqual([...colour, 255]);
    }),
    { numRuns: 60 },
  );
  for (let level = 0; level < 256; level++) {
    for (const placing of [{ scale: 0.31 }, { scale: 0.31, degrees: 7 }, { scale: 2.1, degrees: 90 }]) {
      const size = sizeFor(placing.scale, small);
      const rgba = resampleIn(
        kernel,
        paint(size, () => level),
        mapOf(size, small, placing),
        small,
      );
      expect(coloursOf(rgba).every((value) => value === level)).toBe(true);
    }
  }
});

test("a photo at the raster's own scale is copied pixel for pixel, also flipped and in quarter turns", () => {
  const photo = noise({ width: 30, height: 30 });
  const pixelAt = (x: number, y: number): number[] => [
    ...photo.rgba.subarray((y * 30 + x) * 4, (y * 30 + x) * 4 + 3),
    255,
  ];
  for (const degrees of [0, 90, 180, -90]) {
    for (const mirrored of [false, true]) {
      const map = mapOf(photo, photo, { scale: 1, degrees, mirrored });
      const rgba = resampleIn(kernel, photo, map, photo);
      for (let y = 0; y < 30; y++) {
        for (let x = 0; x < 30; x++) {
          const column = Math.floor(map[0] * (x + 0.5) + map[2] * (y + 0.5) + map[4]);
          const row = Math.floor(map[1] * (x + 0.5) + map[3] * (y + 0.5) + map[5]);
          expect([...rgba.subarray((row * 30 + column) * 4, (row * 30 + column) * 4 + 4)]).toEqual(pixelAt(x, y));
        }
      }
    }
  }
});

test("moved by whole pixels the picture is the same", () => {
  fc.assert(
    fc.property(
      anyPlacing,
      fc.integer({ min: -6, max: 6 }),
      fc.integer({ min: -6, max: 6 }),
      (placing, right, down) => {
        const photo = noise(sizeFor(placing.scale, raster));
        const once = resampleIn(kernel, photo, mapOf(photo, small, placing), small);
        const moved = resampleIn(kernel, photo, mapOf(photo, small, { ...placing, moved: [right, down] }), small);
        for (let row = 6; row < small.height - 6; row++) {
          const from = (row * small.width + 6) * 4;
          const to = from + (down * small.width + right) * 4;
          const bytes = (small.width - 12) * 4;
          expect(moved.subarray(to, to + bytes)).toEqual(once.subarray(from, from + bytes));
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("bands of any height give the same bytes", () => {
  fc.assert(
    fc.property(
      anyPlacing,
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 9 }),
      (placing, heights) => {
        const photo = noise(sizeFor(placing.scale, small));
        const map = mapOf(photo, small, placing);
        let band = 0;
        const nextHeight = (): number => heights[band++ % heights.length] as number;
        const whole = resampleIn(kernel, photo, map, small, () => photo.height);
        expect(resampleIn(kernel, photo, map, small, nextHeight)).toEqual(whole);
      },
    ),
    { numRuns: 60 },
  );
});

test("only what the raster shows is asked for, and what the photo does not reach is white", () => {
  const photo = paint({ width: 400, height: 400 }, () => 0);
  const whites = (map: Map): number =>
    resampleIn(kernel, photo, map, small).filter((value, index) => index % 4 === 0 && value === 255).length;
  expect(whites([0.5, 0, 0, 0.5, 7, 0])).toBe(7 * small.height);
  expect(whites([0.5, 0, 0, 0.5, 0, 4])).toBe(4 * small.width);
  expect(whites([0, 0.5, -0.5, 0, 200, 5])).toBe(5 * small.width);
  expect(whites([0.5, 0, 0, 0.5, 900, 0])).toBe(small.width * small.height);
  const half = Math.SQRT1_2 / 2;
  const corner = whites([half, half, -half, half, small.width / 2, 0]);
  // Two triangles beside the photo's upper corner.
  expect(corner).toBeGreaterThan(360);
  expect(corner).toBeLessThan(400);
});
