import { closeSync, ftruncateSync, mkdirSync, openSync, writeSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import { photographPath } from "./photos.ts";

/** A file as the browse dialog hands it over. */
export interface PickedFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** A file whose name and type say that it is a photo, whatever is in it. */
export function asPhoto(buffer: Buffer | string, name = "photo.jpg"): PickedFile {
  return { name, mimeType: "image/jpeg", buffer: Buffer.from(buffer) };
}

function pngChunk(tag: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(tag, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** A small PNG whose header promises `sidePx` by `sidePx` pixels. */
export function hugePng(sidePx: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(sidePx, 0);
  header.writeUInt32BE(sidePx, 4);
  header.set([8, 2], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const rows = deflateSync(Buffer.alloc(64));
  return Buffer.concat([
    signature,
    pngChunk("IHDR", header),
    pngChunk("IDAT", rows),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A real photograph whose frame header promises `sidePx` by `sidePx` pixels. */
export async function hugeJpeg(sidePx: number): Promise<Buffer> {
  const bytes = await sharp({ create: { width: 64, height: 64, channels: 3, background: "teal" } })
    .jpeg()
    .toBuffer();
  const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
  if (frame === -1) throw new Error("the JPEG has no baseline frame");
  bytes.writeUInt16BE(sidePx, frame + 5);
  bytes.writeUInt16BE(sidePx, frame + 7);
  return bytes;
}

export async function truncatedJpeg(): Promise<Buffer> {
  const bytes = await readFile(photographPath("march-pastoral"));
  return bytes.subarray(0, Math.floor(bytes.length * 0.6));
}

/** A file of `bytes` bytes that takes no room on the disk, in `folder`. */
export function sparseFile(folder: string, bytes: number): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "enormous.jpg");
  const file = openSync(path, "w");
  writeSync(file, Buffer.from([0xff, 0xd8, 0xff, 0xe0]));
  ftruncateSync(file, bytes);
  closeSync(file);
  return path;
}

/** Two pictures, the first red and the second blue. */
export async function animatedGif(width: number, height: number): Promise<Buffer> {
  const frames = [0xc0_20_20, 0x20_20_c0].map((colour) => {
    const rgb = Buffer.from([colour >> 16, (colour >> 8) & 255, colour & 255]);
    return Buffer.alloc(width * height * 3, rgb);
  });
  return sharp(Buffer.concat(frames), { raw: { width, height: height * 2, channels: 3, pageHeight: height } })
    .gif({ delay: [200, 200] })
    .toBuffer();
}

/** An ISO base media file that says what it is and holds nothing: ISO/IEC 14496-12, 4.3. */
export function mediaFile(brand: string, ...others: string[]): Buffer {
  const brands = Buffer.from([brand, "\0\0\0\0", brand, ...others].join(""), "latin1");
  const size = Buffer.alloc(4);
  size.writeUInt32BE(brands.length + 8);
  return Buffer.concat([size, Buffer.from("ftyp"), brands, Buffer.alloc(64)]);
}
