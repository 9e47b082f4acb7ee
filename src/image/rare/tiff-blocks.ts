import { openJpeg } from "../jpeg/read-jpeg.ts";
import type { ToSrgb } from "./icc.ts";
import type { TiffPage } from "./tiff-page.ts";
import { BrokenBlock, inflate, unpackBits, unpackLzw } from "./unpack.ts";

/** A strip or tile of which nothing is packed any more: rows of samples, each row from a new byte on. */
export interface Block {
  readonly bytes: Uint8Array;
  readonly bits: number;
  /** Samples for each pixel; of a plane 1. */
  readonly channels: number;
  readonly littleEndian: boolean;
}

/** Decodes a JPEG as it is, whatever colours its file is said to have: RGBA rows of the size. */
export type DecodeJpeg = (jpeg: Uint8Array<ArrayBuffer>, widthPx: number, heightPx: number) => Promise<Uint8Array>;

/** TIFF 6.0's photometric interpretation of C, M, Y and K. */
const inks = 5;

/** A JPEG by itself has its inks the wrong way round, one in a TIFF has not. */
const asInTiff: ToSrgb = (samples, count, rgba) => {
  for (let at = 0; at < count * 4; at++) rgba[at] = 255 - (samples[at] as number) / 257;
};

/** Rows of C, M, Y and K. Throws BrokenBlock or DamageError. */
async function decodeInks(jpeg: Uint8Array, widthPx: number, heightPx: number): Promise<Uint8Array> {
  const { size, pixelsAt } = openJpeg(jpeg, asInTiff);
  if (size.widthPx < widthPx || size.heightPx < heightPx) throw new BrokenBlock("a JPEG smaller than its tile");
  const bytes = new Uint8ClampedArray(widthPx * heightPx * 4);
  await pixelsAt(8).read({ x: 0, y: 0, width: widthPx, height: heightPx, bytes }, async () => {});
  return new Uint8Array(bytes.buffer);
}

/** Adobe's marker, which says whether three channels are YCbCr or RGB. */
function adobeMarker(isYcc: boolean): readonly number[] {
  return [0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, isYcc ? 1 : 0];
}

/** A whole JPEG of a strip or tile, whose tables may be kept apart from it. TIFF technical note 2. */
function wholeJpeg(packed: Uint8Array, { jpegTables, photometric, channels }: TiffPage): Uint8Array<ArrayBuffer> {
  if (packed[0] !== 0xff || packed[1] !== 0xd8) throw new BrokenBlock("not a JPEG");
  const marker = channels >= 3 && photometric !== inks ? adobeMarker(photometric === 6) : [];
  // Between the tables' own marks of beginning and end.
  const tables = jpegTables?.subarray(2, -2) ?? [];
  const jpeg = new Uint8Array(2 + marker.length + tables.length + packed.length - 2);
  jpeg.set([0xff, 0xd8, ...marker]);
  jpeg.set(tables, 2 + marker.length);
  jpeg.set(packed.subarray(2), 2 + marker.length + tables.length);
  return jpeg;
}

/** Each sample but the first of a row is the difference to its left neighbour. TIFF 6.0, section 14. */
function undoDifferences({ bytes, bits, channels, littleEndian }: Block, rowBytes: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let row = 0; row < bytes.length; row += rowBytes) {
    const end = row + rowBytes;
    if (bits === 8) {
      for (let at = row + channels; at < end; at++)
        bytes[at] = (bytes[at] as number) + (bytes[at - channels] as number);
    } else {
      for (let at = row + channels * 2; at < end; at += 2) {
        const sum = view.getUint16(at, littleEndian) + view.getUint16(at - channels * 2, littleEndian);
        view.setUint16(at, sum, littleEndian);
      }
    }
  }
}

async function unpack(packed: Uint8Array, { compression }: TiffPage, length: number): Promise<Uint8Array> {
  switch (compression) {
    case 1:
      if (packed.length < length) throw new BrokenBlock("a strip ends too early");
      return packed.subarray(0, length);
    case 5:
      return unpackLzw(packed, length);
    case 32773:
      return unpackBits(packed, length);
    default:
      return inflate(packed, length);
  }
}

/** One strip or tile of one plane, `rows` high. Throws BrokenBlock. */
export async function readBlock(
  bytes: Uint8Array,
  page: TiffPage,
  index: number,
  rows: number,
  decodeJpeg: DecodeJpeg,
): Promise<Block> {
  const offset = page.offsets[index] ?? 0;
  const packed = bytes.subarray(offset, offset + (page.byteCounts[index] ?? 0));
  const { bits, littleEndian, tileWidth } = page;
  if (page.compression === 7) {
    const jpeg = wholeJpeg(packed, page);
    const decodeAny = page.photometric === inks ? decodeInks : decodeJpeg;
    return { bytes: await decodeAny(jpeg, tileWidth, rows), bits: 8, channels: 4, littleEndian };
  }
  const channels = page.isPlanar ? 1 : page.channels;
  const rowBytes = Math.ceil((tileWidth * bits * channels) / 8);
  const unpacked = await unpack(packed, page, rowBytes * rows);
  const block = { bytes: unpacked, bits, channels, littleEndian };
  // What is not packed has no differences, and is the file's own memory.
  if (page.predictor === 2 && [5, 8, 32946].includes(page.compression)) undoDifferences(block, rowBytes);
  return block;
}
