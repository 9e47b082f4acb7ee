import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import {
  crop,
  type HeicOptions,
  makeHeic,
  mirror,
  numbered,
  profiled,
  readPictures,
  turn,
} from "../testing/make-heic.ts";
import { decodeHeic, HeifError } from "./heic.ts";
import { startHeif } from "./heif.ts";
import { fromDisplayP3 } from "./icc.ts";

const wasm = new Uint8Array(
  readFileSync(createRequire(import.meta.url).resolve("libheif-js/libheif-wasm/libheif.wasm")),
);
const read = (name: string) => new Uint8Array(readFileSync(new URL(`../testing/heic/${name}.heic`, import.meta.url)));
const tiles = readPictures(read("tiles"));
const grid = { columns: 2, rows: 2, widthPx: 1000, heightPx: 900 };
const make = (change: Partial<HeicOptions> = {}) => makeHeic(tiles, { ...grid, ...change });
const start = () => startHeif(wasm.buffer);
const decode = (bytes: Uint8Array) => decodeHeic(start(), bytes, async () => {});

/** The cells' colours, see testing/heic/README.md. */
const at = (x: number, y: number): number[] => [32 + 12 * Math.floor(x / 64), 32 + 12 * Math.floor(y / 64), 128];

type Decoded = Awaited<ReturnType<typeof decode>>;

function colour({ rgba, widthPx }: Decoded, x: number, y: number): number[] {
  return [...rgba.subarray((y * widthPx + x) * 4, (y * widthPx + x) * 4 + 4)];
}

/** Within what HEVC loses of even colours. */
function expectColour(seen: readonly number[], right: readonly number[]): void {
  expect(Math.max(...right.map((value, index) => Math.abs(value - (seen[index] ?? 0))))).toBeLessThanOrEqual(6);
}

describe("a grid of a phone's is the whole primary picture, not the first in the file nor the preview", () => {
  const [w, h] = [grid.widthPx - 1, grid.heightPx - 1];
  const [topLeft, topRight, bottomLeft, bottomRight] = [at(0, 0), at(w, 0), at(0, h), at(w, h)];
  const lying = [1000, 900];
  const standing = [900, 1000];
  test.each([
    ["as it lies", [], lying, [topLeft, topRight, bottomLeft, bottomRight]],
    ["turned once", [turn(1)], standing, [topRight, bottomRight, topLeft, bottomLeft]],
    ["turned twice", [turn(2)], lying, [bottomRight, bottomLeft, topRight, topLeft]],
    ["turned three times", [turn(3)], standing, [bottomLeft, topLeft, bottomRight, topRight]],
    ["mirrored top to bottom", [mirror(0)], lying, [bottomLeft, bottomRight, topLeft, topRight]],
    ["mirrored left to right", [mirror(1)], lying, [topRight, topLeft, bottomRight, bottomLeft]],
    ["turned, then mirrored", [turn(1), mirror(1)], standing, [bottomRight, topRight, bottomLeft, topLeft]],
    ["mirrored, then turned", [mirror(1), turn(1)], standing, [topLeft, bottomLeft, topRight, bottomRight]],
    [
      "cropped, then turned",
      [crop(872, 772), turn(1)],
      [772, 872],
      [at(w - 64, 64), at(w - 64, h - 64), at(64, 64), at(64, h - 64)],
    ],
  ])("%s", async (_, properties, size, corners) => {
    const decoded = await decode(make({ properties }));
    expect([decoded.widthPx, decoded.heightPx]).toEqual(size);
    const [right, bottom] = [decoded.widthPx - 1, decoded.heightPx - 1];
    const seen = [
      colour(decoded, 0, 0),
      colour(decoded, right, 0),
      colour(decoded, 0, bottom),
      colour(decoded, right, bottom),
    ];
    for (const [index, corner] of corners.entries()) expectColour(seen[index] ?? [], corner);
  });

  test("EXIF's orientation does not count", async () => {
    const { rgba } = await decode(make());
    expect((await decode(make({ exifOrientation: 6 }))).rgba).toEqual(rgba);
  });

  test("in every pixel", async () => {
    const { rgba, widthPx, heightPx } = await decode(make());
    let sum = 0;
    for (let y = 0; y < heightPx; y++) {
      for (let x = 0; x < widthPx; x++) {
        const [r = 0, g = 0, b = 0] = at(x, y);
        const from = (y * widthPx + x) * 4;
        sum +=
          Math.abs((rgba[from] ?? 0) - r) + Math.abs((rgba[from + 1] ?? 0) - g) + Math.abs((rgba[from + 2] ?? 0) - b);
      }
    }
    expect(sum / (widthPx * heightPx * 3)).toBeLessThan(1);
  });
});

test("10 bits", async () => {
  const decoded = await decode(read("ten-bit"));
  expect([decoded.widthPx, decoded.heightPx]).toEqual([768, 576]);
  for (const [x, y] of [
    [30, 30],
    [700, 40],
    [100, 500],
  ] as const)
    expectColour(colour(decoded, x, y), [...at(x, y), 255]);
});

test("opacity", async () => {
  const decoded = await decode(read("alpha"));
  expect(colour(decoded, 30, 30)[3]).toBe(0);
  expectColour(colour(decoded, 700, 500), [...at(700, 500), 255]);
});

test("Display P3, by a profile or by numbers, becomes sRGB", async () => {
  const { icc } = await sharp({ create: { width: 1, height: 1, channels: 3, background: "#fff" } })
    .withIccProfile("p3")
    .png()
    .toBuffer()
    .then((png) => sharp(png).metadata());
  if (icc === undefined) throw new Error("no profile");
  const byProfile = await decode(make({ properties: [profiled(icc)] }));
  const byNumber = await decode(make({ properties: [numbered(12)] }));
  const right = new Uint8ClampedArray(4);
  fromDisplayP3()(
    Uint16Array.from(at(900, 100), (value) => value * 257),
    1,
    right,
  );
  expect(Math.abs((right[0] ?? 0) - (at(900, 100)[0] ?? 0))).toBeGreaterThan(10);
  for (const decoded of [byProfile, byNumber]) expectColour(colour(decoded, 900, 100), [...right.subarray(0, 3), 255]);
});

test("48 megapixels need no more of the decoder's memory than a part, and can be stopped between the parts", async () => {
  const large = make({ columns: 16, rows: 12, widthPx: 8064, heightPx: 6048 });
  const heif = start();
  let parts = 0;
  const stop = new Error("not wanted any more");
  const decoding = decodeHeic(heif, large, async () => {
    parts += 1;
    if (parts === 40) throw stop;
  });
  await expect(decoding).rejects.toBe(stop);
  expect(heif.HEAPU8.length).toBeLessThan(40_000_000);
});

describe("what cannot be decoded", () => {
  test("a picture that says it is larger than any product takes is refused before there is room for it", async () => {
    const heif = start();
    await expect(
      decodeHeic(heif, make({ columns: 100, rows: 100, widthPx: 51_200, heightPx: 51_200 }), async () => {}),
    ).rejects.toThrow(HeifError);
    expect(heif.HEAPU8.length).toBeLessThan(80_000_000);
  });

  test("a part that is broken is damage, and not a green square", async () => {
    const bytes = make();
    // The last tile's data, before that of the preview.
    bytes.fill(0, bytes.length - 6000, bytes.length - 3500);
    await expect(decode(bytes)).rejects.toThrow(HeifError);
  });

  test("another codec than HEVC is told from damage", async () => {
    const text = Buffer.from(make()).toString("latin1").replaceAll("hvc1", "jpeg");
    await expect(decode(Buffer.from(text, "latin1"))).rejects.toMatchObject({ isUnsupported: true });
  });
});
