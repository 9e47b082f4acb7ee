import fc from "fast-check";
import { expect, test } from "vitest";
import { widenBitmap } from "./widen-bitmap.ts";

interface Short {
  readonly width: number;
  readonly pixels: readonly number[];
  readonly masks?: readonly number[];
  readonly bits?: number;
}

function bitmap({ width, pixels, masks = [], bits = 16 }: Short): Uint8Array<ArrayBuffer> {
  const height = pixels.length / width;
  const rowBytes = Math.ceil((width * 2) / 4) * 4;
  const start = 54 + masks.length * 4;
  const bytes = new Uint8Array(start + rowBytes * height);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  for (const [at, value] of [
    [2, bytes.length],
    [10, start],
    [14, 40],
    [18, width],
    [22, height],
    [26, 1 | (bits << 16)],
    [30, masks.length === 0 ? 0 : 3],
  ] as const) {
    view.setUint32(at, value, true);
  }
  for (const [index, mask] of masks.entries()) view.setUint32(54 + index * 4, mask, true);
  for (const [index, pixel] of pixels.entries()) {
    view.setUint16(start + Math.floor(index / width) * rowBytes + (index % width) * 2, pixel, true);
  }
  return bytes;
}

async function widen(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await (await widenBitmap(new Blob([bytes]))).arrayBuffer());
}

test("a bitmap of 16 bits keeps its white, its black and what lies between", async () => {
  const usual = await widen(bitmap({ width: 3, pixels: [0x7fff, 0, 0x7c00, 0x03e0, 0x001f, 0x4210] }));
  expect(new DataView(usual.buffer).getUint16(28, true)).toBe(24);
  const [first, second] = [usual.subarray(54, 63), usual.subarray(66, 75)];
  expect([...first]).toEqual([255, 255, 255, 0, 0, 0, 0, 0, 255]);
  expect([...second]).toEqual([0, 255, 0, 255, 0, 0, 132, 132, 132]);
  const masks = [0xf800, 0x07e0, 0x001f];
  const masked = await widen(bitmap({ width: 3, pixels: [0xffff, 0x07e0, 0x8410], masks }));
  expect([...masked.subarray(54, 63)]).toEqual([255, 255, 255, 0, 255, 0, 132, 130, 132]);
});

test("any other bitmap stays as it is, and nothing breaks", async () => {
  for (const other of [
    bitmap({ width: 2, pixels: [1, 2], bits: 24 }),
    bitmap({ width: 2, pixels: [1, 2], masks: [0xf801, 0x07e0, 0x001f] }),
    bitmap({ width: 2, pixels: [1, 2] }).subarray(0, 56),
  ]) {
    expect(await widen(other)).toEqual(new Uint8Array(other));
  }
  const file = bitmap({ width: 3, pixels: [1, 2, 3], masks: [0xf800, 0x07e0, 0x001f] });
  await fc.assert(
    fc.asyncProperty(fc.nat(69), fc.nat(255), fc.nat(file.length), async (at, value, length) => {
      const bytes = file.slice(0, length);
      if (at < length) bytes[at] = value;
      await widenBitmap(new Blob([bytes]));
    }),
  );
});
