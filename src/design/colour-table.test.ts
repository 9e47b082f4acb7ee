import fc from "fast-check";
import { expect, test } from "vitest";
import { applyColourTable, cubeOf, lookUp, makeColourTable, packTable, type Rgb, unpackTable } from "./colour-table.ts";

const level = fc.integer({ min: 0, max: 255 });

test("a colour between the levels is looked up as pixels are, of the same tetrahedron", () => {
  const table = makeColourTable((colour) => {
    const [red, green, blue] = colour;
    colour[0] = red * red * blue;
    colour[1] = (1 - green) * red;
    colour[2] = 1 - blue * blue * green;
  });
  fc.assert(
    fc.property(level, level, level, (...rgb) => {
      const pixel = Uint8ClampedArray.of(...rgb, 255);
      applyColourTable(pixel, table);
      const colour = rgb.map((value) => value / 255) as Rgb;
      lookUp(colour, cubeOf(table));
      for (const [channel, value] of colour.entries())
        expect(Math.abs(value * 255 - pixel[channel]!)).toBeLessThanOrEqual(0.502);
    }),
    { numRuns: 2000 },
  );
});

test("the smallest cube of colours is one cell", () => {
  // Blue runs fastest: only the corner of red, green and no blue is white.
  const values = Array.from({ length: 8 }, (_, corner) => (corner === 6 ? [1, 1, 1] : [0, 0, 0])).flat();
  const look = (...colour: Rgb): number => (lookUp(colour, { size: 2, white: 1, values }), colour[0]);
  expect([look(1, 1, 0), look(1, 1, 1), look(0.5, 0.5, 0), look(0.25, 0.75, 0), look(2, 9, -1)]).toEqual([
    1, 0, 0.5, 0.25, 1,
  ]);
});

test("a table is the same when it has been packed, and what is none is none", () => {
  const table = makeColourTable((colour) => void (colour[1] = 1 - colour[0] * colour[2]));
  const bytes = packTable(table);
  expect(unpackTable(bytes.buffer)).toEqual(table);
  expect(unpackTable(bytes.buffer.slice(2))).toBeNull();
  bytes.fill(255, 0, 2);
  expect(unpackTable(bytes.buffer)).toBeNull();
});
