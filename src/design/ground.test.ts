import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Gradient, type Ground, listStops, paintGround, sameGround, seenApart } from "./ground.ts";

const size = { widthPx: 1036, heightPx: 664 };

function paint(ground: Ground, { widthPx, heightPx } = size): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(widthPx * heightPx * 4);
  paintGround(rgba, { widthPx, heightPx }, ground);
  return rgba;
}

function colourAt(rgba: Uint8ClampedArray, x: number, y: number, { widthPx } = size): string {
  const at = (y * widthPx + x) * 4;
  return `#${[...rgba.subarray(at, at + 3)].map((level) => level.toString(16).padStart(2, "0")).join("")}`;
}

const colour = fc.integer({ min: 0, max: 0xff_ff_ff }).map((rgb) => `#${rgb.toString(16).padStart(6, "0")}`);
const night: Gradient = { from: "#14274e", to: "#2e6fdb", angleDeg: 0 };

test("a colour is painted as it is, all over", () => {
  const rgba = paint("#1e7d5a");
  const pixels = new Set(new Uint32Array(rgba.buffer));
  expect(pixels.size).toBe(1);
  expect([...rgba.subarray(0, 4)]).toEqual([0x1e, 0x7d, 0x5a, 255]);
});

test("a gradient begins and ends in the corners as it was chosen, whatever its colours and direction", () => {
  const raster = { widthPx: 52, heightPx: 33 };
  const [right, bottom] = [raster.widthPx - 1, raster.heightPx - 1] as const;
  const ends = [
    [0, [0, 0], [right, bottom]],
    [45, [0, 0], [right, bottom]],
    [90, [right, 0], [0, bottom]],
    [135, [right, 0], [0, bottom]],
    [180, [right, 0], [0, bottom]],
    [225, [right, bottom], [0, 0]],
    [270, [right, bottom], [right, 0]],
    [315, [0, bottom], [right, 0]],
  ] as const;
  fc.assert(
    fc.property(colour, colour, fc.constantFrom(...ends), (from, to, [angleDeg, first, last]) => {
      const rgba = paint({ from, to, angleDeg }, raster);
      expect(colourAt(rgba, first[0], first[1], raster)).toBe(from);
      expect(colourAt(rgba, last[0], last[1], raster)).toBe(to);
    }),
  );
});

test("a gradient is the same bytes each time, here and elsewhere", () => {
  const digest = (ground: Ground): string => createHash("sha256").update(paint(ground)).digest("hex");
  expect(digest(night)).toBe(digest({ ...night }));
  expect(digest({ ...night, angleDeg: 45 })).toMatchInlineSnapshot(
    `"72dc546522cfdee580e3e290894fbcb39a901016baadbae73794295814955733"`,
  );
});

test("a gradient has no bands: a column's mean moves by far less than a level, and no pixel is more than a level beside it", () => {
  const rgba = paint(night);
  const stops = listStops(night, size.widthPx);
  for (let channel = 0; channel < 3; channel++) {
    let before: number | undefined;
    for (let x = 0; x < size.widthPx; x++) {
      let sum = 0;
      for (let y = 0; y < size.heightPx; y++) {
        const level = rgba[(y * size.widthPx + x) * 4 + channel] as number;
        const wanted = Number.parseInt(stops[x]!.slice(1 + 2 * channel, 3 + 2 * channel), 16);
        if (Math.abs(level - wanted) > 1) throw new Error(`${level} in place of ${wanted} at ${x}, ${y}`);
        sum += level;
      }
      const mean = sum / size.heightPx;
      if (before !== undefined) expect(Math.abs(mean - before)).toBeLessThan(0.5);
      before = mean;
    }
  }
});

test("a gradient is spaced as it is seen: its middle is neither muddy nor too light", () => {
  const [from, middle, to] = listStops({ from: "#000000", to: "#ffffff" }, 3) as [string, string, string];
  expect(seenApart(from, middle)).toBeCloseTo(seenApart(middle, to), 1);
  // In sRGB the middle of blue and yellow is a grey.
  expect(seenApart(listStops({ from: "#0000ff", to: "#ffff00" }, 3)[1]!, "#808080")).toBeGreaterThan(0.05);
});

test("grounds are the same by what they are made of", () => {
  expect(sameGround(night, { ...night })).toBe(true);
  expect(sameGround(night, { ...night, angleDeg: 90 })).toBe(false);
  expect(sameGround("#14274e", night)).toBe(false);
  expect(sameGround("#14274e", "#14274e")).toBe(true);
});
