import { crc32, deflateSync, inflateSync } from "node:zlib";
import sharp, { type Sharp } from "sharp";

/** A file that writers, transfers and cameras really make, and the good one that it should be shown as. */
export interface OddFile {
  readonly name: string;
  readonly odd: Buffer;
  readonly good: Buffer;
}

const [width, height] = [640, 420];

/** Colours that change everywhere, so that no part of the picture looks like another. */
export function colourful(inverted = false): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const wave = Math.round(128 + 60 * Math.sin(x / 17) * Math.cos(y / 13));
    pixels.set([Math.floor((x * 255) / width), Math.floor((y * 255) / height), wave], at * 3);
  }
  const photo = sharp(pixels, { raw: { width, height, channels: 3 } });
  return inverted ? photo.negate() : photo;
}

type Bytes = Buffer | string | readonly number[];

export function join(...parts: readonly Bytes[]): Buffer {
  return Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part))),
  );
}

/** The same bytes with some of them written over. */
function changed(bytes: Buffer, change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes);
  change(copy);
  return copy;
}

const end = [0xff, 0xd9];

/** Of a JPEG without restarts, however it is coded. */
function oddJpegs(good: Buffer): Record<string, Buffer> {
  const open = good.subarray(0, -2);
  const behindStart = (...parts: readonly Bytes[]): Buffer => join(good.subarray(0, 2), ...parts, good.subarray(2));
  const data = [1, 2, 3, 4, 5, 6, 7, 8];
  return {
    "without its end": open,
    "with half of its end": good.subarray(0, -1),
    "without its end, filled up with zeros": join(open, Buffer.alloc(700)),
    "without its end, and another picture behind": join(open, good),
    "with a stray marker before its end": join(open, [0xff, 0x02], end),
    "with a stray marker in place of its end": join(open, [0xff, 0xbf]),
    "with a restart that does not belong there": join(open, [0xff, 0xd3], end),
    "with fill bytes before its end": join(open, [0xff, 0xff, 0xff], end),
    "with a few bytes before its end": join(open, [1, 2, 3], end),
    "with bytes behind its end": join(good, "padding"),
    "with a second beginning": join([0xff, 0xd8], good),
    "with fill bytes between its segments": behindStart([0xff, 0xff]),
    "with bytes between its segments": behindStart([0xff, 0xe5, 0, 4, 1, 2, 9, 9, 9]),
    "with application data longer than they say": behindStart([0xff, 0xe5, 0, 6, ...data]),
    "with application data shorter than they say": behindStart([0xff, 0xe5, 0, 40, ...data]),
    "with a comment shorter than it says, and without its end": behindStart([0xff, 0xfe, 0, 200, ...data]).subarray(
      0,
      -2,
    ),
  };
}

/** Of one with a restart after each row of blocks. */
function oddRestarts(good: Buffer): Record<string, Buffer> {
  const renumber = (code: (index: number) => number): Buffer =>
    changed(good, (copy) => {
      let index = 0;
      for (let at = copy.indexOf(0xff, scanOf(copy)); at !== -1; at = copy.indexOf(0xff, at + 1)) {
        if ((copy[at + 1] as number) >> 3 === 0xd0 >> 3) copy[at + 1] = 0xd0 + code(index++);
      }
    });
  return {
    "with restarts that all have the same number": renumber(() => 0),
    "with restarts numbered from 1": renumber((index) => (index + 1) & 7),
    "with restarts, and without its end": good.subarray(0, -2),
  };
}

/** Where the bits of the first scan begin. */
function scanOf(jpeg: Buffer): number {
  const at = jpeg.indexOf(Buffer.from([0xff, 0xda]));
  return at + 2 + jpeg.readUInt16BE(at + 2);
}

/** The same picture with a restart after each row of blocks, of a file that has no restarts. Only for what is all grey. */
async function withRestarts(): Promise<Buffer> {
  const tile = await colourful().resize(width, 16, { fit: "fill" }).jpeg({ chromaSubsampling: "4:4:4" }).toBuffer();
  const bits = tile.subarray(scanOf(tile), -2);
  const head = changed(tile.subarray(0, scanOf(tile)), (copy) => {
    copy.writeUInt16BE(16 * 24, copy.indexOf(Buffer.from([0xff, 0xc0])) + 5);
  });
  const scan = head.indexOf(Buffer.from([0xff, 0xda]));
  const interval = join([0xff, 0xdd, 0, 4], [0, (width / 8) * 2]);
  const rows = Array.from({ length: 24 }, (_, row) => (row === 23 ? bits : join(bits, [0xff, 0xd0 + (row & 7)])));
  return join(head.subarray(0, scan), interval, head.subarray(scan), ...rows, end);
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

function chunksOf(png: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const data = png.subarray(at + 8, at + 8 + png.readUInt32BE(at));
    chunks.push({ type: png.toString("latin1", at + 4, at + 8), data });
  }
  return chunks;
}

function chunk(type: string, data: Bytes, wrong = false): Buffer {
  const body = join(type, data);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(body.length - 4);
  frame.writeUInt32BE((crc32(body) ^ (wrong ? 0x55 : 0)) >>> 0, 4);
  return join(frame.subarray(0, 4), body, frame.subarray(4));
}

function oddPngs(good: Buffer): Record<string, Buffer> {
  const chunks = chunksOf(good);
  const header = chunks[0]?.data ?? Buffer.alloc(0);
  const stream = Buffer.concat(chunks.flatMap(({ type, data }) => (type === "IDAT" ? data : [])));
  const [first, pixels, last] = [chunk("IHDR", header), chunk("IDAT", stream), chunk("IEND", "")];
  const file = (...parts: readonly Bytes[]): Buffer => join(good.subarray(0, 8), ...parts);
  const text = chunk("tEXt", "Comment\0hello");
  const wrongText = chunk("tEXt", "Comment\0hello", true);
  const gamma = [0, 0, 0xb1, 0x8f];
  const sumless = stream.subarray(0, -4);
  const half = stream.length >> 1;
  return {
    "with a wrong sum in a text": file(first, wrongText, pixels, last),
    "with a wrong sum in a text behind its pixels": file(first, pixels, wrongText, last),
    "with a wrong sum in its gamma": file(first, chunk("gAMA", gamma, true), pixels, last),
    "with a wrong sum in its header": file(chunk("IHDR", header, true), pixels, last),
    "with a wrong sum in its pixels": file(first, chunk("IDAT", stream, true), last),
    "with a wrong sum at its end": file(first, pixels, chunk("IEND", "", true)),
    "without its end": file(first, pixels),
    "with half of its end": file(first, pixels, last.subarray(0, 7)),
    "without its end, and other bytes instead": file(first, pixels, "0123456789"),
    "with bytes behind its end": file(first, pixels, last, "hello"),
    "with its gamma behind its pixels": file(first, pixels, chunk("gAMA", gamma), last),
    "with a text before its header": file(text, first, pixels, last),
    "with a text among its pixels": file(
      first,
      chunk("IDAT", stream.subarray(0, half)),
      text,
      chunk("IDAT", stream.subarray(half)),
      last,
    ),
    "with its header twice": file(first, first, pixels, last),
    "with empty pixel chunks": file(first, chunk("IDAT", ""), pixels, chunk("IDAT", ""), last),
    "with a private chunk that calls itself necessary": file(first, chunk("ABCD", "x"), pixels, last),
    "with a wrong Adler sum, and without its end": file(first, chunk("IDAT", join(sumless, [1, 2, 3, 4]))),
    "with bytes behind its stream": file(first, chunk("IDAT", join(stream, Buffer.alloc(300, 7))), last),
    "with more rows than it says": file(
      first,
      chunk("IDAT", deflateSync(join(inflateSync(stream), Buffer.alloc(width * 30)))),
      last,
    ),
  };
}

/** What only some engines show, without a fault that is seen before the pixels are. */
function hiddenOddPngs(good: Buffer): Record<string, Buffer> {
  const chunks = chunksOf(good);
  const stream = Buffer.concat(chunks.flatMap(({ type, data }) => (type === "IDAT" ? data : [])));
  const withStream = (bytes: Buffer): Buffer =>
    join(good.subarray(0, 8), chunk("IHDR", chunks[0]?.data ?? []), chunk("IDAT", bytes), chunk("IEND", ""));
  return {
    "with a wrong Adler sum": withStream(join(stream.subarray(0, -4), [1, 2, 3, 4])),
    "without an Adler sum": withStream(stream.subarray(0, -4)),
    "with a smaller window than it uses": withStream(join([0x08, 0x1d], stream.subarray(2))),
    "with a wrong zlib header": withStream(join([0x78, 0x00], stream.subarray(2))),
  };
}

function oddWebps(good: Buffer): Record<string, Buffer> {
  const sized = (bytes: Buffer, size: number): Buffer => changed(bytes, (copy) => copy.writeUInt32LE(size, 4));
  const size = good.length - 8;
  return {
    "that says it is longer": sized(good, size + 100),
    "that says it is a byte longer": sized(good, size + 1),
    "that says it is shorter": sized(good, size - 8),
    "that says it has no length": sized(good, 0),
    "that says it has any length": sized(good, 0xffff_fffe),
    "with bytes behind its end": join(good, "hello"),
    "with bytes that it counts behind its end": sized(join(good, "hello!"), size + 6),
  };
}

function oddAvifs(good: Buffer): Record<string, Buffer> {
  const data = good.indexOf("mdat") - 4;
  const size = good.readUInt32BE(data);
  const sized = (value: number): Buffer => changed(good, (copy) => copy.writeUInt32BE(value, data));
  return {
    "with three bytes behind its boxes": join(good, [1, 2, 3]),
    "with zeros behind its boxes": join(good, Buffer.alloc(64)),
    "with a text behind its boxes": join(good, "hello hello hello"),
    "with an empty box at its end": join(good, [0, 0, 0, 8], "free"),
    "with a box at its end that is too long": join(good, [0, 0, 1, 0], "free"),
    "with a box at its end that is too short": join(good, [0, 0, 0, 4], "free"),
    "whose data go to its end": sized(0),
    "whose data are longer by their own words": sized(size + 50),
    "whose data are shorter by their own words": sized(size - 50),
  };
}

/** As Windows has written it since 3.0: 24 bits, the rows from below. */
export async function bitmap(): Promise<Buffer> {
  const { data, info } = await colourful()
    .resize(641, 419, { fit: "fill" })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const rowBytes = Math.ceil((info.width * 3) / 4) * 4;
  const bytes = Buffer.alloc(54 + rowBytes * info.height);
  bytes.write("BM");
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(info.width, 18);
  bytes.writeInt32LE(info.height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  for (let y = 0; y < info.height; y++) {
    for (let x = 0; x < info.width; x++) {
      const [red = 0, green = 0, blue = 0] = data.subarray((y * info.width + x) * 3);
      bytes.set([blue, green, red], 54 + (info.height - 1 - y) * rowBytes + x * 3);
    }
  }
  return bytes;
}

function oddBmps(good: Buffer): Record<string, Buffer> {
  return {
    "that says it has no size": changed(good, (copy) => copy.writeUInt32LE(0, 2)),
    "that says it is longer": changed(good, (copy) => copy.writeUInt32LE(good.length + 99, 2)),
    "that says it is shorter": changed(good, (copy) => copy.writeUInt32LE(99, 2)),
    "that does not say where its pixels are": changed(good, (copy) => copy.writeUInt32LE(0, 10)),
    "that says its pixels are few": changed(good, (copy) => copy.writeUInt32LE(7, 34)),
    "with something in what is reserved": changed(good, (copy) => copy.writeUInt32LE(0x1234_5678, 6)),
    "with bytes behind its end": join(good, "xx"),
    "without the byte that fills up its last row": good.subarray(0, -1),
  };
}

/** All of them, and of each format the good ones. Of `hidden` ones the pixels tell. */
export async function makeOddFiles(): Promise<{ odd: OddFile[]; hidden: OddFile[]; good: Buffer[] }> {
  const png = await colourful().png().toBuffer();
  const gif = await colourful().gif().toBuffer();
  const exif = { IFD0: { Make: "maker" } };
  const sources = [
    ["a JPEG", await colourful().jpeg().toBuffer(), oddJpegs],
    ["a progressive JPEG", await colourful().jpeg({ progressive: true }).toBuffer(), oddJpegs],
    ["a grey JPEG", await colourful().greyscale().toColourspace("b-w").jpeg().toBuffer(), oddJpegs],
    ["a JPEG", await withRestarts(), oddRestarts],
    ["a PNG", png, oddPngs],
    ["an interlaced PNG", await colourful().png({ progressive: true }).toBuffer(), oddPngs],
    ["a lossy WebP", await colourful().webp().toBuffer(), oddWebps],
    ["a lossless WebP", await colourful().webp({ lossless: true }).toBuffer(), oddWebps],
    ["a WebP with data", await colourful().withExif(exif).webp().toBuffer(), oddWebps],
    ["an AVIF", await colourful().avif({ effort: 0 }).toBuffer(), oddAvifs],
    ["a bitmap", await bitmap(), oddBmps],
    [
      "a GIF",
      gif,
      () => ({ "without its end": gif.subarray(0, -1), "without the end of its picture": gif.subarray(0, -2) }),
    ],
  ] as const;
  const listed = (what: string, good: Buffer, files: Record<string, Buffer>): OddFile[] =>
    Object.entries(files).map(([how, odd]) => ({ name: `${what} ${how}`, odd, good }));
  return {
    odd: sources.flatMap(([what, good, make]) => listed(what, good, make(good))),
    hidden: listed("a PNG", png, hiddenOddPngs(png)),
    good: sources.map(([, good]) => good),
  };
}
