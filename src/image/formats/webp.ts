import { type PhotoHead, tagAt, viewOf } from "./photo-head.ts";

function sizeOf(bytes: Uint8Array): PhotoHead["size"] {
  const view = viewOf(bytes);
  if (bytes.length < 30) return undefined;
  switch (tagAt(bytes, 12)) {
    case "VP8 ":
      return { widthPx: view.getUint16(26, true) & 0x3fff, heightPx: view.getUint16(28, true) & 0x3fff };
    case "VP8L": {
      const bits = view.getUint32(21, true);
      return { widthPx: (bits & 0x3fff) + 1, heightPx: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case "VP8X":
      return {
        widthPx: (view.getUint32(24, true) & 0xffffff) + 1,
        heightPx: (view.getUint32(26, true) >>> 8) + 1,
      };
    default:
      return undefined;
  }
}

/** A WebP (RFC 9649) is whole when the file is as long as its RIFF header says. */
export function readWebpHead(bytes: Uint8Array): PhotoHead {
  const size = sizeOf(bytes);
  const complete = size !== undefined && viewOf(bytes).getUint32(4, true) + 8 <= bytes.length;
  const animated = tagAt(bytes, 12) === "VP8X" && ((bytes[20] ?? 0) & 0x02) !== 0;
  return { format: "webp", size, complete, animated };
}
