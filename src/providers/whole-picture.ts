import { crc32 } from "node:zlib";
import sharp from "sharp";

export type PictureFormat = "png" | "jpeg";

/** Of the largest card at 1200 dpi there are twelve million. */
const maxPixels = 16_000_000;
const decodingSeconds = 10;

const signatureBytes = 8;
const lengthTypeAndSum = 12;

/** Where a PNG ends by its own chunks (PNG, third edition, 5.3), each with its check sum, or why it does not. */
function findEndOfPng(bytes: Buffer): number | string {
  let at = signatureBytes;
  while (at + lengthTypeAndSum <= bytes.length) {
    const end = at + lengthTypeAndSum + bytes.readUInt32BE(at);
    if (end > bytes.length) break;
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) return "a check sum in it is wrong";
    const type = bytes.toString("latin1", at + 4, at + 8);
    if (type === "acTL") return "it is animated";
    if (type === "IEND") return end;
    at = end;
  }
  return "it ends too early";
}

const isRestart = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7;

/** The next marker behind a scan's data, in which 0xff stands before zero, a restart or filling (ITU-T T.81, B.1.1.5). */
function skipScan(bytes: Buffer, from: number): number {
  for (let at = from; at + 1 < bytes.length; at += 1) {
    if (bytes[at] !== 0xff) continue;
    const marker = bytes[at + 1] ?? 0;
    if (marker !== 0 && marker !== 0xff && !isRestart(marker)) return at;
  }
  return bytes.length;
}

/** Where a JPEG ends by its own segments (ITU-T T.81, B.1.1 and B.2.1), or why it does not. */
function findEndOfJpeg(bytes: Buffer): number | string {
  let at = 2;
  while (at + 2 <= bytes.length) {
    if (bytes[at] !== 0xff) return "its segments do not follow each other";
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xd9) return at + 2;
    if (marker === 0xff) at += 1;
    else if (at + 4 > bytes.length) break;
    else {
      const next = at + 2 + bytes.readUInt16BE(at + 2);
      at = marker === 0xda ? skipScan(bytes, next) : next;
    }
  }
  return "it ends too early";
}

/** A server that narrows what may be decoded means pictures that are uploaded; these two come from the platform. */
const loaders = ["VipsForeignLoadPng", "VipsForeignLoadJpeg"];

async function findDecodingFault(bytes: Buffer): Promise<string | undefined> {
  sharp.unblock({ operation: loaders });
  try {
    await sharp(bytes, { limitInputPixels: maxPixels, failOn: "warning", sequentialRead: true })
      .timeout({ seconds: decodingSeconds })
      .raw()
      .toBuffer();
    return undefined;
  } catch {
    return "its pixels cannot be decoded";
  }
}

/**
 * Why these bytes, whose header says that they are a picture of this format and size, are not one whole picture and nothing
 * else; undefined when they are. Every check sum is computed and every pixel decoded, outside the event loop.
 */
export async function findPictureFault(
  given: Uint8Array,
  format: PictureFormat,
  size: { readonly widthPx: number; readonly heightPx: number },
): Promise<string | undefined> {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  if (size.widthPx * size.heightPx > maxPixels) return `it has more than ${maxPixels} pixels`;
  const end = format === "png" ? findEndOfPng(bytes) : findEndOfJpeg(bytes);
  if (typeof end === "string") return end;
  if (end !== bytes.length) return `${bytes.length - end} bytes follow its end`;
  return findDecodingFault(bytes);
}
