// What files are made of: bytes, chunks, boxes, EXIF, ICC profiles.
import { crc32, deflateSync } from "node:zlib";

export type Bytes = Uint8Array | string | readonly number[];

export function join(...parts: readonly Bytes[]): Buffer {
  return Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part))),
  );
}

/** Big-endian. */
export function number(value: number, size: 1 | 2 | 4): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(value, 0, size);
  return bytes;
}

/** EXIF's TIFF that says nothing but this orientation. */
export function exif(orientation: number): Buffer {
  return join(
    "MM\0*",
    number(8, 4),
    number(1, 2),
    number(0x112, 2),
    number(3, 2),
    number(1, 4),
    number(orientation, 2),
    [0, 0, 0, 0, 0, 0],
  );
}

/** A JPEG with these segments right behind its beginning. */
export function withSegments(
  jpeg: Uint8Array,
  ...segments: readonly (readonly [marker: number, data: Bytes])[]
): Buffer {
  const made = segments.map(([marker, data]) => join([0xff, marker], number(join(data).length + 2, 2), data));
  return join(jpeg.subarray(0, 2), ...made, jpeg.subarray(2));
}

/** A profile in as many segments as it needs: ICC.1, annex B.4. */
export function profileSegments(profile: Uint8Array): (readonly [marker: number, data: Bytes])[] {
  const room = 65_000;
  const count = Math.ceil(profile.length / room);
  return Array.from({ length: count }, (_, index) => {
    const part = profile.subarray(index * room, (index + 1) * room);
    return [0xe2, join("ICC_PROFILE\0", [index + 1, count], part)] as const;
  });
}

export function chunk(type: string, data: Bytes): Buffer {
  const body = join(type, data);
  return join(number(body.length - 4, 4), body, number(crc32(body), 4));
}

export interface PngHeader {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly bits: number;
  readonly colourType: 0 | 2 | 3 | 4 | 6;
}

/** A PNG of these rows, packed as the header says, with these chunks before its pixels. */
export function makePng(header: PngHeader, rows: readonly Uint8Array[], ...before: readonly Uint8Array[]): Buffer {
  const { widthPx, heightPx, bits, colourType } = header;
  const filtered = Buffer.concat(rows.flatMap((row) => [Buffer.of(0), row]));
  return join(
    "\x89PNG\r\n\x1a\n",
    chunk("IHDR", join(number(widthPx, 4), number(heightPx, 4), [bits, colourType, 0, 0, 0])),
    ...before,
    chunk("IDAT", deflateSync(filtered)),
    chunk("IEND", ""),
  );
}

/** A PNG with these chunks right behind its header. */
export function withChunks(png: Uint8Array, ...chunks: readonly Uint8Array[]): Buffer {
  return join(png.subarray(0, 33), ...chunks, png.subarray(33));
}

export function profileChunk(profile: Uint8Array): Buffer {
  return chunk("iCCP", join("profile\0\0", deflateSync(profile)));
}

function fixed(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(Math.round(value * 65536));
  return bytes;
}

/** `para` of sRGB's curve, or a plain exponent as `curv`. */
function curve(gamma: number | "srgb"): Buffer {
  if (gamma !== "srgb") return join("curv", number(0, 4), number(1, 4), number(Math.round(gamma * 256), 2), [0, 0]);
  return join("para", number(0, 4), [0, 3, 0, 0], ...[2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045].map(fixed));
}

function makeProfile(space: "RGB " | "GRAY", tags: readonly (readonly [name: string, data: Buffer])[]): Buffer {
  const text = (words: string): Buffer =>
    join("desc", number(0, 4), number(words.length + 1, 4), words, Buffer.alloc(79));
  const padded = (data: Buffer): Buffer => join(data, Buffer.alloc((4 - (data.length % 4)) % 4));
  const all = [
    ["desc", text("bench")],
    ["cprt", join("text", number(0, 4), "none\0")],
    ["wtpt", join("XYZ ", number(0, 4), fixed(0.9642), fixed(1), fixed(0.8249))],
    ...tags,
  ].map(([name, data]) => [name as string, padded(data as Buffer)] as const);
  let at = 132 + all.length * 12;
  const entries = all.map(([name, { length }]) => {
    at += length;
    return join(name, number(at - length, 4), number(length, 4));
  });
  const head = Buffer.alloc(128);
  head.writeUInt32BE(at, 0);
  head.set([2, 0x40], 8);
  head.write(`mntr${space}XYZ `, 12, "latin1");
  head.set([7, 234, 0, 1, 0, 1], 24);
  head.write("acsp", 36, "latin1");
  join(fixed(0.9642), fixed(1), fixed(0.8249)).copy(head, 68);
  return join(head, number(all.length, 4), ...entries, ...all.map(([, data]) => data));
}

function rgbProfile(gamma: number | "srgb", columns: readonly (readonly number[])[]): Buffer {
  const names = ["r", "g", "b"];
  return makeProfile("RGB ", [
    ...columns.map(
      (column, index) => [`${names[index]}XYZ`, join("XYZ ", number(0, 4), ...column.map(fixed))] as const,
    ),
    ...names.map((name) => [`${name}TRC`, curve(gamma)] as const),
  ]);
}

/** Matrices with primaries adapted to D50, and grey as old Macs show it. */
export const profiles = {
  p3: rgbProfile("srgb", [
    [0.51512, 0.2412, -0.00105],
    [0.29198, 0.69225, 0.04189],
    [0.1571, 0.06657, 0.78407],
  ]),
  adobe: rgbProfile(563 / 256, [
    [0.60974, 0.31111, 0.01947],
    [0.20528, 0.62567, 0.06087],
    [0.14919, 0.06322, 0.74457],
  ]),
  grey: makeProfile("GRAY", [["kTRC", curve(1.8)]]),
} as const;
