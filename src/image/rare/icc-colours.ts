export type Triple = readonly [number, number, number];

// The profile connection space's white, ICC.1:2022, 7.2.16.
const white = [0.9642, 1, 0.8249] as const;

/** CIELAB (L 0 to 100) to XYZ relative to D50. */
export function labToXyz([l, a, b]: Triple): Triple {
  const inverse = (t: number): number => (t > 6 / 29 ? t ** 3 : 3 * (6 / 29) ** 2 * (t - 4 / 29));
  const f = (l + 16) / 116;
  return [white[0] * inverse(f + a / 500), white[1] * inverse(f), white[2] * inverse(f - b / 200)];
}

/** XYZ relative to D50 to linear sRGB, by IEC 61966-2-1's primaries adapted by Bradford's method. Beyond 0 and 1 outside of sRGB. */
export function xyzToLinear([x, y, z]: Triple): Triple {
  return [
    3.1338561 * x - 1.6168667 * y - 0.4906146 * z,
    -0.9787684 * x + 1.9161415 * y + 0.033454 * z,
    0.0719453 * x - 0.2289914 * y + 1.4052427 * z,
  ];
}

/** Linear light to sRGB's 0 to 1, and on beyond them. */
export function encodeSrgb(linear: number): number {
  const size = Math.abs(linear);
  const encoded = size <= 0.0031308 ? size * 12.92 : 1.055 * size ** (1 / 2.4) - 0.055;
  return Math.sign(linear) * encoded;
}

/** sRGB's 0 to 1 to linear light. */
export function decodeSrgb(encoded: number): number {
  return encoded <= 0.04045 ? encoded / 12.92 : ((encoded + 0.055) / 1.055) ** 2.4;
}
