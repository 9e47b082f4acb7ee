import type { Plane } from "./planes.ts";

// Factors of the independent JPEG group's accurate integer transforms (jidctint.c, jidctred.c), times 2 to the 13.
const bits = 13;
const passBits = 2;
const f0298 = 2446;
const f0390 = 3196;
const f0541 = 4433;
const f0765 = 6270;
const f0899 = 7373;
const f1175 = 9633;
const f1501 = 12299;
const f1847 = 15137;
const f1961 = 16069;
const f2053 = 16819;
const f2562 = 20995;
const f3072 = 25172;

/** Makes of a block's coefficients, as they are in the file, `size` x `size` samples at `at`. */
export type MakeSamples = (block: Int16Array, quantization: Uint16Array, out: Plane, at: number) => void;

const { imul } = Math;
const work = new Int32Array(64);

/** One dimension of the whole transform: from `input` at `from`, with `step` between, the same in `work`. */
function transform8(i0: number, i1: number, i2: number, i3: number, i4: number, i5: number, i6: number, i7: number) {
  const z1 = imul(i2 + i6, f0541);
  const even2 = z1 - imul(i6, f1847);
  const even3 = z1 + imul(i2, f0765);
  const even0 = (i0 + i4) << bits;
  const even1 = (i0 - i4) << bits;
  sums[0] = even0 + even3;
  sums[3] = even0 - even3;
  sums[1] = even1 + even2;
  sums[2] = even1 - even2;
  const z5 = imul(i7 + i3 + i5 + i1, f1175);
  const y1 = -imul(i7 + i1, f0899);
  const y2 = -imul(i5 + i3, f2562);
  const y3 = z5 - imul(i7 + i3, f1961);
  const y4 = z5 - imul(i5 + i1, f0390);
  sums[7] = imul(i7, f0298) + y1 + y3;
  sums[6] = imul(i5, f2053) + y2 + y4;
  sums[5] = imul(i3, f3072) + y2 + y3;
  sums[4] = imul(i1, f1501) + y1 + y4;
}

/** Sums and differences of one dimension: those of the even frequencies, then those of the odd ones from the middle out. */
const sums = new Int32Array(8);

function makeEight(block: Int16Array, quantization: Uint16Array, { samples, stride }: Plane, start: number): void {
  const q = quantization;
  const shift = bits - passBits;
  const half = 1 << (shift - 1);
  for (let x = 0; x < 8; x++) {
    const i1 = block[x + 8] as number;
    const i2 = block[x + 16] as number;
    const i3 = block[x + 24] as number;
    const i4 = block[x + 32] as number;
    const i5 = block[x + 40] as number;
    const i6 = block[x + 48] as number;
    const i7 = block[x + 56] as number;
    const i0 = imul(block[x] as number, q[x] as number);
    if ((i1 | i2 | i3 | i4 | i5 | i6 | i7) === 0) {
      const mean = i0 << passBits;
      for (let y = x; y < 64; y += 8) work[y] = mean;
      continue;
    }
    transform8(
      i0,
      imul(i1, q[x + 8] as number),
      imul(i2, q[x + 16] as number),
      imul(i3, q[x + 24] as number),
      imul(i4, q[x + 32] as number),
      imul(i5, q[x + 40] as number),
      imul(i6, q[x + 48] as number),
      imul(i7, q[x + 56] as number),
    );
    for (let y = 0; y < 4; y++) {
      const even = (sums[y] as number) + half;
      const odd = sums[y + 4] as number;
      work[x + y * 8] = (even + odd) >> shift;
      work[x + 56 - y * 8] = (even - odd) >> shift;
    }
  }
  const lastShift = bits + passBits + 3;
  const lastHalf = (1 << (lastShift - 1)) + (128 << lastShift);
  for (let y = 0, at = start; y < 64; y += 8, at += stride) {
    transform8(
      work[y] as number,
      work[y + 1] as number,
      work[y + 2] as number,
      work[y + 3] as number,
      work[y + 4] as number,
      work[y + 5] as number,
      work[y + 6] as number,
      work[y + 7] as number,
    );
    for (let x = 0; x < 4; x++) {
      const even = (sums[x] as number) + lastHalf;
      const odd = sums[x + 4] as number;
      samples[at + x] = (even + odd) >> lastShift;
      samples[at + 7 - x] = (even - odd) >> lastShift;
    }
  }
}

/** One dimension at half of the size, of which the fourth frequency is no part. */
function transform4(i0: number, i1: number, i2: number, i3: number, i5: number, i6: number, i7: number): void {
  const even = imul(i2, f1847) - imul(i6, f0765);
  const mean = i0 << (bits + 1);
  sums[0] = mean + even;
  sums[1] = mean - even;
  sums[4] = imul(i5, -4926) - imul(i7, 4176) + imul(i3, f0899) + imul(i1, f2562);
  sums[5] = imul(i5, 11893) - imul(i7, 1730) - imul(i3, 17799) + imul(i1, 8697);
}

function makeFour(block: Int16Array, quantization: Uint16Array, { samples, stride }: Plane, start: number): void {
  const shift = bits - passBits + 1;
  const half = 1 << (shift - 1);
  const at = (index: number): number => imul(block[index] as number, quantization[index] as number);
  for (let x = 0; x < 8; x++) {
    if (x === 4) continue;
    transform4(at(x), at(x + 8), at(x + 16), at(x + 24), at(x + 40), at(x + 48), at(x + 56));
    for (let y = 0; y < 2; y++) {
      work[x + y * 8] = ((sums[y] as number) + (sums[y + 4] as number) + half) >> shift;
      work[x + 24 - y * 8] = ((sums[y] as number) - (sums[y + 4] as number) + half) >> shift;
    }
  }
  const lastShift = bits + passBits + 4;
  const lastHalf = (1 << (lastShift - 1)) + (128 << lastShift);
  for (let y = 0, to = start; y < 32; y += 8, to += stride) {
    const [w0, w1, w2, w3] = [work[y] as number, work[y + 1] as number, work[y + 2] as number, work[y + 3] as number];
    transform4(w0, w1, w2, w3, work[y + 5] as number, work[y + 6] as number, work[y + 7] as number);
    for (let x = 0; x < 2; x++) {
      samples[to + x] = ((sums[x] as number) + (sums[x + 4] as number) + lastHalf) >> lastShift;
      samples[to + 3 - x] = ((sums[x] as number) - (sums[x + 4] as number) + lastHalf) >> lastShift;
    }
  }
}

/** The odd frequencies' part at a quarter of the size; the even ones have none. */
function transform2(i1: number, i3: number, i5: number, i7: number): number {
  return imul(i1, 29692) - imul(i3, 10426) + imul(i5, 6967) - imul(i7, 5906);
}

function makeTwo(block: Int16Array, quantization: Uint16Array, { samples, stride }: Plane, start: number): void {
  const shift = bits - passBits + 2;
  const half = 1 << (shift - 1);
  const at = (index: number): number => imul(block[index] as number, quantization[index] as number);
  for (const x of [0, 1, 3, 5, 7]) {
    const mean = at(x) << (bits + 2);
    const odd = transform2(at(x + 8), at(x + 24), at(x + 40), at(x + 56));
    work[x] = (mean + odd + half) >> shift;
    work[x + 8] = (mean - odd + half) >> shift;
  }
  const lastShift = bits + passBits + 5;
  const lastHalf = (1 << (lastShift - 1)) + (128 << lastShift);
  for (let y = 0; y < 2; y++) {
    const row = y * 8;
    const mean = (work[row] as number) << (bits + 2);
    const odd = transform2(
      work[row + 1] as number,
      work[row + 3] as number,
      work[row + 5] as number,
      work[row + 7] as number,
    );
    samples[start + y * stride] = (mean + odd + lastHalf) >> lastShift;
    samples[start + y * stride + 1] = (mean - odd + lastHalf) >> lastShift;
  }
}

function makeOne(block: Int16Array, quantization: Uint16Array, { samples }: Plane, at: number): void {
  samples[at] = ((imul(block[0] as number, quantization[0] as number) + 4) >> 3) + 128;
}

/** How many samples a side of a block becomes. */
export type BlockSize = 1 | 2 | 4 | 8;

/** The inverse transforms, to the bit as libjpeg's: it is what all other decoders are compared to. */
export const transforms: Readonly<Record<BlockSize, MakeSamples>> = {
  1: makeOne,
  2: makeTwo,
  4: makeFour,
  8: makeEight,
};

/** Which of a block's frequencies, in either direction, such a transform makes use of. */
export const frequencies: Readonly<Record<BlockSize, readonly number[]>> = {
  1: [0],
  2: [0, 1, 3, 5, 7],
  4: [0, 1, 2, 3, 5, 6, 7],
  8: [0, 1, 2, 3, 4, 5, 6, 7],
};
