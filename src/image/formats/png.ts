import { crc32 } from "../crc32.ts";
import { type PhotoHead, tagAt, viewOf } from "./photo-head.ts";

/** Walks a PNG's chunks, checking each sum, up to IEND. An `acTL` chunk makes it an animation. */
export function readPngHead(bytes: Uint8Array): PhotoHead {
  const view = viewOf(bytes);
  const head = { format: "png", size: undefined, complete: false, animated: false } as const;
  if (bytes.length < 33 || tagAt(bytes, 12) !== "IHDR") return head;
  const size = { widthPx: view.getUint32(16), heightPx: view.getUint32(20) };
  let animated = false;
  let hasPixels = false;
  for (let offset = 8; offset + 12 <= bytes.length; ) {
    const tag = tagAt(bytes, offset + 4);
    const end = offset + 12 + view.getUint32(offset);
    if (end > bytes.length || crc32(bytes.subarray(offset + 4, end - 4)) !== view.getUint32(end - 4)) break;
    if (tag === "acTL") animated = true;
    if (tag === "IDAT") hasPixels = true;
    if (tag === "IEND") return { format: "png", size, complete: hasPixels, animated };
    offset = end;
  }
  return { ...head, size, animated };
}
