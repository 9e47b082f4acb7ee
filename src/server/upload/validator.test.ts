import { crc32, deflateSync, type ZlibOptions } from "node:zlib";
import fc from "fast-check";
import sharp from "sharp";
import { expect, test } from "vitest";
import { findProduct, type Product } from "#card/products.ts";
import type { Problem } from "#contracts/problem.ts";
import { pictureValidator } from "./validator.ts";

const real = findProduct("photo-landscape")!;
/** Large enough for distances beyond any but the largest window. */
const small: Product = { ...real, widthPx: 61, heightPx: 229 };
const rowBytes = 1 + 3 * small.widthPx;

function chunk(type: string, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(data.length + 12);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, "latin1");
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), data.length + 8);
  return bytes;
}

/** A picture of `small` with this pixel data, cut at the given places. */
function wrap(zlibBytes: Buffer, cuts: readonly number[] = []): Buffer {
  const [header, resolution] = [Buffer.alloc(13), Buffer.alloc(9)];
  header.writeUInt32BE(small.widthPx, 0);
  header.writeUInt32BE(small.heightPx, 4);
  header.set([8, 2], 8);
  for (const at of [0, 4]) resolution.writeUInt32BE(Math.round(small.dpi / 0.0254), at);
  resolution[8] = 1;
  const edges = [0, ...cuts.map((cut) => Math.min(cut, zlibBytes.length)).sort((a, b) => a - b), zlibBytes.length];
  const pieces = edges.slice(1).map((end, index) => chunk("IDAT", zlibBytes.subarray(edges[index], end)));
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("sRGB", Buffer.of(0)),
    chunk("pHYs", resolution),
    ...pieces,
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function paeth(left: number, up: number, upLeft: number): number {
  const [toLeft, toUp] = [Math.abs(up - upLeft), Math.abs(left - upLeft)];
  const toUpLeft = Math.abs(left + up - 2 * upLeft);
  if (toLeft <= toUp && toLeft <= toUpLeft) return left;
  return toUp <= toUpLeft ? up : upLeft;
}

/** The pixels of filtered rows (PNG specification, 9.2). */
function unfilter(rows: Uint8Array): Buffer {
  const pixels = Buffer.alloc(small.heightPx * (rowBytes - 1));
  for (let at = 0; at < pixels.length; at += 1) {
    const [y, x] = [Math.floor(at / (rowBytes - 1)), at % (rowBytes - 1)];
    const left = x < 3 ? 0 : pixels[at - 3]!;
    const up = y === 0 ? 0 : pixels[at - rowBytes + 1]!;
    const upLeft = x < 3 || y === 0 ? 0 : pixels[at - rowBytes - 2]!;
    const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, upLeft)][rows[y * rowBytes]!]!;
    pixels[at] = rows[y * rowBytes + 1 + x]! + predicted;
  }
  return pixels;
}

/** `fine`, or the code of the problem. */
function look(bytes: Uint8Array): Promise<string> {
  return pictureValidator.check(bytes, small).then(
    () => "fine",
    (problem: Problem) => problem.code,
  );
}

const period = fc.integer({ min: 1, max: 33_000 });
/** Noise that repeats after `period` bytes, so that a compressor reaches back as far as that. */
const rowsOf = fc.tuple(period, fc.integer(), fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 7 }));

function makeRows([repeat, seed, filters]: readonly [number, number, readonly number[]]): Buffer {
  const rows = Buffer.alloc(small.heightPx * rowBytes);
  for (let at = 0, state = seed; at < rows.length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    rows[at] = at < repeat ? state >>> 24 : rows[at - repeat]!;
  }
  for (let y = 0; y < small.heightPx; y += 1) rows[y * rowBytes] = filters[y % filters.length]!;
  return rows;
}

const deflating: fc.Arbitrary<ZlibOptions> = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  memLevel: fc.integer({ min: 1, max: 9 }),
  strategy: fc.integer({ min: 0, max: 4 }),
  windowBits: fc.integer({ min: 9, max: 15 }),
});

test("a picture that passes decodes to its very pixels, whatever compressed it", async () => {
  const cuts = fc.array(fc.nat(50_000), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(rowsOf, deflating, cuts, async (given, options, places) => {
      const rows = makeRows(given);
      const picture = wrap(deflateSync(rows, options), places);
      expect(await look(picture)).toBe("fine");
      const decoded = await sharp(picture, { failOn: "warning" }).raw().toBuffer({ resolveWithObject: true });
      expect([decoded.info.width, decoded.info.height, decoded.info.channels]).toEqual([
        small.widthPx,
        small.heightPx,
        3,
      ]);
      expect(decoded.data.equals(unfilter(rows))).toBe(true);
    }),
    { numRuns: 150 },
  );
});

test("pixel data in which anything is changed, its check sums made right again, decodes if it passes", async () => {
  const change = fc.tuple(fc.nat(50_000), fc.integer({ min: 1, max: 255 }));
  let passed = 0;
  await fc.assert(
    fc.asyncProperty(rowsOf, deflating, fc.array(change, { maxLength: 3 }), async (given, options, changes) => {
      const zlibBytes = deflateSync(makeRows(given), options);
      for (const [at, flip] of changes) zlibBytes[at % zlibBytes.length]! ^= flip;
      const picture = wrap(zlibBytes);
      if ((await look(picture)) !== "fine") return;
      passed += 1;
      await sharp(picture, { failOn: "warning" }).raw().toBuffer();
    }),
    { numRuns: 500 },
  );
  expect(passed).toBeGreaterThan(0);
});

/** The header of a zlib stream (RFC 1950, 2.2) that names a window of 256 bytes. */
function nameSmallestWindow(zlibBytes: Buffer): Buffer {
  const flags = 0xc0;
  return Buffer.concat([Buffer.of(0x08, flags + 31 - ((0x0800 + flags) % 31)), zlibBytes.subarray(2)]);
}

test("pixel data that reaches back further than the window it names is refused, since libpng cannot decode it", async () => {
  const far = nameSmallestWindow(deflateSync(makeRows([30_000, 7, [0]])));
  expect(await look(wrap(far))).toBe("picture-refused");
  const near = nameSmallestWindow(deflateSync(makeRows([1, 7, [0]])));
  expect(await look(wrap(near))).toBe("fine");
});

test("pixel data that goes on behind its end, or behind the raster, is refused", async () => {
  const rows = makeRows([9, 7, [1]]);
  expect(await look(wrap(Buffer.concat([deflateSync(rows), Buffer.of(0)])))).toBe("picture-refused");
  expect(await look(wrap(deflateSync(Buffer.concat([rows, Buffer.of(0)]))))).toBe("picture-refused");
});
