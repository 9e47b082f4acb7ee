import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import fc from "fast-check";
import sharp, { type Sharp } from "sharp";
import { describe, expect, test } from "vitest";
import { makeHeic, profiled, readPictures, turn } from "../testing/make-heic.ts";
import { decodeHeic } from "./heic.ts";
import { startHeif } from "./heif.ts";
import { readProfile } from "./icc.ts";
import { decodeTiff } from "./tiff.ts";
import { inspectTiff } from "./tiff-head.ts";

const picture = sharp(
  Buffer.from(Array.from({ length: 90 * 70 * 3 }, (_, index) => (index * 7 + (index >> 5)) % 256)),
  { raw: { width: 90, height: 70, channels: 3 } },
);

const tiffs: Readonly<Record<string, () => Sharp>> = {
  lzw: () => picture.clone().tiff({ compression: "lzw", predictor: "horizontal" }),
  deflate: () => picture.clone().tiff({ compression: "deflate", tile: true, tileWidth: 32, tileHeight: 32 }),
  packBits: () => picture.clone().tiff({ compression: "packbits", bigtiff: true }),
  inks: () => picture.clone().withIccProfile("cmyk").toColourspace("cmyk").tiff({ compression: "lzw" }),
};

/** The file with some of its bytes replaced, most of them where its structure is, and perhaps cut. */
function spoil(bytes: Uint8Array, isStructure: (at: number) => boolean): fc.Arbitrary<Uint8Array> {
  const structure = Array.from(bytes.keys()).filter(isStructure);
  const change = fc.tuple(fc.oneof(fc.constantFrom(...structure), fc.nat(bytes.length - 1)), fc.nat(255));
  const cut = fc.oneof(
    { weight: 3, arbitrary: fc.constant(bytes.length) },
    { weight: 1, arbitrary: fc.nat(bytes.length) },
  );
  return fc.tuple(fc.array(change, { minLength: 1, maxLength: 6 }), cut).map(([changes, length]) => {
    const spoilt = bytes.slice(0, length);
    for (const [at, value] of changes) if (at < length) spoilt[at] = value;
    return spoilt;
  });
}

/** Either a picture, as large as it says, or an error: never a hang, nor memory without end. */
async function expectAnswer(
  work: Promise<{ rgba: Uint8ClampedArray; widthPx: number; heightPx: number }>,
): Promise<void> {
  const result = await work.catch((error: unknown) => error);
  if (result instanceof Error) return;
  const { rgba, widthPx, heightPx } = result as Awaited<typeof work>;
  expect(rgba.length).toBe(widthPx * heightPx * 4);
}

describe("spoilt files are decoded or refused", () => {
  const refuse = () => Promise.reject(new Error("no JPEG"));
  test.each(Object.keys(tiffs))("TIFF, %s", async (name) => {
    const file = new Uint8Array(await (tiffs[name] as () => Sharp)().toBuffer());
    const directory = file.length - 700;
    await fc.assert(
      fc.asyncProperty(
        spoil(file, (at) => at < 16 || at > directory),
        async (bytes) => {
          const inspection = inspectTiff(bytes);
          if ("problem" in inspection) return;
          const { widthPx = 0, heightPx = 0 } = inspection.head.size ?? {};
          // What a product with room for a megapixel would decode.
          if (widthPx * heightPx < 1_000_000) await expectAnswer(decodeTiff(bytes, refuse, async () => {}));
        },
      ),
      // Reading a press's profile takes as long as all the rest.
      { numRuns: name === "inks" ? 60 : 300 },
    );
  });

  test("HEIC", async () => {
    const wasm = readFileSync(createRequire(import.meta.url).resolve("libheif-js/libheif-wasm/libheif.wasm"));
    const code = new Uint8Array(wasm).buffer;
    const tiles = readPictures(readFileSync(new URL("../testing/heic/tiles.heic", import.meta.url)));
    const file = makeHeic(tiles, {
      columns: 2,
      rows: 1,
      widthPx: 600,
      heightPx: 400,
      properties: [turn(1), profiled(new Uint8Array(200))],
    });
    await fc.assert(
      fc.asyncProperty(
        spoil(file, (at) => at < 900),
        async (bytes) => {
          await expectAnswer(decodeHeic(startHeif(code), bytes, async () => {}));
        },
      ),
      { numRuns: 40 },
    );
  });

  test("profiles", async () => {
    const { icc } = await sharp(await (tiffs["inks"] as () => Sharp)().toBuffer()).metadata();
    // Its table from inks to colours, without those for other ways and what its maker measured.
    const profile = new Uint8Array(icc ?? []).slice(0, 60_000);
    const samples = new Uint16Array(4 * 20).map((_, index) => (index * 7919) % 65536);
    fc.assert(
      fc.property(
        spoil(profile, (at) => at < 900),
        (bytes) => {
          readProfile(bytes, "CMYK")?.(samples, 20, new Uint8ClampedArray(80));
        },
      ),
      { numRuns: 100 },
    );
  });
});
