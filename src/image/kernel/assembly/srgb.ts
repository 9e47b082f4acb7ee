// IEC 61966-2-1. Only additions, multiplications and divisions, which give the same bits in every engine.
function toLinear(encoded: f64): f64 {
  if (encoded <= 0.04045) return encoded / 12.92;
  const base = (encoded + 0.055) / 1.055;
  const square = base * base;
  const power = square * square * square * square * square * square;
  // base ** 2.4 is the fifth root of base ** 12. Newton's way to it comes down from base ** 2, and is there long before this.
  let root = square;
  for (let step = 0; step < 32; step++) {
    const fourth = root * root * root * root;
    root -= (fourth * root - power) / (5 * fourth);
  }
  return root;
}

const redTable = memory.data(256 * 16, 16);
const greenTable = memory.data(256 * 16, 16);
const blueTable = memory.data(256 * 16, 16);

// The darkest of the 255 steps is 1/3295 wide: at most one of them begins within a bucket.
const buckets = 4096;
const bucketLevels = memory.data(buckets);
const stepStarts = memory.data(257 * 4, 4);

function fillTables(): void {
  for (let level = 0; level < 256; level++) {
    const linear = <f32>toLinear(<f64>level / 255);
    const at = <usize>level * 16;
    store<f32>(redTable + at, linear);
    store<f32>(greenTable + at + 4, linear);
    store<f32>(blueTable + at + 8, linear);
    store<f32>(blueTable + at + 12, 1);
    if (level > 0) store<f32>(stepStarts + ((<usize>level) << 2), <f32>toLinear((<f64>level - 0.5) / 255));
  }
  store<f32>(stepStarts + 256 * 4, f32.MAX_VALUE);
  let level = 0;
  for (let bucket = 0; bucket < buckets; bucket++) {
    while (load<f32>(stepStarts + ((<usize>(level + 1)) << 2)) <= <f32>bucket / <f32>buckets) level++;
    store<u8>(bucketLevels + bucket, <u8>level);
  }
}
fillTables();

let firstTable = redTable;
let thirdTable = blueTable;

/** Whether pixels begin with blue instead of red. */
export function setOrder(isBlueFirst: bool): void {
  firstTable = isBlueFirst ? blueTable : redTable;
  thirdTable = isBlueFirst ? redTable : blueTable;
}

/** Red, green and blue of pixels of 4 bytes in linear light, 0 to 1, and 1 in place of A. */
export function decodeRow(rgba: usize, pixels: i32, linear: usize): void {
  const end = rgba + ((<usize>pixels) << 2);
  const firsts = firstTable;
  const thirds = thirdTable;
  for (; rgba < end; rgba += 4, linear += 16) {
    const pixel = load<u32>(rgba);
    const first = v128.load(firsts + <usize>((pixel & 0xff) << 4));
    const green = v128.load(greenTable + <usize>(((pixel >> 8) & 0xff) << 4));
    const third = v128.load(thirds + <usize>(((pixel >> 16) & 0xff) << 4));
    v128.store(linear, v128.or(v128.or(first, green), third));
  }
}

function toLevel(linear: f32): u32 {
  if (!(linear > 0)) return 0;
  if (linear >= 1) return 255;
  const level = <u32>load<u8>(bucketLevels + <usize>(linear * <f32>buckets));
  return level + u32(linear >= load<f32>(stepStarts + 4 + ((<usize>level) << 2)));
}

export const white: u32 = 0xffffffff;

/** Linear light, clipped to 0 to 1, as the nearest of the 256 levels; opaque. */
export function encodePixel(linear: v128): u32 {
  const red = toLevel(f32x4.extract_lane(linear, 0));
  const green = toLevel(f32x4.extract_lane(linear, 1));
  const blue = toLevel(f32x4.extract_lane(linear, 2));
  return red | (green << 8) | (blue << 16) | 0xff000000;
}
