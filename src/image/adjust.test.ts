import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { adjustmentNames, adjustmentRanges, type Adjustments, noAdjustments } from "#design/look.ts";
import { makeAdjustTable } from "./adjust.ts";
import { applyColourTable, makeColourTable } from "#design/colour-table.ts";

const level = fc.integer({ min: 0, max: 255 });

function anyAdjustments(fixed: Partial<Adjustments> = {}): fc.Arbitrary<Adjustments> {
  const each = Object.fromEntries(adjustmentNames.map((name) => [name, fc.integer(adjustmentRanges[name])]));
  return fc.record(each).map((adjust) => ({ ...(adjust as unknown as Adjustments), ...fixed }));
}

/** Every grey, changed. */
function greysOf(adjust: Adjustments): number[][] {
  const rgba = Uint8ClampedArray.from({ length: 256 * 4 }, (_, at) => (at % 4 === 3 ? 255 : at >> 2));
  applyColourTable(rgba, makeAdjustTable(adjust));
  return Array.from({ length: 256 }, (_, grey) => [...rgba.subarray(grey * 4, grey * 4 + 3)]);
}

function changed(rgb: readonly number[], table: Int32Array): number[] {
  const rgba = Uint8ClampedArray.of(...rgb, 77);
  applyColourTable(rgba, table);
  expect(rgba[3]).toBe(77);
  return [...rgba.subarray(0, 3)];
}

describe("a table of colours", () => {
  test("that changes nothing changes no byte of any colour", () => {
    const identity = makeAdjustTable(noAdjustments);
    const rgba = new Uint8ClampedArray(65_536 * 4);
    for (let blue = 0; blue < 256; blue += 5) {
      for (let at = 0; at < 65_536; at++) rgba.set([at >> 8, at & 255, blue, at & 255], at * 4);
      const before = rgba.slice();
      applyColourTable(rgba, identity);
      expect(rgba.findIndex((value, at) => value !== before[at])).toBe(-1);
    }
  });

  test("gives at its nodes what it was made of, and lies between them like the change itself", () => {
    const bent = (value: number): number => value * value;
    const mixed = (red: number, green: number, blue: number) =>
      [bent(blue), bent((red + green) / 2), bent(red)] as const;
    const table = makeColourTable((colour) => colour.splice(0, 3, ...mixed(...colour)));
    fc.assert(
      fc.property(level, level, level, (red, green, blue) => {
        const wanted = mixed(red / 255, green / 255, blue / 255);
        for (const [channel, value] of changed([red, green, blue], table).entries()) {
          expect(Math.abs(value - wanted[channel]! * 255)).toBeLessThan(1);
        }
      }),
    );
    expect(changed([0, 255, 255], table)).toEqual([255, 64, 0]);
  });

  test("is mixed of the four corners of a tetrahedron", () => {
    // One corner of the cube is not like the others: the colours that have no part in it do not see it.
    const table = makeColourTable((colour) => {
      const isCorner = colour[0] === 1 && colour[1] === 31 / 32 && colour[2] === 31 / 32;
      colour.fill(isCorner ? 1 : 0);
    });
    const [low, high] = [249, 253];
    expect(changed([high, low, low], table)[0]).toBeGreaterThan(100);
    expect(changed([low, high, low], table)).toEqual([0, 0, 0]);
    expect(changed([low, low, high], table)).toEqual([0, 0, 0]);
  });
});

describe("adjustments", () => {
  test("leave greys grey unless they are warmer or cooler, and in their order always", () => {
    fc.assert(
      fc.property(anyAdjustments(), (adjust) => {
        const greys = greysOf(adjust);
        for (const [grey, [red, green, blue]] of greys.entries()) {
          const before = greys[grey - 1] ?? [0, 0, 0];
          for (const [channel, value] of [red!, green!, blue!].entries())
            expect(value).toBeGreaterThanOrEqual(before[channel]!);
          if (adjust.warmth === 0) expect([red, blue]).toEqual([green, green]);
          else if (adjust.warmth > 0) expect(red! >= green! && green! >= blue!).toBe(true);
          else expect(red! <= green! && green! <= blue!).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("do what they are called", () => {
    const greys = (change: Partial<Adjustments>, ...of: number[]) => {
      const all = greysOf({ ...noAdjustments, ...change });
      return of.map((grey) => all[grey]![1]!);
    };
    const [darker, brighter] = [greys({ brightness: -40 }, 30, 128, 220), greys({ brightness: 40 }, 30, 128, 220)];
    for (const [index, grey] of [30, 128, 220].entries()) {
      expect(darker[index]).toBeLessThan(grey - 5);
      expect(brighter[index]).toBeGreaterThan(grey + 5);
    }
    expect(greys({ contrast: 60 }, 60, 200)).toEqual([
      expect.toSatisfy((low) => low < 55),
      expect.toSatisfy((high) => high > 205),
    ]);
    expect(greys({ contrast: -60 }, 0, 255)).toEqual([
      expect.toSatisfy((low) => low > 20),
      expect.toSatisfy((high) => high < 235),
    ]);
    const [black, shadow, bright, white] = greys({ lift: 100 }, 0, 30, 220, 255) as [number, number, number, number];
    expect([black, white]).toEqual([0, 255]);
    expect(shadow).toBeGreaterThan(80);
    expect(bright).toBeLessThan(225);
    const saturated = (saturation: number) => changed([180, 90, 60], makeAdjustTable({ ...noAdjustments, saturation }));
    expect(new Set(saturated(-100)).size).toBe(1);
    expect(saturated(50)[0]! - saturated(50)[2]!).toBeGreaterThan(140);
  });

  test("cut off neither black nor white, but where contrast is taken away", () => {
    fc.assert(
      fc.property(anyAdjustments({ contrast: 25 }), (adjust) => {
        const greys = greysOf(adjust);
        expect([greys[0], greys[255]]).toEqual([
          [0, 0, 0],
          [255, 255, 255],
        ]);
      }),
      { numRuns: 40 },
    );
  });
});
