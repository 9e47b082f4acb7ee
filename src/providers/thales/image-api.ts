import type { PreviewRequest } from "../provider.ts";

/** Values as the vendor's page "Digital Previews" spells them. */
const designTypes = {
  print: "Print",
  review: "Review",
  "design-with-template": "DesignwithTemplate",
  design: "Design",
  original: "Original",
} as const satisfies Record<PreviewRequest["designType"], string>;
const templateTypes = { print: "Print", design: "Design", "virtual-card": "VCDesign" } as const;
const corners = { round: "Round", square: "Square" } as const;
const formats = { png: "PNG", jpeg: "JPEG" } as const;

/** The vendor's page writes `Rotote180`; an installation may have corrected it. */
export type Rotate180 = "Rotote180" | "Rotate180";

/** Query of GetImage without the delivery key. Design type, corner and format are always named, whatever the platform's defaults. */
export function previewQuery(cardImageId: string, request: PreviewRequest, rotate180: Rotate180): URLSearchParams {
  const { template, overlay, rotateDeg, widthPx, heightPx } = request;
  const query = new URLSearchParams({ CardImageId: cardImageId, DesignType: designTypes[request.designType] });
  if (template !== undefined) query.set("TemplateType", templateTypes[template]);
  if (overlay !== undefined) query.set("Overlay", overlay ? "True" : "False");
  if (rotateDeg !== undefined) query.set("DesignRotate", rotateDeg === 180 ? rotate180 : `Rotate${rotateDeg}`);
  query.set("Corner", corners[request.corner]);
  if (widthPx !== undefined) query.set("Width", String(widthPx));
  if (heightPx !== undefined) query.set("Height", String(heightPx));
  query.set("ImageFormat", formats[request.format]);
  return query;
}

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

/** Whether it is a card's picture and, but for rounding, one side is as long as was asked for: the platform keeps the ratio. */
export function isAskedSize(size: Size, request: PreviewRequest): boolean {
  const isNear = (px: number, asked: number | undefined) => asked !== undefined && Math.abs(px - asked) <= roundingPx;
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
