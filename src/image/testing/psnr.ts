/** Peak signal-to-noise ratio of two equally large 8-bit pictures, in dB; higher is more alike. */
export function psnr(one: ArrayLike<number>, other: ArrayLike<number>): number {
  if (one.length !== other.length)
    throw new Error(`pictures of ${one.length} and ${other.length} bytes cannot be compared`);
  let sum = 0;
  for (let index = 0; index < one.length; index++) sum += ((one[index] ?? 0) - (other[index] ?? 0)) ** 2;
  return sum === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10(255 ** 2 / (sum / one.length));
}
