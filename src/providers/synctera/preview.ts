import sharp from "sharp";
import type { PictureName, PreviewOutcome, PreviewRequest } from "../provider.ts";
import { findPictureFault } from "../whole-picture.ts";
import { call } from "./call.ts";
import type { SyncteraOptions } from "./settings.ts";

const maxPictureBytes = 12 * 1024 * 1024;
/** ISO/IEC 7810:2019, 5.1: a corner's radius of 3.18 mm on a card that is 85.60 mm long. */
const cornerOfLongSide = 3.18 / 85.6;

/** How much of each pixel of a card is inside its round corners, 0 to 255. */
function makeCornerMask(width: number, height: number): Buffer {
  const radius = cornerOfLongSide * Math.max(width, height);
  const outside = (at: number, size: number) => Math.max(radius - at - 0.5, at + 0.5 - (size - radius), 0);
  const mask = Buffer.alloc(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const inside = radius - Math.hypot(outside(x, width), outside(y, height)) + 0.5;
      mask[y * width + x] = Math.round(Math.min(Math.max(inside, 0), 1) * 255);
    }
  }
  return mask;
}

/** Synctera hands out the picture as it came: size, corners, turn and format are made here. Card art it has none. */
async function draw(jpeg: Uint8Array, request: PreviewRequest): Promise<Buffer> {
  const { widthPx, heightPx, rotateDeg = 0, corner, format } = request;
  const { data, info } = await sharp(jpeg)
    .resize({ ...(widthPx && { width: widthPx }), ...(heightPx && { height: heightPx }), fit: "inside" })
    .removeAlpha()
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  let card = sharp(data, { raw: { width, height, channels } });
  if (corner === "round")
    card = card.joinChannel(makeCornerMask(width, height), { raw: { width, height, channels: 1 } });
  // Turned after the corners have been joined, which sharp would do in the other order.
  const whole = await card.png({ compressionLevel: 1 }).toBuffer();
  const turned = sharp(whole).rotate(rotateDeg);
  return format === "png"
    ? turned.png().toBuffer()
    : turned.flatten({ background: "#ffffff" }).jpeg({ quality: 92 }).toBuffer();
}

async function readSize(jpeg: Uint8Array): Promise<{ widthPx: number; heightPx: number } | undefined> {
  try {
    const { width, height, format } = await sharp(jpeg).metadata();
    return format === "jpeg" ? { widthPx: width, heightPx: height } : undefined;
  } catch {
    return undefined;
  }
}

/** The picture as the platform has it, by its id. */
export async function getPreview(
  options: SyncteraOptions,
  picture: PictureName,
  request: PreviewRequest,
  signal: AbortSignal,
): Promise<PreviewOutcome> {
  if (!("cardImageId" in picture)) return { kind: "unavailable", detail: "Synctera knows no reference of ours" };
  const path = `/cards/images/${encodeURIComponent(picture.cardImageId)}/data`;
  const answer = await call(options, { method: "GET", path, maxBytes: maxPictureBytes }, signal);
  if (answer.kind === "error" && answer.status === 404) return { kind: "not-ready" };
  if (answer.kind !== "ok") return { kind: "unavailable", detail: answer.detail };
  sharp.unblock({ operation: ["VipsForeignLoadJpeg", "VipsForeignLoadPng"] });
  const size = await readSize(answer.bytes);
  if (size === undefined) return { kind: "unavailable", detail: "a card image's data was answered with no JPEG" };
  const fault = await findPictureFault(answer.bytes, "jpeg", size);
  if (fault !== undefined)
    return { kind: "unavailable", detail: `a card image's data was answered with a JPEG that is not whole: ${fault}` };
  return { kind: "image", bytes: await draw(answer.bytes, request), mediaType: `image/${request.format}` };
}
