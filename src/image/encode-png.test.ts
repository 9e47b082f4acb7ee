import { inflateSync } from "node:zlib";
import fc from "fast-check";
import { zlibSync } from "fflate";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { checkPngStructure } from "#card/png-structure.ts";
import { products } from "#card/products.ts";
import { crc32 } from "./checksums.ts";
import { encodePng } from "./encode-png.ts";
import { readKernel } from "./testing/read-kernel.ts";
import { chart, noise, paint } from "./testing/resample-cases.ts";

const kernel = readKernel();
const [product] = products;
const size = { width: product.widthPx, height: product.heightPx };

/** The zlib stream of a PNG's one IDAT, which comes behind IHDR, sRGB and pHYs. */
function pixelData(png: Uint8Array): Uint8Array {
  const at = 8 + 25 + 13 + 21;
  return png.subarray(at + 8, at + 8 + new DataView(png.buffer).getUint32(at));
}

async function inflate(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const { buffer, engine } = inflateSync(bytes, { maxOutputLength: maxBytes, info: true }) as unknown as {
    buffer: Buffer;
    engine: { bytesWritten: number };
  };
  if (engine.bytesWritten !== bytes.length) throw new Error("bytes follow the stream");
  return buffer;
}

const pictures = {
  "a chart": chart(size),
  noise: noise(size),
  "one colour": paint(size, () => [10, 200, 90]),
  black: paint(size, () => 0),
  "two colours": paint(size, (x, y) => ((x >> 3) % 3 === (y >> 4) % 3 ? 255 : 0)),
  "a slope": paint(size, (x, y) => (x + y) / 8),
};

describe.each(Object.entries(pictures))("%s", (_, { rgba }) => {
  const png = encodePng(kernel, rgba, product);

  test("is a picture of the structure that is sent", async () => {
    expect(await checkPngStructure(png, product, { inflate, crc32 })).toEqual({ ok: true });
  });

  test("holds every pixel, as another decoder sees it", async () => {
    const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: size.width, height: size.height, channels: 3 });
    expect(data.equals(Buffer.from(rgba.filter((_, index) => index % 4 < 3)))).toBe(true);
  });

  test("is hardly larger than a slower packer makes it", () => {
    const stream = pixelData(png);
    const slower = zlibSync(inflateSync(stream), { level: 4 });
    expect(stream.length).toBeLessThan(slower.length * 1.15 + 6000);
  });
});

test("pictures of any size and content come back from their file", async () => {
  const piece = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 700 }), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 70 }),
      fc.integer({ min: 1, max: 40 }),
      fc.array(piece, { minLength: 1, maxLength: 20 }),
      async (widthPx, heightPx, pieces) => {
        const rgba = new Uint8ClampedArray(widthPx * heightPx * 4);
        // Runs, repetitions at all distances, and what looks like chance between them.
        let at = 0;
        for (let index = 0; at < rgba.length; index++) {
          const [period, length, seed] = pieces[index % pieces.length] as (typeof pieces)[number];
          for (let end = at + length; at < end; at++) rgba[at] = (at % period) * seed + (seed & 1) * ((at * at) >> 3);
        }
        const png = encodePng(kernel, rgba, { widthPx, heightPx, dpi: 300 });
        const { data } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
        expect(data.equals(Buffer.from(rgba.filter((_, index) => index % 4 < 3)))).toBe(true);
      },
    ),
    { numRuns: 150 },
  );
});

test("what repeats at every distance and never for long stays within its room", () => {
  // Five-byte words of a small vocabulary, at random: the shortest matches, as far back as they go.
  let state = 7;
  const random = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 16;
  const words = Array.from({ length: 6000 }, () => Array.from({ length: 5 }, () => random() & 255));
  const bytes = Array.from(
    { length: (size.width * size.height * 3) / 5 },
    () => words[random() % 6000] as number[],
  ).flat();
  const { rgba } = paint(size, (x, y) => bytes.slice((y * size.width + x) * 3, (y * size.width + x) * 3 + 3));
  const rows = inflateSync(pixelData(encodePng(kernel, rgba, product)));
  expect(rows.length).toBe(size.height * (size.width * 3 + 1));
});
