// CIEDE2000 (CIE 142-2001; Sharma, Wu, Dalal 2005), with all weights 1.

export type Lab = readonly [lightness: number, a: number, b: number];

const toRadians = Math.PI / 180;
const light = Float64Array.from({ length: 256 }, (_, value) =>
  value <= 10.31475 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4,
);

/** sRGB, 0 to 255, to CIELAB (D65). */
export function labOf(red: number, green: number, blue: number): Lab {
  const [r, g, b] = [light[red] as number, light[green] as number, light[blue] as number];
  const f = (t: number): number => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.9504559);
  const y = f(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = f((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.0890578);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function hueOf(a: number, b: number): number {
  const degrees = Math.atan2(b, a) / toRadians;
  return degrees < 0 ? degrees + 360 : degrees;
}

function differenceOfHues(from: number, to: number): number {
  const difference = to - from;
  if (Math.abs(difference) <= 180) return difference;
  return difference > 0 ? difference - 360 : difference + 360;
}

function middleOfHues(one: number, other: number): number {
  const sum = one + other;
  if (Math.abs(one - other) <= 180) return sum / 2;
  return sum < 360 ? (sum + 360) / 2 : (sum - 360) / 2;
}

export function ciede2000([l1, a1, b1]: Lab, [l2, a2, b2]: Lab): number {
  const meanC7 = ((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2) ** 7;
  const stretch = 1.5 - 0.5 * Math.sqrt(meanC7 / (meanC7 + 25 ** 7));
  const [c1, c2] = [Math.hypot(a1 * stretch, b1), Math.hypot(a2 * stretch, b2)];
  const [h1, h2] = [hueOf(a1 * stretch, b1), hueOf(a2 * stretch, b2)];
  const isGrey = c1 * c2 === 0;
  const chord = isGrey ? 0 : 2 * Math.sqrt(c1 * c2) * Math.sin((differenceOfHues(h1, h2) / 2) * toRadians);
  const [lightness, chroma] = [(l1 + l2) / 2, (c1 + c2) / 2];
  const hue = isGrey ? h1 + h2 : middleOfHues(h1, h2);
  const t =
    1 -
    0.17 * Math.cos((hue - 30) * toRadians) +
    0.24 * Math.cos(2 * hue * toRadians) +
    0.32 * Math.cos((3 * hue + 6) * toRadians) -
    0.2 * Math.cos((4 * hue - 63) * toRadians);
  const byLightness = (l2 - l1) / (1 + (0.015 * (lightness - 50) ** 2) / Math.sqrt(20 + (lightness - 50) ** 2));
  const byChroma = (c2 - c1) / (1 + 0.045 * chroma);
  const byHue = chord / (1 + 0.015 * chroma * t);
  const turn = 60 * Math.exp(-(((hue - 275) / 25) ** 2)) * toRadians;
  const rotation = -2 * Math.sqrt(chroma ** 7 / (chroma ** 7 + 25 ** 7)) * Math.sin(turn);
  return Math.sqrt(byLightness ** 2 + byChroma ** 2 + byHue ** 2 + rotation * byChroma * byHue);
}

/** Mean and largest difference of two pictures of RGB. */
export function compareColours(one: Uint8Array, other: Uint8Array): { readonly mean: number; readonly max: number } {
  if (one.length !== other.length) throw new Error(`pictures of ${one.length} and ${other.length} bytes`);
  let [sum, max] = [0, 0];
  for (let at = 0; at < one.length; at += 3) {
    const [r, g, b] = [one[at] as number, one[at + 1] as number, one[at + 2] as number];
    const [s, h, c] = [other[at] as number, other[at + 1] as number, other[at + 2] as number];
    if (r === s && g === h && b === c) continue;
    const difference = ciede2000(labOf(r, g, b), labOf(s, h, c));
    sum += difference;
    max = Math.max(max, difference);
  }
  return { mean: (sum * 3) / one.length, max };
}

/** Sharma's table: those of its pairs that tell common mistakes apart. Throws when one is off. */
export function checkDifferences(): void {
  const pairs: readonly (readonly [Lab, Lab, number])[] = [
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
    [[50, -1.3802, -84.2814], [50, 0, -82.7485], 1.0],
    [[50, 0, 0], [50, -1, 2], 2.3669],
    [[50, 2.49, -0.001], [50, -2.49, 0.0011], 7.2195],
    [[50, 2.5, 0], [73, 25, -18], 27.1492],
    [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
    [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
  ];
  for (const [one, other, expected] of pairs) {
    const found = ciede2000(one, other);
    if (Math.abs(found - expected) > 1e-4)
      throw new Error(`CIEDE2000 of ${one.join()} and ${other.join()} is ${expected}, not ${found}`);
  }
}
