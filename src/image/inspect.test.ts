import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { inspectFile } from "./inspect.ts";
import type { PhotoFormat } from "./photo-head.ts";

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function fileTypeBox(...brands: string[]): Uint8Array {
  const size = 12 + 4 * brands.length;
  return Uint8Array.of(0, 0, 0, size, ...ascii(`ftyp${brands[0]}\0\0\0\0${brands.slice(1).join("")}`));
}

function gradient(widthPx: number, heightPx: number) {
  const pixels = Buffer.from(Array.from({ length: widthPx * heightPx * 3 }, (_, index) => (index * 7) % 256));
  return sharp(pixels, { raw: { width: widthPx, height: heightPx, channels: 3 } });
}

const encoders: Record<Exclude<PhotoFormat, "bmp" | "heic">, () => Promise<Buffer>> = {
  tiff: () => gradient(211, 97).tiff({ compression: "lzw" }).toBuffer(),
  jpeg: () => gradient(211, 97).jpeg().toBuffer(),
  png: () => gradient(211, 97).png().toBuffer(),
  gif: () => gradient(211, 97).gif().toBuffer(),
  webp: () => gradient(211, 97).webp().toBuffer(),
  avif: () => gradient(211, 97).avif({ effort: 0 }).toBuffer(),
};

const size = { widthPx: 211, heightPx: 97 };

describe.each(Object.entries(encoders))("a whole %s", (format, encode) => {
  test("is known by its bytes, with its size", async () => {
    expect(inspectFile(await encode())).toEqual({ head: { format, size, complete: true, animated: false } });
  });

  test("is incomplete when its end is missing, wherever it was cut", async () => {
    const bytes = await encode();
    for (const share of [0.5, 0.75, 0.9, 0.99]) {
      const inspection = inspectFile(bytes.subarray(0, Math.floor(bytes.length * share)));
      expect(inspection, `cut at ${share}`).toMatchObject({ head: { format, complete: false } });
    }
  });
});

test("other kinds of the same formats are measured too", async () => {
  const lossless = await gradient(300, 20).webp({ lossless: true }).toBuffer();
  const extended = await gradient(301, 21).ensureAlpha(0.5).webp().toBuffer();
  const progressive = await gradient(302, 22).jpeg({ progressive: true }).toBuffer();
  const interlaced = await gradient(303, 23).png({ progressive: true }).toBuffer();
  for (const [bytes, widthPx] of [
    [lossless, 300],
    [extended, 301],
    [progressive, 302],
    [interlaced, 303],
  ] as const) {
    const whole = { head: { complete: true, size: { widthPx, heightPx: widthPx - 280 } } };
    expect(inspectFile(bytes)).toMatchObject(whole);
  }
});

test("of four inks it is known that their colours are not", async () => {
  const inks = gradient(64, 48).toColourspace("cmyk");
  const plain = { compression: "lzw" } as const;
  expect(inspectFile(await inks.clone().jpeg().toBuffer())).toMatchObject({ head: { inks: true, complete: true } });
  expect(inspectFile(await inks.clone().tiff(plain).toBuffer())).toMatchObject({
    head: { inks: true, complete: true },
  });
  const profiled = await gradient(64, 48).withIccProfile("cmyk").toColourspace("cmyk").tiff(plain).toBuffer();
  expect(inspectFile(profiled)).not.toHaveProperty("head.inks");
});

test("what cameras write behind the end of a JPEG is no damage", async () => {
  const jpeg = await encoders.jpeg();
  const motionPhoto = Buffer.concat([jpeg, Buffer.alloc(64), await encoders.jpeg(), fileTypeBox("mp42")]);
  expect(inspectFile(motionPhoto)).toMatchObject({ head: { size, complete: true } });
});

test("a thumbnail inside a truncated JPEG does not make it whole", async () => {
  const thumbnail = await encoders.jpeg();
  const photo = await gradient(800, 600).jpeg().toBuffer();
  const segment = Buffer.concat([Buffer.of(0xff, 0xe1, 0, 0), Buffer.from("Exif\0\0"), thumbnail]);
  segment.writeUInt16BE(segment.length - 2, 2);
  const whole = Buffer.concat([photo.subarray(0, 2), segment, photo.subarray(2)]);
  expect(inspectFile(whole)).toMatchObject({ head: { size: { widthPx: 800 }, complete: true } });
  expect(inspectFile(whole.subarray(0, -40))).toMatchObject({ head: { size: { widthPx: 800 }, complete: false } });
});

test("a PNG with one byte changed is damaged", async () => {
  const bytes = await encoders.png();
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] as number) ^ 1;
  expect(inspectFile(bytes)).toMatchObject({ head: { complete: false } });
});

test("animations are recognised", async () => {
  const frames = [gradient(40, 30), gradient(40, 30).negate()].map((frame) => frame.png().toBuffer());
  const strip = sharp(await Promise.all(frames), { join: { animated: true } });
  for (const bytes of [await strip.clone().gif().toBuffer(), await strip.clone().webp().toBuffer()]) {
    expect(inspectFile(bytes)).toMatchObject({ head: { animated: true, complete: true, size: { widthPx: 40 } } });
  }
});

test("a bitmap stored from the top is measured", () => {
  const bytes = new Uint8Array(26 + 54);
  const view = new DataView(bytes.buffer);
  bytes.set(ascii("BM"));
  view.setUint32(2, bytes.length, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, 12, true);
  view.setInt32(22, -9, true);
  const bitmapSize = { widthPx: 12, heightPx: 9 };
  expect(inspectFile(bytes)).toEqual({ head: { format: "bmp", size: bitmapSize, complete: true, animated: false } });
  expect(inspectFile(bytes.subarray(0, 60))).toMatchObject({ head: { complete: false } });
});

test.each([
  ["iPhone photo", fileTypeBox("heic", "mif1", "heic")],
  ["HEIF of another brand", fileTypeBox("mif1", "mif1", "heic")],
])("the beginning of an %s is an incomplete HEIC", (_, bytes) => {
  expect(inspectFile(bytes)).toMatchObject({ head: { format: "heic", complete: false } });
});

const strangers: readonly [string, string, Uint8Array][] = [
  ["MP4", "video-file", fileTypeBox("isom", "iso2", "avc1", "mp41")],
  ["QuickTime", "video-file", fileTypeBox("qt  ")],
  ["film of a camera", "video-file", fileTypeBox("XAVC", "mp42")],
  ["film of an old telephone", "video-file", fileTypeBox("3gp4", "3gp4", "isom")],
  ["Canon's raw photo", "raw-image", fileTypeBox("crx ", "crx ", "isom")],
  ["Olympus's raw photo", "raw-image", ascii("IIRO\b\0\0\0")],
  ["Panasonic's raw photo", "raw-image", ascii("IIU\0\b\0\0\0")],
  ["Fujifilm's raw photo", "raw-image", ascii("FUJIFILMCCD-RAW ")],
  ["sound in a film's boxes", "not-an-image", fileTypeBox("M4A ", "M4A ", "mp42", "isom")],
  ["something unknown in a film's boxes", "not-an-image", fileTypeBox("wxyz")],
  ["old QuickTime", "video-file", Uint8Array.of(0, 0, 0, 8, ...ascii("wide"), 0, 0, 0, 0, ...ascii("mdat"))],
  ["WebM", "video-file", Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3, 1, 0, 0, 0)],
  ["AVI", "video-file", ascii("RIFF\0\0\0\0AVI LIST")],
  ["PDF", "pdf-file", ascii("%PDF-1.7\n")],
  ["PDF behind a mark", "pdf-file", ascii("\ufeff\n%PDF-1.4\n")],
  ["SVG", "svg-image", ascii('<svg xmlns="http://www.w3.org/2000/svg"/>')],
  ["SVG behind a prolog", "svg-image", ascii('\ufeff<?xml version="1.0"?>\n<!-- <b> -->\n<svg:svg width="1">')],
  ["web page with a drawing in it", "not-an-image", ascii("<!doctype html><html><body><svg >")],
  ["sound", "not-an-image", ascii("RIFF\0\0\0\0WAVEfmt ")],
  ["text", "not-an-image", ascii("Dear bank, find my photo attached.")],
  ["archive", "not-an-image", Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0)],
  ["two letters", "not-an-image", ascii("BM")],
  ["nothing", "not-an-image", new Uint8Array(0)],
];

test.each(strangers)("%s is %s", (_, problem, bytes) => {
  expect(inspectFile(bytes)).toEqual({ problem });
});

test("SVG in UTF-16 is still SVG", () => {
  const text = '<?xml version="1.0"?><svg xmlns="x">';
  expect(inspectFile(Uint8Array.of(0xff, 0xfe, ...Buffer.from(text, "utf16le")))).toEqual({ problem: "svg-image" });
});
