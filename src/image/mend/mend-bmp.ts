import { joinPieces, viewOf } from "../bytes.ts";

const fileHeaderBytes = 14;

interface Layout {
  /** Where the pixels begin, by the headers. */
  readonly start: number;
  readonly pixelBytes: number;
  /** At the end of a row, behind its pixels. */
  readonly rowPadding: number;
}

/** Where the pixels have to be. Undefined where they are compressed, or the headers make no sense. */
function readLayout(bytes: Uint8Array): Layout | undefined {
  const view = viewOf(bytes);
  if (bytes.length < 54) return undefined;
  const headerBytes = view.getUint32(14, true);
  const isOld = headerBytes === 12;
  const [width, height] = isOld
    ? [view.getUint16(18, true), view.getUint16(20, true)]
    : [view.getInt32(18, true), Math.abs(view.getInt32(22, true))];
  const depth = view.getUint16(isOld ? 24 : 28, true);
  const compression = isOld ? 0 : view.getUint32(30, true);
  // Plain pixels, and those whose colours lie in other bits than usual.
  if (![0, 3, 6].includes(compression) || ![1, 2, 4, 8, 16, 24, 32].includes(depth) || width <= 0) return undefined;
  const masks = headerBytes === 40 ? { 0: 0, 3: 12, 6: 16 }[compression] : 0;
  const colours = isOld ? 0 : view.getUint32(46, true);
  const palette = depth > 8 ? colours : colours || 1 << depth;
  const start = fileHeaderBytes + headerBytes + (masks ?? 0) + palette * (isOld ? 3 : 4);
  const rowBytes = Math.ceil((width * depth) / 32) * 4;
  return { start, pixelBytes: rowBytes * height, rowPadding: rowBytes - Math.ceil((width * depth) / 8) };
}

/**
 * A Windows bitmap that states where its pixels are, and has all of them: the same bytes if it is such a one already. Undefined when
 * rows are missing. What it says of its own size is of no account to browsers.
 */
export function mendBmp(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | undefined {
  if (bytes.length < 26) return undefined;
  const view = viewOf(bytes);
  const layout = readLayout(bytes);
  if (layout === undefined) return view.getUint32(2, true) <= bytes.length ? bytes : undefined;
  const stated = view.getUint32(10, true);
  const start = stated < fileHeaderBytes + 12 ? layout.start : stated;
  const missing = start + layout.pixelBytes - bytes.length;
  if (missing > layout.rowPadding) return undefined;
  if (missing <= 0 && start === stated) return bytes;
  const mended = joinPieces([bytes, new Uint8Array(Math.max(0, missing))]);
  viewOf(mended).setUint32(10, start, true);
  return mended;
}
