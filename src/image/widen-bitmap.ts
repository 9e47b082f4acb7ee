import { viewOf } from "./bytes.ts";

const headBytes = 54;
const usualMasks = [0x7c00, 0x03e0, 0x001f];

/** What a channel's bits of each of 65,536 pixels are of 255, as every third byte. False where it has none, or not all side by side. */
function setChannel(colours: Uint8Array, offset: number, mask: number): boolean {
  const shift = 31 - Math.clz32(mask & -mask);
  const most = mask >>> shift;
  if (mask === 0 || mask > 0xffff || most > 255 || (most & (most + 1)) !== 0) return false;
  for (let pixel = 0, at = offset; pixel < 65536; pixel++, at += 3) {
    colours[at] = Math.round((((pixel & mask) >>> shift) * 255) / most);
  }
  return true;
}

/** Blue, green and red of each pixel there can be in a plain bitmap of 16 bits. Undefined of any other. */
function readColours(view: DataView): Uint8Array | undefined {
  if (view.byteLength < headBytes || view.getUint16(28, true) !== 16 || view.getUint32(14, true) < 40) return undefined;
  const compression = view.getUint32(30, true);
  const hasMasks = compression === 3 && view.byteLength >= headBytes + 16;
  const isTransparent = hasMasks && view.getUint32(14, true) >= 56 && view.getUint32(66, true) !== 0;
  if ((compression !== 0 && !hasMasks) || isTransparent) return undefined;
  const masks = hasMasks ? [54, 58, 62].map((at) => view.getUint32(at, true)) : usualMasks;
  const colours = new Uint8Array(65536 * 3);
  return masks.every((mask, channel) => setChannel(colours, 2 - channel, mask)) ? colours : undefined;
}

function widen(bytes: Uint8Array, colours: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const view = viewOf(bytes);
  const [width, height, start] = [view.getInt32(18, true), Math.abs(view.getInt32(22, true)), view.getUint32(10, true)];
  const [rowBytes, wideRowBytes] = [Math.ceil(width / 2) * 4, Math.ceil((width * 3) / 4) * 4];
  if (width <= 0 || start + rowBytes * height > bytes.length) return undefined;
  const wide = new Uint8Array(headBytes + wideRowBytes * height);
  wide.set(bytes.subarray(0, headBytes));
  const head = viewOf(wide);
  head.setUint32(2, wide.length, true);
  head.setUint32(10, headBytes, true);
  head.setUint32(14, 40, true);
  head.setUint16(28, 24, true);
  for (const nothing of [30, 34, 46, 50]) head.setUint32(nothing, 0, true);
  for (let y = 0; y < height; y++) {
    let at = headBytes + y * wideRowBytes;
    for (let from = start + y * rowBytes; from < start + y * rowBytes + width * 2; from += 2, at += 3) {
      const colour = view.getUint16(from, true) * 3;
      wide[at] = colours[colour] as number;
      wide[at + 1] = colours[colour + 1] as number;
      wide[at + 2] = colours[colour + 2] as number;
    }
  }
  return wide;
}

/**
 * A Windows bitmap of 16 bits as one of 24, any other as it is. Some browsers make 8 bits of 5 by adding zeros, and white is
 * light grey then.
 */
export async function widenBitmap(file: Blob): Promise<Blob> {
  const colours = readColours(new DataView(await file.slice(0, headBytes + 16).arrayBuffer()));
  const wide = colours && widen(new Uint8Array(await file.arrayBuffer()), colours);
  return wide === undefined ? file : new Blob([wide]);
}
