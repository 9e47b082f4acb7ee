export const startOfImage = 0xd8;
export const endOfImage = 0xd9;
export const startOfScan = 0xda;

function isStandalone(marker: number): boolean {
  return marker >= 0xd0 && marker <= endOfImage;
}

/** Those that say something in a JPEG as it is today: frames, tables, scans, application data and comments. */
export function isKnownMarker(marker: number): boolean {
  return (marker >= 0xc0 && marker !== 0xc8 && marker <= 0xef && !isStandalone(marker)) || marker === 0xfe;
}

export function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** The two bytes at `at`: a segment's length, as a rule. */
export function lengthAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** The next marker from `offset` on that is neither stuffing, nor fill, nor a restart. */
export function nextMarker(bytes: Uint8Array, offset: number): { marker: number; at: number } | undefined {
  let at = bytes.indexOf(0xff, offset);
  while (at !== -1 && at + 1 < bytes.length) {
    const marker = bytes[at + 1] as number;
    if (marker > 0x01 && marker < 0xff && (marker < 0xd0 || marker > 0xd7)) return { marker, at };
    at = bytes.indexOf(0xff, at + 1);
  }
  return undefined;
}
