import sharp from "sharp";
import { expect, it } from "vitest";
import { crc32 } from "./checksums.ts";
import { readPngHead } from "./photo-head.ts";
import { pixelsOfPng } from "./png-pixels.ts";

const [widthPx, heightPx] = [64, 48];

/** Red at the left, green at the bottom. */
const ramp = sharp(
  Uint8Array.from({ length: widthPx * heightPx * 3 }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % widthPx, Math.floor(at / 3 / widthPx)];
    return [250 - x * 3, y * 5, 60][at % 3] as number;
  }),
  { raw: { width: widthPx, height: heightPx, channels: 3 } },
);

function withChunk(png: Buffer, type: string, data: readonly number[]): Uint8Array<ArrayBuffer> {
  const chunk = Buffer.concat([Buffer.alloc(4), Buffer.from(type), Buffer.from(data), Buffer.alloc(4)]);
  chunk.writeUInt32BE(data.length);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), chunk.length - 4);
  // Behind IHDR.
  return new Uint8Array(Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]));
}

async function read(file: Uint8Array<ArrayBuffer>) {
  const pixels = await pixelsOfPng(file, readPngHead(file));
  const bytes = new Uint8ClampedArray(widthPx * heightPx * 4);
  await pixels?.read({ x: 0, y: 0, width: widthPx, height: heightPx, bytes }, "#ffffff");
  pixels?.close();
  return { pixels, bytes };
}

it("a PNG in a wide space is brought into sRGB as libvips does it", async () => {
  const file = new Uint8Array(await ramp.clone().withIccProfile("p3").png().toBuffer());
  const { bytes } = await read(file);
  const expected = await sharp(file).toColourspace("srgb").ensureAlpha().raw().toBuffer();
  const stored = await sharp(file).keepIccProfile().ensureAlpha().raw().toBuffer();
  expect(stored.equals(Buffer.from(bytes)), "the file's own numbers are others").toBe(false);
  const most = expected.reduce((so, value, at) => Math.max(so, Math.abs(value - (bytes[at] as number))), 0);
  expect(most).toBeLessThanOrEqual(2);
});

it("a PNG that its EXIF turns is seen turned", async () => {
  const file = withChunk(await ramp.clone().png().toBuffer(), "eXIf", [
    ...Buffer.from("MM\0*\0\0\0\b\0\u0001\u0001\u0012\0\u0003\0\0\0\u0001\0\u0006\0\0\0\0\0\0", "latin1"),
  ]);
  const { pixels } = await read(file);
  expect(pixels?.photo).toEqual({ widthPx: heightPx, heightPx: widthPx });
  expect(pixels?.toPhoto).toEqual([0, 1, -1, 0, heightPx, 0]);
});

it("a PNG whose colours only the browser knows is left to it", async () => {
  // A PQ curve, by number.
  const { pixels } = await read(withChunk(await ramp.clone().png().toBuffer(), "cICP", [9, 16, 0, 1]));
  expect(pixels).toBeUndefined();
});
