import { allocate } from "./memory";

const bytesPerPixel = 3;
// Room for whole vectors beyond a row's end, and for the pixel before its beginning.
const slack: usize = 16;
const filters = 5;

/** 16 bytes of ones, then of zeros: read from the middle it keeps a vector's first bytes. */
const keepFirst = memory.data(32);
memory.fill(keepFirst, 0xff, 16);

function sumBytes(bytes: v128): v128 {
  return i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes));
}

function total(sums: v128): i32 {
  return (
    i32x4.extract_lane(sums, 0) +
    i32x4.extract_lane(sums, 1) +
    i32x4.extract_lane(sums, 2) +
    i32x4.extract_lane(sums, 3)
  );
}

/** Paeth's predictor for 8 pixels' samples of 16 bits. */
function predict(left: v128, up: v128, upLeft: v128): v128 {
  const toLeft = i16x8.abs(i16x8.sub(up, upLeft));
  const toUp = i16x8.abs(i16x8.sub(left, upLeft));
  const toUpLeft = i16x8.abs(i16x8.sub(i16x8.add(left, up), i16x8.add(upLeft, upLeft)));
  const isLeft = v128.and(i16x8.le_s(toLeft, toUp), i16x8.le_s(toLeft, toUpLeft));
  return v128.bitselect(left, v128.bitselect(up, upLeft, i16x8.le_s(toUp, toUpLeft)), isLeft);
}

function paeth(left: v128, up: v128, upLeft: v128): v128 {
  return i8x16.narrow_i16x8_u(
    predict(i16x8.extend_low_i8x16_u(left), i16x8.extend_low_i8x16_u(up), i16x8.extend_low_i8x16_u(upLeft)),
    predict(i16x8.extend_high_i8x16_u(left), i16x8.extend_high_i8x16_u(up), i16x8.extend_high_i8x16_u(upLeft)),
  );
}

/** The mean, rounded down. */
function average(left: v128, up: v128): v128 {
  const odd = v128.and(v128.xor(left, up), i8x16.splat(1));
  return i8x16.sub(i8x16.avgr_u(left, up), odd);
}

/**
 * Filters one row in all five ways (PNG specification, 9.2) and returns the number of the one with the smallest sum of magnitudes; of
 * equal ones the last.
 */
function filterRow(row: usize, above: usize, bytes: usize, candidates: usize, stride: usize): i32 {
  let ofNone = i32x4.splat(0);
  let ofSub = i32x4.splat(0);
  let ofUp = i32x4.splat(0);
  let ofAverage = i32x4.splat(0);
  let ofPaeth = i32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const kept = v128.load(keepFirst + 16 - min<usize>(16, bytes - at));
    const value = v128.load(row + at);
    const left = v128.load(row + at - bytesPerPixel);
    const up = v128.load(above + at);
    const upLeft = v128.load(above + at - bytesPerPixel);
    const to = candidates + at;
    ofNone = i32x4.add(ofNone, sumBytes(i8x16.abs(keep(to, value, kept))));
    ofSub = i32x4.add(ofSub, sumBytes(i8x16.abs(keep(to + stride, i8x16.sub(value, left), kept))));
    ofUp = i32x4.add(ofUp, sumBytes(i8x16.abs(keep(to + 2 * stride, i8x16.sub(value, up), kept))));
    const ofBoth = i8x16.sub(value, average(left, up));
    ofAverage = i32x4.add(ofAverage, sumBytes(i8x16.abs(keep(to + 3 * stride, ofBoth, kept))));
    const predicted = i8x16.sub(value, paeth(left, up, upLeft));
    ofPaeth = i32x4.add(ofPaeth, sumBytes(i8x16.abs(keep(to + 4 * stride, predicted, kept))));
  }
  const least = min(min(min(total(ofNone), total(ofSub)), min(total(ofUp), total(ofAverage))), total(ofPaeth));
  if (least === total(ofPaeth)) return 4;
  if (least === total(ofAverage)) return 3;
  if (least === total(ofUp)) return 2;
  return least === total(ofSub) ? 1 : 0;
}

function keep(at: usize, bytes: v128, kept: v128): v128 {
  const result = v128.and(bytes, kept);
  v128.store(at, result);
  return result;
}

/** The RGB rows of a PNG, each behind the number of its filter, of RGBA pixels whose A is dropped. */
export function filterRows(rgba: usize, width: i32, height: i32): usize {
  const bytes = <usize>(width * bytesPerPixel);
  const stride = bytes + slack;
  const filtered = allocate((bytes + 1) * height);
  const candidates = allocate(stride * filters);
  let row = allocate(slack + stride) + slack;
  let above = allocate(slack + stride) + slack;
  let to = filtered;
  for (let y = 0; y < height; y++, to += bytes) {
    for (let at = row; at < row + bytes; at += bytesPerPixel, rgba += 4) {
      const pixel = load<u32>(rgba);
      store<u16>(at, <u16>pixel);
      store<u8>(at, <u8>(pixel >> 16), 2);
    }
    const best = filterRow(row, above, bytes, candidates, stride);
    store<u8>(to++, <u8>best);
    memory.copy(to, candidates + stride * best, bytes);
    const other = above;
    above = row;
    row = other;
  }
  return filtered;
}
