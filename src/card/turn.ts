/** The sum of x, x³/3!, x⁵/5! … with their signs, or of 1, x²/2! …, to within what a double can tell for |x| <= π/4. */
function sumSeries(first: number, square: number, from: number): number {
  let [term, sum] = [first, first];
  for (let n = from; n <= from + 14; n += 2) {
    term *= -square / (n * (n - 1));
    sum += term;
  }
  return sum;
}

/**
 * Cosine and sine of an angle in degrees (any but infinite), to within 2e-16; exact where it is a multiple of 90. Every engine gives the
 * same bits, as it does not for Math.cos and Math.sin.
 */
export function turnOf(degrees: number): readonly [cos: number, sin: number] {
  const quarters = Math.round(degrees / 90);
  const radians = ((degrees - quarters * 90) * Math.PI) / 180;
  const square = radians * radians;
  const cos = sumSeries(1, square, 2);
  const sin = sumSeries(radians, square, 3);
  switch (((quarters % 4) + 4) % 4) {
    case 0:
      return [cos, sin];
    case 1:
      return [0 - sin, cos];
    case 2:
      return [0 - cos, 0 - sin];
    default:
      return [sin, 0 - cos];
  }
}
