import { crc32, deflateSync, inflate as inflateWithCallback } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkPngStructure, type PngTools } from "./png-structure.ts";
import { type Product, products } from "./products.ts";

/** A real product, but of a raster so small that thousands of pictures can be tried. */
const product: Product = { ...products[0], widthPx: 13, heightPx: 7, maxPictureBytes: 4000 };

function inflate(zlibBytes: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const options = { maxOutputLength: maxBytes, info: true };
    inflateWithCallback(zlibBytes, options, (error, result) => {
      if (error !== null) return reject(error);
      // With `info`, Node gives the engine beside the buffer, which its types do not say.
      const { buffer, engine } = result as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
      if (engine.bytesWritten === zlibBytes.length) resolve(buffer);
      else reject(new Error("bytes after the stream"));
    });
  });
}

const tools: PngTools = { inflate, crc32 };
const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function u32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

type Bytes = Uint8Array | readonly number[];

function chunk(type: string, data: Bytes): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), Buffer.from(data)]);
  return Buffer.concat([Buffer.from(u32(data.length)), body, Buffer.from(u32(crc32(body)))]);
}

function rows({ widthPx, heightPx }: Product, bytesPerPixel = 3): Buffer {
  const rowBytes = 1 + widthPx * bytesPerPixel;
  return Buffer.from(
    Array.from({ length: heightPx * rowBytes }, (_, at) => (at % rowBytes === 0 ? at % 5 : (at * 37) % 256)),
  );
}

const header = {
  width: product.widthPx,
  height: product.heightPx,
  depth: 8,
  colour: 2,
  compression: 0,
  filter: 0,
  interlace: 0,
};

function ihdr(changes: Partial<typeof header> = {}): Buffer {
  const { width, height, depth, colour, compression, filter, interlace } = { ...header, ...changes };
  return chunk("IHDR", [...u32(width), ...u32(height), depth, colour, compression, filter, interlace]);
}

const srgb = chunk("sRGB", [0]);
const phys = chunk("pHYs", [...u32(11811), ...u32(11811), 1]);
const pixels = deflateSync(rows(product));
const idat = chunk("IDAT", pixels);
const iend = chunk("IEND", []);

function file(...parts: readonly Bytes[]): Buffer {
  return Buffer.concat([Buffer.from(signature), ...parts.map((part) => Buffer.from(part))]);
}

async function codeOf(bytes: Uint8Array, card = product): Promise<string> {
  const check = await checkPngStructure(bytes, card, tools);
  return check.ok ? "ok" : check.reason.code;
}

const good = file(ihdr(), srgb, phys, idat, iend);

describe("a picture as it must be", () => {
  test.each(products.map((card): [string, Product] => [card.id, card]))("passes for %s", async (_, card) => {
    const perMetre = Math.round(card.dpi / 0.0254);
    const own = file(
      ihdr({ width: card.widthPx, height: card.heightPx }),
      srgb,
      chunk("pHYs", [...u32(perMetre), ...u32(perMetre), 1]),
      chunk("IDAT", deflateSync(rows(card), { level: 1 })),
      iend,
    );
    expect(await codeOf(own, card)).toBe("ok");
  });

  test("may state its resolution before its colour space, and be cut into several pieces", async () => {
    const pieces = [pixels.subarray(0, 9), pixels.subarray(9, 9), pixels.subarray(9)].map((part) =>
      chunk("IDAT", part),
    );
    expect(await codeOf(file(ihdr(), phys, srgb, ...pieces, iend))).toBe("ok");
  });
});

const exif = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0];
const zip = Buffer.from("PK\x03\x04 a whole archive", "latin1");
const filterFive = rows(product);
filterFive[0] = 5;

const hostile: readonly [string, string, Uint8Array][] = [
  ["nothing at all", "signature", Buffer.alloc(0)],
  ["a CMYK JPEG named .png", "signature", Buffer.from([0xff, 0xd8, 0xff, 0xee, 0, 14, 65, 100, 111, 98, 101])],
  ["a web page named .png", "signature", Buffer.from("<!doctype html><script>alert(1)</script>")],
  ["a signature and no more", "truncated", file()],
  ["a picture with an archive behind it", "trailing-bytes", Buffer.concat([good, zip])],
  ["a picture with a web page behind it", "trailing-bytes", Buffer.concat([good, Buffer.from("<html>")])],
  ["a picture with one byte behind it", "trailing-bytes", Buffer.concat([good, Buffer.of(0)])],
  ["two pictures in one file", "trailing-bytes", Buffer.concat([good, good])],
  ["something hidden in the last chunk", "trailing-bytes", file(ihdr(), srgb, phys, idat, chunk("IEND", zip))],
  ["EXIF with a position", "chunk-not-allowed", file(ihdr(), srgb, phys, chunk("eXIf", exif), idat, iend)],
  ["a text", "chunk-not-allowed", file(ihdr(), srgb, phys, chunk("tEXt", Buffer.from("Comment\0hi")), idat, iend)],
  ["XMP", "chunk-not-allowed", file(ihdr(), srgb, phys, chunk("iTXt", Buffer.from("XML:com.adobe.xmp")), idat, iend)],
  ["a colour profile", "chunk-not-allowed", file(ihdr(), chunk("iCCP", [65, 0, 0]), phys, idat, iend)],
  ["a time", "chunk-not-allowed", file(ihdr(), srgb, phys, idat, chunk("tIME", [7, 234, 1, 1, 0, 0, 0]), iend)],
  [
    "a transparent colour",
    "chunk-not-allowed",
    file(ihdr(), srgb, phys, chunk("tRNS", [0, 0, 0, 0, 0, 0]), idat, iend),
  ],
  ["an animation", "chunk-not-allowed", file(ihdr(), srgb, phys, chunk("acTL", [...u32(2), ...u32(0)]), idat, iend)],
  ["a private chunk that decoders skip", "chunk-not-allowed", file(ihdr(), srgb, phys, chunk("prIv", zip), idat, iend)],
  ["a chunk with no proper name", "chunk-not-allowed", file(ihdr(), srgb, phys, chunk("\0\n\xff<", zip), idat, iend)],
  ["two headers", "chunk-order", file(ihdr(), ihdr(), srgb, phys, idat, iend)],
  ["a header that is not first", "chunk-order", file(srgb, ihdr(), phys, idat, iend)],
  ["no colour space", "chunk-order", file(ihdr(), phys, idat, iend)],
  ["no resolution", "chunk-order", file(ihdr(), srgb, idat, iend)],
  ["two resolutions", "chunk-order", file(ihdr(), srgb, phys, phys, idat, iend)],
  ["a resolution behind the pixels", "chunk-order", file(ihdr(), srgb, idat, phys, iend)],
  ["pixels in two places", "chunk-order", file(ihdr(), srgb, idat, phys, idat, iend)],
  ["no pixels", "chunk-order", file(ihdr(), srgb, phys, iend)],
  ["no end", "truncated", good.subarray(0, -12)],
  ["an end cut short", "truncated", good.subarray(0, -1)],
  ["a length beyond the file", "truncated", file(ihdr(), srgb, phys, u32(0xffffffff), idat.subarray(4), iend)],
  ["a header of the wrong length", "truncated", file(chunk("IHDR", [1, 2, 3]), srgb, phys, idat, iend)],
  [
    "a wrong check sum",
    "checksum",
    file(ihdr(), srgb, phys, Buffer.concat([idat.subarray(0, -1), Buffer.of(0)]), iend),
  ],
  ["one pixel too wide", "raster", file(ihdr({ width: 14 }), srgb, phys, idat, iend)],
  ["one pixel too low", "raster", file(ihdr({ height: 6 }), srgb, phys, idat, iend)],
  ["a header of 60,000 x 60,000", "raster", file(ihdr({ width: 60_000, height: 60_000 }), srgb, phys, idat, iend)],
  ["16 bits", "bit-depth", file(ihdr({ depth: 16 }), srgb, phys, idat, iend)],
  ["an alpha channel", "colour-type", file(ihdr({ colour: 6 }), srgb, phys, idat, iend)],
  ["grey", "colour-type", file(ihdr({ colour: 0 }), srgb, phys, idat, iend)],
  ["a palette", "colour-type", file(ihdr({ colour: 3 }), srgb, phys, idat, iend)],
  ["an unknown compression", "compression", file(ihdr({ compression: 1 }), srgb, phys, idat, iend)],
  ["an unknown filter method", "compression", file(ihdr({ filter: 64 }), srgb, phys, idat, iend)],
  ["interlacing", "interlace", file(ihdr({ interlace: 1 }), srgb, phys, idat, iend)],
  ["an unknown rendering intent", "colour-space", file(ihdr(), chunk("sRGB", [4]), phys, idat, iend)],
  ["data hidden in the colour space", "colour-space", file(ihdr(), chunk("sRGB", [0, 1, 2]), phys, idat, iend)],
  ["72 dpi", "resolution", file(ihdr(), srgb, chunk("pHYs", [...u32(2835), ...u32(2835), 1]), idat, iend)],
  [
    "a resolution without unit",
    "resolution",
    file(ihdr(), srgb, chunk("pHYs", [...u32(11811), ...u32(11811), 0]), idat, iend),
  ],
  ["an empty resolution", "resolution", file(ihdr(), srgb, chunk("pHYs", []), idat, iend)],
  ["pixels that are no zlib stream", "pixel-data", file(ihdr(), srgb, phys, chunk("IDAT", zip), iend)],
  ["empty pixels", "pixel-data", file(ihdr(), srgb, phys, chunk("IDAT", []), iend)],
  [
    "a row too few",
    "pixel-data",
    file(ihdr(), srgb, phys, chunk("IDAT", deflateSync(rows(product).subarray(40))), iend),
  ],
  [
    "RGBA pixels behind an RGB header",
    "pixel-data",
    file(ihdr(), srgb, phys, chunk("IDAT", deflateSync(rows(product, 4))), iend),
  ],
  ["a zlib bomb", "pixel-data", file(ihdr(), srgb, phys, chunk("IDAT", deflateSync(Buffer.alloc(3_000_000))), iend)],
  ["pixels cut short", "pixel-data", file(ihdr(), srgb, phys, chunk("IDAT", pixels.subarray(0, -5)), iend)],
  [
    "something hidden behind the pixels",
    "pixel-data",
    file(ihdr(), srgb, phys, chunk("IDAT", [...pixels, ...zip]), iend),
  ],
  [
    "a row filter that does not exist",
    "row-filter",
    file(ihdr(), srgb, phys, chunk("IDAT", deflateSync(filterFive)), iend),
  ],
  ["more bytes than the platform takes", "too-large", Buffer.concat([good, Buffer.alloc(product.maxPictureBytes)])],
];

describe("a picture is refused by name", () => {
  test.each(hostile)("%s", async (_, code, bytes) => {
    const check = await checkPngStructure(bytes, product, tools);
    expect(check).toEqual({ ok: false, reason: { code, sentence: expect.stringMatching(/^[A-Z][ -~]+\.$/) } });
  });

  test("thousands of empty chunks", async () => {
    const roomy = { ...product, maxPictureBytes: 1_000_000 };
    const many = Array.from({ length: 5000 }, () => chunk("IDAT", []));
    expect(await codeOf(file(ihdr(), srgb, phys, ...many, idat, iend), roomy)).toBe("too-many-chunks");
  });

  test("and says what size it should have", async () => {
    const check = await checkPngStructure(file(ihdr({ width: 14 }), srgb, phys, idat, iend), product, tools);
    expect(check).toMatchObject({ reason: { sentence: "The picture is 14 x 7 pixels; this card needs 13 x 7." } });
  });

  test("a zlib bomb is not inflated further than the raster", async () => {
    const asked: number[] = [];
    const watched: PngTools = { crc32, inflate: (bytes, maxBytes) => (asked.push(maxBytes), inflate(bytes, maxBytes)) };
    await checkPngStructure(
      file(ihdr(), srgb, phys, chunk("IDAT", deflateSync(Buffer.alloc(3_000_000))), iend),
      product,
      watched,
    );
    expect(asked).toEqual([7 * (3 * 13 + 1)]);
  });
});

describe("chance", () => {
  test("no changed byte goes unnoticed", async () => {
    const place = fc.integer({ min: 0, max: good.length - 1 });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(place, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 255 }),
        async (places, flip) => {
          const broken = Buffer.from(good);
          for (const at of places) broken[at] = (broken[at] as number) ^ flip;
          expect(await codeOf(broken)).not.toBe("ok");
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("no cut, no insertion and no removal goes unnoticed", async () => {
    const place = fc.integer({ min: 0, max: good.length });
    await fc.assert(
      fc.asyncProperty(place, place, fc.uint8Array({ maxLength: 20 }), async (one, other, inserted) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        const changed = Buffer.concat([good.subarray(0, from), inserted, good.subarray(to)]);
        fc.pre(!changed.equals(good));
        expect(await codeOf(changed)).not.toBe("ok");
      }),
    );
  });

  test("chunks in any number and order pass only as the one sequence", async () => {
    const parts = { IHDR: ihdr(), sRGB: srgb, pHYs: phys, IDAT: idat, IEND: iend, tEXt: chunk("tEXt", [65, 0]) };
    const anyType = fc.constantFrom<keyof typeof parts>("IHDR", "sRGB", "pHYs", "IDAT", "IEND", "tEXt");
    const passing = ["IHDR sRGB pHYs IDAT IEND", "IHDR pHYs sRGB IDAT IEND"];
    await fc.assert(
      fc.asyncProperty(fc.array(anyType, { maxLength: 7 }), async (types) => {
        const code = await codeOf(file(...types.map((type) => parts[type])));
        expect(code === "ok").toBe(passing.includes(types.join(" ")));
      }),
      { examples: [[["IHDR", "pHYs", "sRGB", "IDAT", "IEND"]]] },
    );
  });

  test("bytes of any kind never throw", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (bytes, signed) => {
        expect(await codeOf(signed ? file(bytes) : bytes)).not.toBe("ok");
      }),
    );
  });
});
