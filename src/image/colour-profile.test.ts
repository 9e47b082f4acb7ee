import { expect, test } from "vitest";
import sharp from "sharp";
import { findColourProfile } from "./colour-profile.ts";
import type { PhotoFormat } from "./photo-head.ts";

const raw = { create: { width: 8, height: 8, channels: 3, background: "#f00" } } as const;
const formats: readonly PhotoFormat[] = ["jpeg", "png", "webp", "avif"];

function encode(format: PhotoFormat, profile?: string): Promise<Buffer> {
  const picture = sharp(raw);
  return (profile === undefined ? picture : picture.withIccProfile(profile)).toFormat(format as "jpeg").toBuffer();
}

test.each(formats)("the profile of a %s is found, and none where there is none", async (format) => {
  const file = await encode(format, "p3");
  const { icc } = await sharp(file).metadata();
  expect(await findColourProfile(new Uint8Array(file), format)).toEqual({ icc: new Uint8Array(icc as Buffer) });
  expect(await findColourProfile(await encode(format), format)).toBeUndefined();
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
  for (const [file, profile] of cases) expect(await findColourProfile(file, "png")).toEqual(profile);
});

test("a file that ends anywhere breaks nothing", async () => {
  for (const format of formats) {
    const file = await encode(format, "p3");
    for (let length = 0; length < file.length; length += 37) await findColourProfile(file.subarray(0, length), format);
  }
});
