import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyColourTable, type Rgb } from "#design/colour-table.ts";
import { filterIds, filters } from "#design/filters/filters.ts";
import { type Look, noAdjustments } from "#design/look.ts";
import { makeLookTable } from "./look-table.ts";
import { tableDigest } from "./testing/table-digest.ts";

const anyFilter = fc.constantFrom(...filterIds);
const anyPercent = fc.integer({ min: 1, max: 100 });
const level = fc.integer({ min: 0, max: 255 });
const anyColour = fc.tuple(level, level, level);

function seen(look: Look, ...colours: readonly (readonly number[])[]): number[][] {
  const rgba = Uint8ClampedArray.from(colours.flatMap((colour) => [...colour, 255]));
  applyColourTable(rgba, makeLookTable(look));
  return colours.map((_, index) => [...rgba.subarray(index * 4, index * 4 + 3)]);
}

const whole = (id: string): Look => ({ filter: { id, percent: 100 } });
const greys = Array.from({ length: 256 }, (_, level) => [level, level, level]);
const brightness = (colour: readonly number[]): number =>
  0.2126 * colour[0]! + 0.7152 * colour[1]! + 0.0722 * colour[2]!;
const spread = (colour: readonly number[]): number => Math.max(...colour) - Math.min(...colour);

describe("a filter", () => {
  test("keeps greys in their order at every strength, tells the dark ones apart, and burns no light one out", () => {
    fc.assert(
      fc.property(anyFilter, anyPercent, (id, percent) => {
        const filtered = seen({ filter: { id, percent } }, ...greys);
        for (const [level, colour] of filtered.slice(1).entries())
          expect(colour.every((value, channel) => value >= filtered[level]![channel]!)).toBe(true);
        const far = (from: number, to: number) => brightness(filtered[to]!) - brightness(filtered[from]!);
        // A tenth of the levels at either end keep two thirds of what tells them apart, but where all have less.
        expect(far(0, 24)).toBeGreaterThan(14);
        expect(far(231, 255)).toBeGreaterThan(11);
      }),
      { numRuns: 60 },
    );
  });

  test("is half of itself at half its strength, and all but nothing at one percent", () => {
    fc.assert(
      fc.property(anyFilter, anyColour, (id, colour) => {
        const [all, half, least] = [100, 50, 1].map((percent) => seen({ filter: { id, percent } }, colour)[0]);
        for (const [channel, value] of colour.entries()) {
          expect(Math.abs(half![channel]! - (value + all![channel]!) / 2)).toBeLessThanOrEqual(1.5);
          expect(Math.abs(least![channel]! - value)).toBeLessThanOrEqual(2);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("is what its formula gives, to within what a table of 33 can", () => {
    const samples = fc.sample(anyColour, { numRuns: 2000, seed: 14 });
    for (const id of filterIds) {
      let [sum, most] = [0, 0];
      const tabled = seen(whole(id), ...samples);
      for (const [index, colour] of samples.entries()) {
        const exact = colour.map((level) => level / 255) as Rgb;
        filters[id](exact);
        for (const [channel, level] of exact.entries()) {
          const apart = Math.abs(tabled[index]![channel]! - Math.min(1, Math.max(0, level)) * 255);
          sum += apart;
          most = Math.max(most, apart);
        }
      }
      expect(sum / samples.length / 3, id).toBeLessThan(0.5);
      expect(most, id).toBeLessThan(3);
    }
  });

  test("that has no such id does nothing: not one byte", () => {
    const rgba = Uint8ClampedArray.from({ length: 65_536 * 4 }, (_, at) => (at * 40_503) >> 8);
    const before = rgba.slice();
    applyColourTable(rgba, makeLookTable(whole("no-such-filter")));
    expect(rgba).toEqual(before);
  });
});

describe("each filter does what it is called:", () => {
  const skin = [196, 150, 126];
  const sky = [96, 140, 190];
  const one = (id: string, colour: readonly number[], percent = 100) => seen({ filter: { id, percent } }, colour)[0]!;

  test("print-lift lifts what prints dark, and leaves black and white", () => {
    expect(one("print-lift", [30, 30, 30])[1]).toBeGreaterThan(50);
    expect(seen(whole("print-lift"), [0, 0, 0], [255, 255, 255])).toEqual([
      [0, 0, 0],
      [255, 255, 255],
    ]);
  });

  test("bright is lighter, warm redder and less blue, cool the other way", () => {
    expect(brightness(one("bright", skin))).toBeGreaterThan(brightness(skin) + 12);
    for (const colour of [skin, sky]) {
      const [warm, cool] = [one("warm", colour), one("cool", colour)];
      expect(warm[0]! - warm[2]!).toBeGreaterThan(colour[0]! - colour[2]! + 10);
      expect(cool[0]! - cool[2]!).toBeLessThan(colour[0]! - colour[2]! - 10);
    }
  });

  test("vivid has more colour, soft and film less of it and no black", () => {
    expect(spread(one("vivid", sky))).toBeGreaterThan(spread(sky) * 1.1);
    for (const id of ["soft", "film"]) {
      expect(spread(one(id, sky)), id).toBeLessThan(spread(sky));
      expect(Math.min(...one(id, [0, 0, 0])), id).toBeGreaterThan(12);
    }
  });

  test("mono has no colour at all, and mono-warm that of paper", () => {
    fc.assert(
      fc.property(anyColour, (colour) => {
        expect(spread(one("mono", colour))).toBe(0);
        const [red, green, blue] = one("mono-warm", colour) as [number, number, number];
        expect(red >= green && green >= blue).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

test("the photo is adjusted first, and the filter lies over that", () => {
  const adjust = { ...noAdjustments, saturation: -100, brightness: 20 };
  const [adjusted] = seen({ adjust }, [200, 80, 40]);
  const [both] = seen({ adjust, ...whole("warm") }, [200, 80, 40]);
  const [filtered] = seen(whole("warm"), adjusted!);
  expect(spread(adjusted!)).toBe(0);
  expect(both!.map((level, channel) => Math.abs(level - filtered![channel]!)).every((apart) => apart <= 1)).toBe(true);
  expect(both![0]! - both![2]!).toBeGreaterThan(15);
});

test("the tables are the same bytes as ever: every printed picture is made by them", () => {
  const sha256 = createHash("sha256");
  for (const id of filterIds) {
    const adjust = { brightness: 12, contrast: -20, warmth: 30, saturation: -40, lift: 25 };
    for (const look of [whole(id), { adjust, filter: { id, percent: 37 } }])
      sha256.update(new Uint8Array(makeLookTable(look).buffer));
  }
  expect(sha256.digest("hex")).toBe(tableDigest);
});
