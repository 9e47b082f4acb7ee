import { type PhotoHead, viewOf } from "./photo-head.ts";

/** A Windows bitmap: size from its header, whole when the stated file size is there. A negative height means top-down. */
export function readBmpHead(bytes: Uint8Array): PhotoHead {
  const view = viewOf(bytes);
  if (bytes.length < 26) return { format: "bmp", size: undefined, complete: false, animated: false };
  const old = view.getUint32(14, true) === 12;
  const size = old
    ? { widthPx: view.getUint16(18, true), heightPx: view.getUint16(20, true) }
    : { widthPx: view.getInt32(18, true), heightPx: Math.abs(view.getInt32(22, true)) };
  return { format: "bmp", size, complete: view.getUint32(2, true) <= bytes.length, animated: false };
}
