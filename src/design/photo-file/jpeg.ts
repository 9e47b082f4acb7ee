import { isBareOrientation, readOrientation, startsWith, withExifHead, writeOrientation } from "./orientation.ts";
import { type Cursor, type Found, nextMarker, skip, take, type Walk } from "./walk.ts";

const marker = { startOfImage: 0xd8, endOfImage: 0xd9, startOfScan: 0xda, app1: 0xe1, comment: 0xfe } as const;
const nothing = new Uint8Array(0);

/** ISO/IEC 10918-1, table B.1. The last is that of JPEG-LS. */
function isFrame(code: number): boolean {
  return (code >= 0xc0 && code <= 0xcf && code !== 0xc4 && code !== 0xc8 && code !== 0xcc) || code === 0xf7;
}

/** Of APP0, APP2 and APP14: what the picture's colours depend on. */
const needed: Readonly<Record<number, string>> = { 0xe0: "JFIF\0", 0xe2: "ICC_PROFILE\0", 0xee: "Adobe" };
const longestName = 12;

function nameOf(code: number, start: Uint8Array): string {
  if (code === marker.comment) return "comment";
  if (code !== marker.app1) return `APP${code - 0xe0}`;
  return startsWith(start, "Exif") ? "Exif" : "XMP";
}

function segmentOf(code: number, content: Uint8Array): Uint8Array {
  const length = content.length + 2;
  return Uint8Array.of(0xff, code, length >> 8, length & 0xff, ...content);
}

/** Of the application's segments (APPn, JPGn, COM) the ones that say something about the colours and the orientation are the picture's. */
function* walkApplication(code: number, length: number, found: Found, from: number, isFirstExif: boolean): Walk {
  const isApp1 = code === marker.app1;
  const start = yield* take(isApp1 ? length : Math.min(length, longestName));
  if (start === undefined || !(yield* skip(length - start.length))) return void (found.isBroken = true);
  const wanted = needed[code];
  if (wanted !== undefined && startsWith(start, wanted)) return;
  const isExif = isApp1 && startsWith(start, "Exif\0\0");
  if (isExif && isFirstExif && isBareOrientation(start)) return;
  const orientation = isExif && isFirstExif ? readOrientation(start) : 1;
  const instead = orientation === 1 ? nothing : segmentOf(code, withExifHead(writeOrientation(orientation)));
  found.extras.push({ from, to: from + 4 + length, name: nameOf(code, start), instead });
}

function* walkFrame(length: number, found: Found): Walk {
  const start = yield* take(5);
  if (start === undefined || length < 6 || !(yield* skip(length - 5))) return void (found.isBroken = true);
  const [, high = 0, low = 0, wideHigh = 0, wideLow = 0] = start;
  found.size ??= { widthPx: (wideHigh << 8) | wideLow, heightPx: (high << 8) | low };
}

/** A JPEG (ISO/IEC 10918-1, annex B), whatever follows its end included. Film, depth and thumbnails stand in such segments, or behind. */
export function* walkJpeg(cursor: Cursor, found: Found): Walk {
  yield* take(2);
  let hasExif = false;
  for (;;) {
    const before = cursor.position;
    const code = yield* nextMarker();
    // It is cut: without a scan there is nothing to be seen.
    if (code === undefined) return void (found.isBroken ||= !found.hasPixels);
    const from = cursor.position - 2;
    if (!found.hasPixels && from > before)
      found.extras.push({ from: before, to: from, name: "bytes", instead: nothing });
    if (code === marker.endOfImage) break;
    const head = yield* take(2);
    const length = head === undefined ? -1 : (((head[0] ?? 0) << 8) | (head[1] ?? 0)) - 2;
    if (length < 0) return void (found.isBroken ||= !found.hasPixels);
    if (isFrame(code)) yield* walkFrame(length, found);
    else if (code >= 0xe0) {
      yield* walkApplication(code, length, found, from, !hasExif);
      hasExif ||= code === marker.app1;
    } else if (!(yield* skip(length))) return void (found.isBroken ||= !found.hasPixels);
    if (found.isBroken) return;
    found.hasPixels ||= code === marker.startOfScan;
  }
}
