import sharp from "sharp";
import { expect, test } from "vitest";
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

const encoders: Record<Exclude<PhotoFormat, "bmp" | "heic" | "jxl">, () => Promise<Buffer>> = {
  tiff: () => gradient(211, 97).tiff({ compression: "lzw" }).toBuffer(),
  jpeg: () => gradient(211, 97).jpeg().toBuffer(),
  png: () => gradient(211, 97).png().toBuffer(),
  gif: () => gradient(211, 97).gif().toBuffer(),
  webp: () => gradient(211, 97).webp().toBuffer(),
  avif: () => gradient(211, 97).avif({ effort: 0 }).toBuffer(),
};

const size = { widthPx: 211, heightPx: 97 };
const headOf = (format: string) => ({ format, size, animated: false, ...(format === "png" && { inRows: true }) });

test.each(Object.entries(encoders))("a %s is known by its bytes, with its size", async (format, encode) => {
  expect(inspectFile(await encode())).toEqual({ head: headOf(format), start: 0 });
});

test.each(["jpeg", "png"] as const)("a %s is found behind what a transfer has put before it", async (format) => {
  const photo = await encoders[format]();
  for (const before of ["\r\n", "\ufeff", "Content-Type: image/jpeg\r\n\r\n", "\0".repeat(512)]) {
    const start = Buffer.byteLength(before);
    expect(inspectFile(Buffer.concat([Buffer.from(before), photo]))).toEqual({ head: headOf(format), start });
  }
  for (const container of ["ID3\u0003", "PK\u0003\u0004", "{\\rtf1", "x".repeat(1024), `${"\0".repeat(128)}DICM`]) {
    expect(inspectFile(Buffer.concat([Buffer.from(container), photo]))).toEqual({ problem: "not-an-image" });
  }
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
    expect(inspectFile(bytes)).toMatchObject({ head: { size: { widthPx, heightPx: widthPx - 280 } } });
  }
});

test("of four inks it is known that their colours are not", async () => {
  const inks = gradient(64, 48).toColourspace("cmyk");
  const plain = { compression: "lzw" } as const;
  expect(inspectFile(await inks.clone().jpeg().toBuffer())).toMatchObject({ head: { inks: true } });
  expect(inspectFile(await inks.clone().tiff(plain).toBuffer())).toMatchObject({ head: { inks: true } });
  const profiled = await gradient(64, 48).withIccProfile("cmyk").toColourspace("cmyk").tiff(plain).toBuffer();
  expect(inspectFile(profiled)).not.toHaveProperty("head.inks");
});

test("animations are recognised", async () => {
  const frames = [gradient(40, 30), gradient(40, 30).negate()].map((frame) => frame.png().toBuffer());
  const strip = sharp(await Promise.all(frames), { join: { animated: true } });
  for (const bytes of [await strip.clone().gif().toBuffer(), await strip.clone().webp().toBuffer()]) {
    expect(inspectFile(bytes)).toMatchObject({ head: { animated: true, size: { widthPx: 40 } } });
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
  expect(inspectFile(bytes)).toEqual({ head: { format: "bmp", size: bitmapSize, animated: false }, start: 0 });
});

/** A TIFF that has nothing but these tags, each with one number. */
function tiffOf(...entries: readonly (readonly [tag: number, value: number])[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(10 + 12 * entries.length));
  for (const [at, byte] of [0x49, 0x49, 0x2a, 0, 8].entries()) view.setUint8(at, byte);
  view.setUint16(8, entries.length, true);
  for (const [index, [tag, value]] of entries.entries()) {
    const at = 10 + 12 * index;
    const type = value > 0xffff ? 4 : 3;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, 1, true);
    view.setUint32(at + 8, value, true);
  }
  return new Uint8Array(view.buffer);
}

test("a JPEG that not every browser decodes is known for it", async () => {
  const jpeg = await encoders.jpeg();
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
  const kinds = [
    [0xc9, 8, "arithmetic"],
    [0xca, 8, "arithmetic"],
    [0xc3, 8, "lossless"],
    [0xf7, 8, "lossless"],
    [0xc1, 12, "lossless"],
  ] as const;
  for (const [marker, bits, rare] of kinds) {
    const bytes = Uint8Array.from(jpeg);
    bytes[frame + 1] = marker;
    bytes[frame + 4] = bits;
    expect(inspectFile(bytes)).toMatchObject({ head: { format: "jpeg", size, rare } });
  }
});

test.each([
  ["small and square", [1, ...bits(24 / 8 - 1, 5), ...bits(1, 3)], { widthPx: 24, heightPx: 24 }],
  ["of 4 to 3", [0, ...bits(1, 2), ...bits(599, 13), ...bits(3, 3)], { widthPx: 800, heightPx: 600 }],
  [
    "of any size",
    [0, ...bits(0, 2), ...bits(296, 9), ...bits(0, 3), ...bits(2, 2), ...bits(70_000, 18)],
    { widthPx: 70_001, heightPx: 297 },
  ],
])("a JPEG XL, %s, is measured, bare and in boxes", (_, header, known) => {
  const packed = new Uint8Array(Math.ceil(header.length / 8) + 4);
  for (const [at, bit] of header.entries()) (packed[at >> 3] as number) |= bit << (at & 7);
  const bare = Uint8Array.of(0xff, 0x0a, ...packed);
  const boxes = [0, 0, 0, 12, ...ascii("JXL \r\n"), 0x87, 0x0a, 0, 0, 0, 20, ...ascii("ftypjxl \0\0\0\0jxl ")];
  const inBox = Uint8Array.of(...boxes, 0, 0, 0, 0, ...ascii("jxlc"), ...bare);
  const inParts = Uint8Array.of(...boxes, 0, 0, 0, 40, ...ascii("jxlp"), 0, 0, 0, 0, ...bare);
  for (const bytes of [bare, inBox, inParts]) {
    expect(inspectFile(bytes)).toEqual({ head: { format: "jxl", size: known, animated: false }, start: 0 });
  }
});

/** A number in so many bits, the lowest first. */
function bits(value: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => (value >> at) & 1);
}

test.each([
  ["iPhone photo", fileTypeBox("heic", "mif1", "heic")],
  ["HEIF of another brand", fileTypeBox("mif1", "mif1", "heic")],
])("%s is a HEIC", (_, bytes) => {
  expect(inspectFile(bytes)).toMatchObject({ head: { format: "heic" } });
});

const strangers: readonly [string, string, Uint8Array][] = [
  ["MP4", "video-file", fileTypeBox("isom", "iso2", "avc1", "mp41")],
  ["QuickTime", "video-file", fileTypeBox("qt  ")],
  ["film of a camera", "video-file", fileTypeBox("XAVC", "mp42")],
  ["film of an old telephone", "video-file", fileTypeBox("3gp4", "3gp4", "isom")],
  ["Canon's raw photo", "raw-image", fileTypeBox("crx ", "crx ", "isom")],
  ["Canon's older raw photo", "raw-image", ascii("II*\0\x10\0\0\0CR\x02\0")],
  ["Canon's oldest raw photo", "raw-image", ascii("II\x1a\0\0\0HEAPCCDR")],
  ["Fujifilm's raw photo", "raw-image", ascii("FUJIFILMCCD-RAW 0201")],
  ["Olympus' raw photo", "raw-image", ascii("IIRO\x08\0\0\0")],
  ["Panasonic's raw photo", "raw-image", ascii("IIU\0\x18\0\0\0")],
  ["Sony's raw photo", "raw-image", tiffOf([0x103, 32_767])],
  ["DNG", "raw-image", tiffOf([0xfe, 0], [0x103, 7], [0xc612, 0x0104_0000])],
  ["JPEG 2000", "jpeg-2000-image", Uint8Array.of(0, 0, 0, 12, ...ascii("jP  \r\n"), 0x87, 0x0a)],
  ["JPEG 2000 without boxes", "jpeg-2000-image", Uint8Array.of(0xff, 0x4f, 0xff, 0x51, 0, 47)],
  ["JPEG XR", "jpeg-xr-image", Uint8Array.of(0x49, 0x49, 0xbc, 1, 32, 0, 0, 0)],
  ["PNG from inside an iPhone app", "apple-png", Uint8Array.of(0x89, ...ascii("PNG\r\n\x1a\n\0\0\0\x04CgBI"), 0x50)],
  ["Photoshop file", "photoshop-file", ascii("8BPS\0\x01")],
  ["EPS", "postscript-file", ascii("%!PS-Adobe-3.0 EPSF-3.0")],
  ["EPS with a preview", "postscript-file", Uint8Array.of(0xc5, 0xd0, 0xd3, 0xc6, 32, 0, 0, 0)],
  ["icon of a web page", "icon-file", Uint8Array.of(0, 0, 1, 0, 1, 0, 16, 16)],
  ["icon of a Mac", "icon-file", ascii("icns\0\0\x10\0")],
  ["MPEG film", "video-file", Uint8Array.of(0, 0, 1, 0xba, 0x44)],
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
