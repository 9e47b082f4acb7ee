import { expect, test } from "vitest";
import sharp from "sharp";
import { findColours } from "./colour-profile.ts";
import { withEdits } from "./edits.ts";
import type { PhotoFormat } from "./photo-head.ts";

const raw = { create: { width: 8, height: 8, channels: 3, background: "#f00" } } as const;
const formats: readonly PhotoFormat[] = ["jpeg", "png", "webp", "avif"];

function encode(format: PhotoFormat, profile?: string): Promise<Buffer> {
  const picture = sharp(raw);
  return (profile === undefined ? picture : picture.withIccProfile(profile)).toFormat(format as "jpeg").toBuffer();
}

async function profileOf(bytes: Uint8Array, format: PhotoFormat) {
  return (await findColours(bytes, format))?.profile;
}

test.each(formats)("the profile of a %s is found, and none where there is none", async (format) => {
  const file = await encode(format, "p3");
  const { icc } = await sharp(file).metadata();
  expect(await profileOf(new Uint8Array(file), format)).toEqual({ icc: new Uint8Array(icc as Buffer) });
  expect(await profileOf(await encode(format), format)).toBeUndefined();
});

async function withoutColours(file: Uint8Array, format: PhotoFormat): Promise<Uint8Array<ArrayBuffer>> {
  const { edits = [] } = (await findColours(file, format)) ?? {};
  return new Uint8Array(await withEdits(new Blob([Uint8Array.from(file)]), edits).arrayBuffer());
}

test.each(formats)(
  "without what it says of its colours a %s has the same numbers, and says nothing",
  async (format) => {
    const file = await encode(format, "p3");
    const plain = await withoutColours(file, format);
    const numbers = (bytes: Uint8Array) => sharp(bytes, { ignoreIcc: true, failOn: "warning" }).raw().toBuffer();
    expect((await sharp(plain).metadata()).icc).toBeUndefined();
    expect(await profileOf(plain, format)).toBeUndefined();
    expect((await numbers(plain)).equals(await numbers(file))).toBe(true);
  },
);

test("an AVIF in Display P3 by numbers is one, and none without them", async () => {
  const numbers = (primaries: number) =>
    Buffer.from([0, 0, 0, 19, ...Buffer.from("colrnclx"), 0, primaries, 0, 13, 0, 6, 0x80]);
  const inNumbers = async (primaries: number) => Buffer.concat([await encode("avif"), numbers(primaries)]);
  expect(await profileOf(await inNumbers(12), "avif")).toBe("display-p3");
  expect(await profileOf(await inNumbers(1), "avif")).toBeUndefined();
  expect(await withoutColours(await inNumbers(12), "avif")).toEqual(new Uint8Array(await inNumbers(1)));
});

test("a profile of greys counts for greys alone: a photo of colours has none", async () => {
  const profile = Buffer.alloc(200);
  profile.write("GRAYXYZ ", 16, "latin1");
  const segment = Buffer.concat([
    Buffer.from([0xff, 0xe2, 0, 216]),
    Buffer.from("ICC_PROFILE\0\u0001\u0001", "latin1"),
    profile,
  ]);
  const inJpeg = (jpeg: Buffer) => Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]);
  const plain = await sharp(raw).greyscale().toColourspace("b-w").jpeg().toBuffer();
  expect(await profileOf(inJpeg(plain), "jpeg")).toEqual({ icc: new Uint8Array(profile) });
  expect(await profileOf(inJpeg(await encode("jpeg")), "jpeg")).toBeUndefined();
});

/** A PNG of chunks before its pixels. */
function withChunks(png: Buffer, ...chunks: readonly (readonly [string, readonly number[]])[]): Buffer {
  const added = chunks.map(([name, data]) => {
    const chunk = Buffer.alloc(12 + data.length);
    chunk.writeUInt32BE(data.length);
    chunk.write(name, 4, "latin1");
    chunk.set(data, 8);
    return chunk;
  });
  return Buffer.concat([png.subarray(0, 33), ...added, png.subarray(33)]);
}

function longs(...values: number[]): number[] {
  return [...new Uint8Array(Uint32Array.from(values).buffer)].map(
    (_, at, all) => all[(at & ~3) + 3 - (at & 3)] as number,
  );
}

test("what a PNG says of its colours in numbers is understood, or left to the browser", async () => {
  const png = await encode("png");
  const primaries = ["cHRM", longs(31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)] as const;
  const cases = [
    [withChunks(png, ["cICP", [12, 13, 0, 1]]), "display-p3"],
    [withChunks(png, ["cICP", [1, 13, 0, 1]]), undefined],
    [withChunks(png, ["cICP", [9, 16, 0, 1]]), "other"],
    [withChunks(png, ["gAMA", longs(45455)], primaries), undefined],
    [withChunks(png, ["gAMA", longs(100_000)], primaries), "other"],
    [withChunks(png, ["gAMA", longs(100_000)]), undefined],
    [withChunks(png, ["iCCP", [0x61, 0, 0, 1, 2, 3]]), "other"],
  ] as const;
  for (const [file, profile] of cases) {
    expect(await profileOf(file, "png")).toEqual(profile);
    expect(await profileOf(await withoutColours(file, "png"), "png")).toBeUndefined();
  }
});

test("a file that ends anywhere breaks nothing", async () => {
  for (const format of formats) {
    const file = await encode(format, "p3");
    for (let length = 0; length < file.length; length += 37) await findColours(file.subarray(0, length), format);
  }
});
