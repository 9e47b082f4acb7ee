import { type PhotoHead, tagAt, viewOf } from "./photo-head.ts";

/** The offset behind the box at `offset`: ISO/IEC 14496-12, 4.2. Undefined when its header makes no sense. */
function boxEnd(bytes: Uint8Array, offset: number): number | undefined {
  const view = viewOf(bytes);
  if (offset + 8 > bytes.length) return undefined;
  const size = view.getUint32(offset);
  if (size === 0) return bytes.length;
  if (size !== 1) return size >= 8 ? offset + size : undefined;
  if (offset + 16 > bytes.length) return undefined;
  const largeSize = Number(view.getBigUint64(offset + 8));
  return largeSize >= 16 ? offset + largeSize : undefined;
}

function isComplete(bytes: Uint8Array): boolean {
  let offset: number | undefined = 0;
  let hasData = false;
  while (offset !== undefined && offset < bytes.length) {
    if (tagAt(bytes, offset + 4) === "mdat") hasData = true;
    offset = boxEnd(bytes, offset);
  }
  return hasData && offset === bytes.length;
}

/** The largest `ispe` (image spatial extents) near the start: a grid's own size is larger than that of its tiles. */
function largestExtent(bytes: Uint8Array): PhotoHead["size"] {
  const view = viewOf(bytes);
  const searchEnd = Math.min(bytes.length - 16, 64 * 1024);
  let largest: PhotoHead["size"];
  for (let offset = 4; offset <= searchEnd; offset++) {
    if (bytes[offset] !== 0x69 || tagAt(bytes, offset) !== "ispe") continue;
    const size = { widthPx: view.getUint32(offset + 8), heightPx: view.getUint32(offset + 12) };
    if (size.widthPx * size.heightPx > (largest?.widthPx ?? 0) * (largest?.heightPx ?? 0)) largest = size;
  }
  return largest;
}

/** An AVIF is whole when its boxes end exactly where the file does. */
export function readAvifHead(bytes: Uint8Array, animated: boolean): PhotoHead {
  return { format: "avif", size: largestExtent(bytes), complete: isComplete(bytes), animated };
}
