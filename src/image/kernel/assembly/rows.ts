import { allocate } from "./memory";
import { setOrder } from "./srgb";

// How pixels lie in memory: whole ones of 4 bytes, or a plane of brightness and two of colour (JFIF's YCbCr, 0 to 255).
const bgrx = 1;
const planes = 2;

let width = 0;
let isPlanar = false;
/** 1 where the planes of colour have one sample for two pixels. */
let shiftX = 0;
let shiftY = 0;
/** Some of the photo's rows, and how many. */
let band: usize = 0;
let bandRows = 0;

/** A row of pixels. */
let converted: usize = 0;
/** A row of a colour's samples, three parts of the nearer and one of the farther, with one more at either end. */
let sums: usize = 0;
/** A row of each colour, one value from -128 to 127 for each pixel. */
let blues: usize = 0;
let reds: usize = 0;

// Whole vectors are read and written beyond a row's end.
const slack = 32;

/** Rows of so many pixels come. `layout` is 0 for RGBX, 1 for BGRX, 2 for planes. */
export function beginRows(ofWidth: i32, layout: i32, ofShiftX: i32, ofShiftY: i32): void {
  width = ofWidth;
  isPlanar = layout === planes;
  setOrder(layout === bgrx);
  if (!isPlanar) return;
  shiftX = ofShiftX;
  shiftY = ofShiftY;
  converted = allocate((<usize>(width + slack)) << 2);
  sums = allocate((<usize>(width + slack)) << 1) + 16;
  blues = allocate((<usize>(width + slack)) << 1);
  reds = allocate((<usize>(width + slack)) << 1);
}

/** So many rows lie at `at`, behind which 32 bytes may be read. */
export function setBand(at: usize, rows: i32): void {
  band = at;
  bandRows = rows;
}

/** A row of the band, 4 bytes for each pixel, until the next is asked for. */
export function rowAt(index: i32): usize {
  if (!isPlanar) return band + ((<usize>index * width) << 2);
  const samples = (width + shiftX) >> shiftX;
  const rows = (bandRows + shiftY) >> shiftY;
  const near = index >> shiftY;
  const other = (index & 1) === 1 ? near + 1 : near - 1;
  const far = shiftY === 0 ? near : max(0, min(rows - 1, other));
  const blue = band + <usize>(width * bandRows);
  const red = blue + <usize>(samples * rows);
  spreadColour(blue + <usize>(near * samples), blue + <usize>(far * samples), samples, blues);
  spreadColour(red + <usize>(near * samples), red + <usize>(far * samples), samples, reds);
  convertRow(band + <usize>(index * width));
  return converted;
}

/** From a colour's samples what it is at each pixel, to the bit as libjpeg smooths it: three parts of the nearer and one of the farther. */
function spreadColour(near: usize, far: usize, samples: i32, to: usize): void {
  for (let at: usize = 0; at < <usize>samples; at += 8) {
    const nearer = v128.load_ext<u8>(near + at);
    v128.store(sums + (at << 1), i16x8.add(triple(nearer), v128.load_ext<u8>(far + at)));
  }
  const end = sums + ((<usize>samples) << 1);
  store<u16>(sums - 2, load<u16>(sums));
  store<u16>(end, load<u16>(end - 2));
  const middle = i16x8.splat(128);
  if (shiftX === 0) {
    for (let sum = sums; sum < end; sum += 16, to += 16) {
      v128.store(to, i16x8.sub(i16x8.shr_u(v128.load(sum), 2), middle));
    }
    return;
  }
  // What is half is rounded up and down in turn.
  const evenHalf = i16x8.splat(shiftY === 0 ? 4 : 8);
  const oddHalf = i16x8.splat(shiftY === 0 ? 8 : 7);
  for (let sum = sums; sum < end; sum += 16, to += 32) {
    const nearer = triple(v128.load(sum));
    const even = i16x8.shr_u(i16x8.add(i16x8.add(nearer, v128.load(sum - 2)), evenHalf), 4);
    const odd = i16x8.shr_u(i16x8.add(i16x8.add(nearer, v128.load(sum + 2)), oddHalf), 4);
    v128.store(to, i16x8.sub(v128.shuffle<u16>(even, odd, 0, 8, 1, 9, 2, 10, 3, 11), middle));
    v128.store(to, i16x8.sub(v128.shuffle<u16>(even, odd, 4, 12, 5, 13, 6, 14, 7, 15), middle), 16);
  }
}

function triple(value: v128): v128 {
  return i16x8.add(value, i16x8.add(value, value));
}

/** JFIF's conversion to RGB, each level rounded to the nearest. */
function convertRow(brightness: usize): void {
  const half = i16x8.splat(64);
  for (let x: usize = 0; x < <usize>width; x += 8) {
    const grey = v128.load_ext<u8>(brightness + x);
    const blueness = v128.load(blues + (x << 1));
    const redness = v128.load(reds + (x << 1));
    const red = i16x8.add(grey, i16x8.add(redness, times(redness, 0.402)));
    const blue = i16x8.add(grey, i16x8.add(blueness, times(blueness, 0.772)));
    const both = i16x8.add(times(i16x8.shl(blueness, 7), 0.344136), times(i16x8.shl(redness, 7), 0.714136));
    const green = i16x8.add(grey, i16x8.shr_s(i16x8.sub(half, both), 7));
    const redBlue = i8x16.narrow_i16x8_u(red, blue);
    const greens = i8x16.narrow_i16x8_u(green, green);
    const redGreen = v128.shuffle<u8>(redBlue, greens, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const blueAny = v128.shuffle<u8>(redBlue, greens, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const to = converted + (x << 2);
    v128.store(to, v128.shuffle<u16>(redGreen, blueAny, 0, 8, 1, 9, 2, 10, 3, 11));
    v128.store(to, v128.shuffle<u16>(redGreen, blueAny, 4, 12, 5, 13, 6, 14, 7, 15), 16);
  }
}

/** Rounded to the nearest; the factor is less than 1. */
function times(value: v128, factor: f64): v128 {
  return i16x8.q15mulr_sat_s(value, i16x8.splat(<i16>nearest(factor * 32768)));
}
