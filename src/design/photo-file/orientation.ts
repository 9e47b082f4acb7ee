const exifHead = Uint8Array.of(0x45, 0x78, 0x69, 0x66, 0, 0);
/** No Exif of a camera has its orientation further behind. */
export const maxExifBytes = 65_533;

export function startsWith(bytes: Uint8Array, text: string): boolean {
  return Array.from(text).every((character, at) => bytes[at] === character.charCodeAt(0));
}

/** Exif that says the orientation (1 to 8) and nothing else: one entry, tag 274, in a TIFF's directory (TIFF 6.0, section 2). */
export function writeOrientation(orientation: number): Uint8Array {
  // prettier-ignore
  return Uint8Array.of(
    0x4d,
    0x4d,
    0,
    42,
    0,
    0,
    0,
    8,
    0,
    1,
    0x01,
    0x12,
    0,
    3,
    0,
    0,
    0,
    1,
    0,
    orientation,
    0,
    0,
    0,
    0,
    0,
    0,
  );
}

/** The same as a JPEG has it, and as most WebPs do. */
export function withExifHead(tiff: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(exifHead.length + tiff.length);
  bytes.set(exifHead);
  bytes.set(tiff, exifHead.length);
  return bytes;
}

function withoutExifHead(bytes: Uint8Array): Uint8Array {
  return startsWith(bytes, "Exif\0\0") ? bytes.subarray(exifHead.length) : bytes;
}

/** The orientation that an Exif's first directory says, 1 to 8; 1 where it says none. */
export function readOrientation(exif: Uint8Array): number {
  const tiff = withoutExifHead(exif);
  const isLittle = startsWith(tiff, "II*\0");
  if ((!isLittle && !startsWith(tiff, "MM\0*")) || tiff.length < 14) return 1;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const start = view.getUint32(4, isLittle);
  const entries = start + 2 <= tiff.length ? view.getUint16(start, isLittle) : 0;
  for (let entry = 0, at = start + 2; entry < entries && at + 12 <= tiff.length; entry += 1, at += 12) {
    if (view.getUint16(at, isLittle) !== 274) continue;
    const value = view.getUint16(at + 8, isLittle);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** Whether it is what `writeOrientation` makes, to the byte. */
export function isBareOrientation(exif: Uint8Array): boolean {
  const tiff = withoutExifHead(exif);
  const bare = writeOrientation(readOrientation(exif));
  return tiff.length === bare.length && bare.every((byte, at) => tiff[at] === byte);
}
