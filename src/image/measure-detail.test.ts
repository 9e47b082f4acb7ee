import { describe, expect, it } from "vitest";
import { measureDetail, type Readable } from "./measure-detail.ts";
import { orient } from "./turned.ts";

const [widthPx, heightPx] = [600, 480];

/** Stripes, sharp in the left half of what is stored and smooth in the right one. */
function brightness(x: number, y: number): number {
  return x < widthPx / 2 ? (Math.floor((x + y) / 8) % 2) * 200 : 100 + 100 * Math.sin((x + y) / 8);
}

function stored(layout: Readable["layout"], change: Partial<Readable> = {}): Readable {
  const [step, first] = layout === "I420" ? [1, 0] : [4, 1];
  const photo = { widthPx, heightPx };
  return {
    ...photo,
    layout,
    photo,
    toPhoto: [1, 0, 0, 1, 0, 0],
    async read({ x, y, width, height, bytes }) {
      for (let at = 0; at < width * height; at++) {
        bytes[at * step + first] = brightness(x + (at % width), y + Math.floor(at / width));
      }
    },
    ...change,
  };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number;

describe("a photo's detail", () => {
  it.each(["RGBX", "I420"] as const)("is measured place by place, in pixels as %s", async (layout) => {
    const { spots, leastWidthPx } = await measureDetail(stored(layout));
    const half = (isLeft: boolean) =>
      median(
        spots
          .filter(({ xPx }) => xPx < widthPx / 2 - 24 === isLeft && Math.abs(xPx - 300) > 24)
          .map((spot) => spot.widthPx),
      );
    expect(half(true)).toBeLessThan(0.6);
    expect(half(false)).toBeGreaterThan(1.5);
    expect(leastWidthPx).toBe(0);
  });

  it("is told in the upright photo's pixels where it lies turned, decoded at half its size", async () => {
    const photo = { widthPx: 2 * heightPx, heightPx: 2 * widthPx };
    const [a, b, c, d, e, f] = orient(6, { widthPx: 2 * widthPx, heightPx: 2 * heightPx });
    const turned = stored("RGBX", { photo, toPhoto: [a * 2, b * 2, c * 2, d * 2, e, f] });
    const [upright, plain] = [await measureDetail(turned), await measureDetail(stored("RGBX"))];
    const expected = plain.spots.map((spot) => ({
      xPx: photo.widthPx - 2 * spot.yPx,
      yPx: 2 * spot.xPx,
      widthPx: 2 * spot.widthPx,
    }));
    expect(upright.spots).toEqual(expected);
    expect(upright.leastWidthPx).toBeCloseTo(1.6, 9);
  });

  it("is not known of a strip that is narrower than what is looked at", async () => {
    const { spots } = await measureDetail(stored("RGBX", { heightPx: 20 }));
    expect(spots).toEqual([]);
  });
});
