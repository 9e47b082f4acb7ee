import fc from "fast-check";
import sharp from "sharp";
import { expect, test } from "vitest";
import { inspectFile } from "./inspect.ts";
import { readJxlHead } from "./jxl-head.ts";
import {
  type PhotoHead,
  readAvifHead,
  readBmpHead,
  readGifHead,
  readJpegHead,
  readPngHead,
  readWebpHead,
} from "./photo-head.ts";

const readers: Record<string, (bytes: Uint8Array) => PhotoHead> = {
  jpeg: readJpegHead,
  png: readPngHead,
  gif: readGifHead,
  webp: readWebpHead,
  avif: (bytes) => readAvifHead(bytes, false),
  bmp: readBmpHead,
  jxl: readJxlHead,
};

/** The same bytes, which throw when they are looked at so often that the reader can only be going round in a circle. */
function bounded(bytes: Uint8Array): Uint8Array {
  let looks = 0;
  return new Proxy(bytes, {
    get(target, key) {
      looks += 1;
      if (looks > 500 + 20 * target.length) throw new Error("the reader does not come to its end");
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** Comes to its end without an exception: in the worker either would hold up or blame what comes after. */
function expectEnd(bytes: Uint8Array): void {
  for (const [format, read] of Object.entries(readers)) expect(read(bounded(bytes)).format).toBe(format);
  const inspection = inspectFile(bounded(bytes));
  expect("head" in inspection || "problem" in inspection).toBe(true);
}

const pixels = { create: { width: 9, height: 7, channels: 3, background: "teal" } } as const;
const photos = await Promise.all([
  sharp(pixels)
    .jpeg()
    .withExif({ IFD0: { Make: "maker" } })
    .toBuffer(),
  sharp(pixels).jpeg({ progressive: true }).toBuffer(),
  sharp(pixels).png().toBuffer(),
  sharp(pixels).gif().toBuffer(),
  sharp(pixels).webp().toBuffer(),
  sharp(pixels).webp({ lossless: true }).toBuffer(),
  sharp(pixels).ensureAlpha(0.5).webp().toBuffer(),
  sharp(pixels).avif({ effort: 0 }).toBuffer(),
]);

/** What length fields are broken with. */
const field = fc.oneof(
  fc.constantFrom([0], [1], [255], [0, 0], [255, 255], [0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 7], [255, 255, 255, 255]),
  fc.constant(Array.from({ length: 8 }, () => 0)),
  fc.array(fc.nat(255), { maxLength: 8 }),
);

test("random bytes", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), expectEnd), { numRuns: 1000 });
});

test("real photos with some of their bytes overwritten, and cut short", () => {
  const wounds = fc.array(fc.tuple(fc.nat(1000), field), { minLength: 1, maxLength: 6 });
  const kept = fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true }));
  fc.assert(
    fc.property(fc.constantFrom(...photos), wounds, kept, (photo, changes, share) => {
      const bytes = Uint8Array.from(photo.subarray(0, Math.ceil(photo.length * share)));
      for (const [place, values] of changes) {
        const at = place % Math.max(1, bytes.length);
        bytes.set(values.slice(0, bytes.length - at), at);
      }
      expectEnd(bytes);
    }),
    { numRuns: 3000 },
  );
});

test("boxes of every size that an AVIF can state, true or not", () => {
  const size = fc.constantFrom(0, 1, 7, 8, 12, 16, 24, 0xffff_ffff);
  const largeSize = fc.constantFrom(0n, 1n, 8n, 15n, 16n, 24n, 1n << 53n, (1n << 64n) - 1n);
  const box = fc.tuple(size, fc.constantFrom("ftyp", "meta", "ispe", "mdat"), largeSize).map(([small, tag, large]) => {
    const bytes = Buffer.alloc(24, tag, "latin1");
    bytes.writeUInt32BE(small, 0);
    bytes.writeBigUInt64BE(large, 8);
    return bytes;
  });
  fc.assert(
    fc.property(fc.array(box, { maxLength: 6 }), (boxes) => expectEnd(Buffer.concat(boxes))),
    { numRuns: 1000 },
  );
});
