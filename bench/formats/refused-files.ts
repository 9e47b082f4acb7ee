// What no browser shows, or no photo is: each has its name.
import { deflateRawSync } from "node:zlib";
import sharp from "sharp";
import { box } from "#image/testing/make-heic.ts";
import { makeTiff } from "#image/testing/make-tiff.ts";
import type { PhotoProblemCode } from "#image/protocol.ts";
import { type Bytes, chunk, join, number, withChunks } from "./bytes.ts";
import { decode, source } from "./pictures.ts";
import type { TableFile } from "./table.ts";

const rest = Buffer.alloc(4000, 0x5a);

function fileType(...brands: readonly string[]): Uint8Array {
  return join(
    box("ftyp", ...[brands[0] ?? "", "\0\0\0\0", ...brands.slice(1)].map((text) => join(text))),
    box("mdat", rest),
  );
}

/** The same JPEG whose frame says that it is coded in another way. */
function recoded(jpeg: Buffer, marker: number, bits = 8): Buffer {
  const copy = Buffer.from(jpeg);
  const frame = copy.indexOf(Buffer.of(0xff, 0xc0));
  copy[frame + 1] = marker;
  copy[frame + 4] = bits;
  return copy;
}

/** A whole arithmetic JPEG: its scan is empty, which a decoder of it reads as zeros without end. They become stripes. */
const arithmetic = join(
  [0xff, 0xd8, 0xff, 0xdb, 0, 67, 0],
  Buffer.alloc(64, 16),
  [0xff, 0xc9, 0, 11, 8, ...number(480, 2), ...number(720, 2), 1, 1, 0x11, 0],
  [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0, 0, 0xff, 0xd9],
);

function tiff(change: Readonly<Record<number, readonly number[]>>): Uint8Array {
  const bits = change[258] ?? [8, 8, 8];
  const tags = { 256: [400], 257: [300], 258: bits, 259: [1], 262: [2], 277: [bits.length], 278: [300], ...change };
  return makeTiff(tags, [Buffer.alloc(((bits[0] ?? 8) / 8) * bits.length * 400 * 300, 77)]);
}

function zip(name: string, text: string): Buffer {
  const data = deflateRawSync(Buffer.from(text));
  return join(
    "PK\x03\x04",
    [20, 0, 0, 0, 8, 0],
    Buffer.alloc(8),
    number(data.length, 4).toReversed(),
    number(text.length, 4).toReversed(),
    [name.length, 0, 0, 0],
    name,
    data,
  );
}

export async function makeRefusedFiles(): Promise<TableFile[]> {
  const jpeg = await source().jpeg({ quality: 90 }).toBuffer();
  const png = await source().png().toBuffer();
  const small = await sharp({ create: { width: 120, height: 90, channels: 3, background: "#369" } })
    .png()
    .toBuffer();
  const kinds: readonly (readonly [name: string, bytes: Bytes, ...codes: PhotoProblemCode[]])[] = [
    ["lossless JPEG", recoded(jpeg, 0xc3), "lossless-jpeg"],
    ["JPEG of 12 bits", recoded(jpeg, 0xc1, 12), "lossless-jpeg"],
    ["JPEG-LS", recoded(jpeg, 0xf7), "lossless-jpeg"],
    ["JPEG XL", join([0xff, 0x0a, 0xfa, 0x3f], rest), "jpeg-xl-image"],
    ["JPEG XL in boxes", join([0, 0, 0, 12], "JXL \r\n\x87\n", fileType("jxl ", "jxl ")), "jpeg-xl-image"],
    ["JPEG 2000", join("\0\0\0\fjP  \r\n\x87\n", rest), "jpeg-2000-image"],
    ["JPEG XR", join("II\xbc\x01", rest), "jpeg-xr-image"],
    ["Photoshop's", join("8BPS\0\x01", rest), "photoshop-file"],
    ["PostScript", join("%!PS-Adobe-3.0 EPSF-3.0\n", rest), "postscript-file"],
    ["Apple's own PNG", join(png.subarray(0, 8), chunk("CgBI", [0x50, 0, 0x20, 2]), png.subarray(8)), "apple-png"],
    ["icon", join([0, 0, 1, 0, 1, 0, 64, 64, 0, 0], rest), "icon-file"],
    ["raw, DNG", tiff({ 50706: [1, 4, 0, 0], 262: [34892] }), "raw-image"],
    ["raw, a colour filter's array", tiff({ 258: [16], 262: [32803] }), "raw-image"],
    ["raw, Canon's CR3", fileType("crx ", "crx ", "isom"), "raw-image"],
    ["raw, Fujifilm's", join("FUJIFILMCCD-RAW 0201", rest), "raw-image"],
    ["raw, Olympus's", join("IIRO\x08\0\0\0", rest), "raw-image"],
    ["raw, Panasonic's", join("IIU\0\x18\0\0\0", rest), "raw-image"],
    ["TIFF with fax codes", tiff({ 258: [1], 259: [4], 262: [0] }), "unusual-tiff"],
    ["TIFF of CIELAB", tiff({ 262: [8] }), "unusual-tiff"],
    ["TIFF of numbers with a point", tiff({ 258: [32, 32, 32], 339: [3, 3, 3] }), "unusual-tiff"],
    ["SVG", '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"/>', "svg-image"],
    ["PDF", join("%PDF-1.7\n", rest), "pdf-file"],
    ["film, MP4", fileType("isom", "iso2", "mp41"), "video-file"],
    ["film, QuickTime", fileType("qt  ", "qt  "), "video-file"],
    ["film, WebM", join([0x1a, 0x45, 0xdf, 0xa3], rest), "video-file"],
    ["film, AVI", join("RIFF\0\x10\0\0AVI LIST", rest), "video-file"],
    ["a document", zip("word/document.xml", "<w:document/>"), "not-an-image"],
    ["a page", "<!doctype html><html><body><img src=cat.jpg></body></html>", "not-an-image"],
    ["a text", "Dear bank, here is my photo.", "not-an-image"],
    ["music with a cover", join("ID3\x03\0", rest, jpeg), "not-an-image"],
    ["a header of 60,000 x 60,000", withHugeHeader(png), "too-many-pixels"],
    ["a picture of 120 x 90", small, "photo-too-small"],
  ];
  const opens = { picture: await decode(arithmetic), most: 0.15, orNamed: "arithmetic-jpeg" } as const;
  const named = kinds.map(([name, bytes, ...codes]) => ({
    name: `Named, ${name}`,
    bytes: join(bytes),
    refused: codes,
  }));
  return [{ name: "Named, arithmetic JPEG, or opened", bytes: arithmetic, opens }, ...named];
}

function withHugeHeader(png: Buffer): Buffer {
  const huge = number(60_000, 4);
  return withChunks(join(png.subarray(0, 8), chunk("IHDR", join(huge, huge, png.subarray(24, 29)))), png.subarray(33));
}
