import { type PhotoHead, viewOf } from "./photo-head.ts";

const endOfImage = 0xd9;
const startOfScan = 0xda;

function isStandalone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** The code of the next marker at or after `offset`, stepping over entropy-coded data, stuffing, restarts and fill bytes. */
function nextMarker(bytes: Uint8Array, offset: number): { marker: number; after: number } | undefined {
  let at = bytes.indexOf(0xff, offset);
  while (at !== -1 && at + 1 < bytes.length) {
    const marker = bytes[at + 1] as number;
    if (marker !== 0x00 && marker !== 0xff && !isStandalone(marker)) return { marker, after: at + 2 };
    at = bytes.indexOf(0xff, at + 1);
  }
  return undefined;
}

/**
 * Walks the segments of a JPEG (ISO/IEC 10918-1, annex B) up to its end-of-image marker. Browsers show a truncated JPEG
 * with a grey rest and no error, so the missing marker is the only sign. What follows it (second pictures, motion, padding
 * written by cameras) is nobody's concern.
 */
export function readJpegHead(bytes: Uint8Array): PhotoHead {
  const view = viewOf(bytes);
  let size: PhotoHead["size"];
  let scanned = false;
  let found = nextMarker(bytes, 2);
  while (found !== undefined && found.marker !== endOfImage) {
    const { marker, after } = found;
    if (after + 2 > bytes.length) break;
    if (isFrame(marker) && after + 7 <= bytes.length) {
      size ??= { widthPx: view.getUint16(after + 5), heightPx: view.getUint16(after + 3) };
    }
    scanned ||= marker === startOfScan;
    found = nextMarker(bytes, after + view.getUint16(after));
  }
  return {
    format: "jpeg",
    size,
    complete: size !== undefined && scanned && found?.marker === endOfImage,
    animated: false,
  };
}
