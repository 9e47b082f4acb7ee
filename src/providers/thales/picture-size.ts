import type { PreviewRequest } from "../provider.ts";

interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Signature, then IHDR, which comes first in every PNG (PNG, third edition, 5.6 and 11.2.1). */
function readPngSize(bytes: DataView): Size | undefined {
  if (bytes.byteLength < 24 || bytes.getBigUint64(0) !== 0x89504e470d0a1a0an || bytes.getUint32(12) !== 0x49484452)
    return undefined;
  return { widthPx: bytes.getUint32(16), heightPx: bytes.getUint32(20) };
}

/** SOF0 to SOF15 without DHT, JPG and DAC, which share their range (ITU-T T.81, table B.1). */
const isStartOfFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Walks the segments up to the start of frame (ITU-T T.81, B.1.1 and B.2.2). */
function readJpegSize(bytes: DataView): Size | undefined {
  if (bytes.byteLength < 4 || bytes.getUint16(0) !== 0xffd8) return undefined;
  let at = 2;
  while (at + 9 <= bytes.byteLength && bytes.getUint8(at) === 0xff) {
    const marker = bytes.getUint8(at + 1);
    if (isStartOfFrame(marker)) return { widthPx: bytes.getUint16(at + 7), heightPx: bytes.getUint16(at + 5) };
    // 0xff may stand before a marker as filling.
    at += marker === 0xff ? 1 : 2 + bytes.getUint16(at + 2);
  }
  return undefined;
}

const sizeReaders = { png: readPngSize, jpeg: readJpegSize } as const;

/** The size in the header of a file of this format, or undefined when it is none. The Content-Type header is not asked. */
export function readSize(bytes: Uint8Array, format: PreviewRequest["format"]): Size | undefined {
  const size = sizeReaders[format](new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return size === undefined || size.widthPx === 0 || size.heightPx === 0 ? undefined : size;
}

/** A scaler that keeps the aspect ratio rounds each side to a whole pixel, and may start from either. */
const roundingPx = 1;
/** Some round twice, to even numbers or to whole blocks. A picture of nearly the asked size is as good: it is scaled to its place. */
const nearPx = 2;
const nearShare = 0.01;
/** Every card is ISO/IEC 7810 ID-1, whatever its print: 85.60 x 53.98 mm. */
const cardRatio = 85.6 / 53.98;
/** The platform may show the bleed, of which no two prints have the same: those of our products change the ratio by 3 %. */
const ratioSlack = 1.1;

/** Whether a card may have these sides, upright or turned, each of them rounded: the smaller the picture, the more that is. */
function isCardShaped({ widthPx, heightPx }: Size): boolean {
  const [long, short] = [Math.max(widthPx, heightPx), Math.min(widthPx, heightPx)];
  const most = (long + roundingPx) / Math.max(short - roundingPx, 1);
  const least = (long - roundingPx) / (short + roundingPx);
  return least <= cardRatio * ratioSlack && most >= cardRatio / ratioSlack;
}

const isNear = (px: number, asked: number | undefined): boolean =>
  asked !== undefined && Math.abs(px - asked) <= Math.max(nearPx, asked * nearShare);

/**
 * Whether it is a card's picture and one side is as long as was asked for, but for 2 pixels or 1 %: the platform keeps the ratio,
 * so that the other side follows.
 */
export function isAskedSize(size: Size, request: PreviewRequest): boolean {
  const noneAsked = request.widthPx === undefined && request.heightPx === undefined;
  const isNearOne = isNear(size.widthPx, request.widthPx) || isNear(size.heightPx, request.heightPx);
  return isCardShaped(size) && (noneAsked || isNearOne);
}

const mediaTypes = { png: /^image\/(?:x-)?png$/, jpeg: /^image\/p?jpe?g$/ } as const;

/** Whether a Content-Type may stand beside bytes of this format. None at all, and one that says nothing, may. */
export function isMediaTypeOf(contentType: string | null, format: PreviewRequest["format"]): boolean {
  const type = (contentType ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  return type === "" || type.endsWith("/octet-stream") || mediaTypes[format].test(type);
}
