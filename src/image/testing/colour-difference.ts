type Rgb = readonly [r: number, g: number, b: number];

/** sRGB, 0 to 255, to CIELAB (D65). */
function toLab([r, g, b]: Rgb): Rgb {
  const linear = (value: number): number =>
    value <= 10.31475 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  const [lr, lg, lb] = [linear(r), linear(g), linear(b)];
  const f = (t: number): number => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const x = f((0.4124 * lr + 0.3576 * lg + 0.1805 * lb) / 0.9505);
  const y = f(0.2126 * lr + 0.7152 * lg + 0.0722 * lb);
  const z = f((0.0193 * lr + 0.1192 * lg + 0.9505 * lb) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** The mean CIE 1976 difference of two pictures, whose pixels take `step` bytes, of which the first are R, G and B. */
export function meanDifference(one: ArrayLike<number>, other: ArrayLike<number>, step: 3 | 4 = 4): number {
  if (one.length !== other.length) throw new Error(`pictures of ${one.length} and ${other.length} bytes`);
  const colour = (bytes: ArrayLike<number>, at: number): Rgb => [
    bytes[at] ?? 0,
    bytes[at + 1] ?? 0,
    bytes[at + 2] ?? 0,
  ];
  let sum = 0;
  for (let at = 0; at < one.length; at += step) {
    const [l, a, b] = toLab(colour(one, at));
    const [m, c, d] = toLab(colour(other, at));
    sum += Math.hypot(l - m, a - c, b - d);
  }
  return (sum * step) / one.length;
}
