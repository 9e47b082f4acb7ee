import { lanczos, lobes } from "./lanczos";
import { allocate } from "./memory";
import { rowAt } from "./rows";
import { decodeRow, encodePixel, white } from "./srgb";

/**
 * Which photo pixels make each raster pixel along one axis. Beyond the photo its outermost pixel goes on, so what would fall there
 * is added to that one's weight.
 */
class Axis {
  /** Pixels of the raster. */
  count: i32 = 0;
  /** Room for weights that each raster pixel has: a multiple of 4, what is left over is 0. */
  stride: i32 = 0;
  firsts: usize = 0;
  lasts: usize = 0;
  weights: usize = 0;
}

const across = new Axis();
const down = new Axis();

/** Photo position p lies at raster position `scale` p + `offset`. */
function fillAxis(axis: Axis, count: i32, scale: f64, offset: f64, size: i32): void {
  const width = max<f64>(1, abs(scale));
  const reach = (lobes * width) / abs(scale);
  axis.count = count;
  axis.stride = min((<i32>(2 * reach) + 5) & ~3, (size + 3) & ~3);
  axis.firsts = allocate((<usize>count) << 2);
  axis.lasts = allocate((<usize>count) << 2);
  axis.weights = allocate((<usize>count * axis.stride) << 2);
  for (let index = 0; index < count; index++) {
    const centre = (<f64>index + 0.5 - offset) / scale;
    const isCovered = centre >= 0 && centre <= <f64>size;
    const from = <i32>Math.ceil(centre - 0.5 - reach);
    const to = <i32>Math.floor(centre - 0.5 + reach);
    const first = max(0, min(size - 1, from));
    store<i32>(axis.firsts + ((<usize>index) << 2), first);
    store<i32>(axis.lasts + ((<usize>index) << 2), isCovered ? max(0, min(size - 1, to)) : -1);
    if (!isCovered) continue;
    let sum: f64 = 0;
    for (let pixel = from; pixel <= to; pixel++) {
      sum += lanczos((scale * (<f64>pixel + 0.5) + offset - <f64>index - 0.5) / width);
    }
    const weights = axis.weights + ((<usize>index * axis.stride) << 2);
    for (let pixel = from; pixel <= to; pixel++) {
      const weight = lanczos((scale * (<f64>pixel + 0.5) + offset - <f64>index - 0.5) / width) / sum;
      const at = weights + ((<usize>(max(0, min(size - 1, pixel)) - first)) << 2);
      store<f32>(at, load<f32>(at) + <f32>weight);
    }
  }
}

let width = 0;
let output: usize = 0;
let acrossStep: usize = 0;
let downStep: usize = 0;
/** One photo row in linear light. */
let row: usize = 0;
/** The last photo rows, shrunk across. */
let ring: usize = 0;
let ringRows = 0;
let ringRowBytes: usize = 0;
/** Where in the ring the rows are that make the present raster row. */
let sources: usize = 0;
let nextRow = 0;
let nextOutput = 0;
let outputDirection = 1;

/**
 * Begins a raster whose axes are the photo's own. `acrossStep` and `downStep`: how far apart in the raster, in pixels, neighbours
 * across and down the photo's axes are.
 */
export function begin(
  photoWidth: i32,
  photoHeight: i32,
  acrossCount: i32,
  acrossScale: f64,
  acrossOffset: f64,
  acrossPixels: i32,
  downCount: i32,
  downScale: f64,
  downOffset: f64,
  downPixels: i32,
): usize {
  width = photoWidth;
  fillAxis(across, acrossCount, acrossScale, acrossOffset, photoWidth);
  fillAxis(down, downCount, downScale, downOffset, photoHeight);
  acrossStep = (<usize>acrossPixels) << 2;
  downStep = (<usize>downPixels) << 2;
  // Weights of 0 reach beyond the last pixel.
  row = allocate((<usize>(photoWidth + across.stride)) << 4);
  ringRows = down.stride;
  ringRowBytes = (<usize>(acrossCount + 3) & ~3) << 4;
  ring = allocate(ringRowBytes * ringRows);
  sources = allocate((<usize>ringRows) << 2);
  output = allocate((<usize>(acrossCount * downCount)) << 2);
  nextRow = 0;
  outputDirection = downScale > 0 ? 1 : -1;
  nextOutput = downScale > 0 ? 0 : downCount - 1;
  return output;
}

/** The next rows of the photo, from top to bottom: so many of the band, from `first` on. */
export function push(first: i32, rows: i32): void {
  for (let index = first; index < first + rows; index++, nextRow++) {
    decodeRow(rowAt(index), width, row);
    shrinkAcross(ring + ringRowBytes * (nextRow % ringRows));
    for (; nextOutput >= 0 && nextOutput < down.count; nextOutput += outputDirection) {
      if (load<i32>(down.lasts + ((<usize>nextOutput) << 2)) > nextRow) break;
      shrinkDown(nextOutput);
    }
  }
}

function shrinkAcross(to: usize): void {
  const taps = (<usize>across.stride) << 2;
  let weight = across.weights;
  for (let index = 0; index < across.count; index++, to += 16) {
    let pixel = row + ((<usize>load<i32>(across.firsts + ((<usize>index) << 2))) << 4);
    let sum0 = f32x4.splat(0);
    let sum1 = f32x4.splat(0);
    let sum2 = f32x4.splat(0);
    let sum3 = f32x4.splat(0);
    for (const end = weight + taps; weight < end; weight += 16, pixel += 64) {
      sum0 = f32x4.add(sum0, f32x4.mul(v128.load_splat<f32>(weight), v128.load(pixel)));
      sum1 = f32x4.add(sum1, f32x4.mul(v128.load_splat<f32>(weight, 4), v128.load(pixel, 16)));
      sum2 = f32x4.add(sum2, f32x4.mul(v128.load_splat<f32>(weight, 8), v128.load(pixel, 32)));
      sum3 = f32x4.add(sum3, f32x4.mul(v128.load_splat<f32>(weight, 12), v128.load(pixel, 48)));
    }
    v128.store(to, f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3)));
  }
}

function shrinkDown(index: i32): void {
  const to = output + downStep * index;
  const first = load<i32>(down.firsts + ((<usize>index) << 2));
  const taps = load<i32>(down.lasts + ((<usize>index) << 2)) - first + 1;
  const weights = down.weights + ((<usize>index * down.stride) << 2);
  for (let tap = 0; tap < taps; tap++) {
    store<usize>(sources + ((<usize>tap) << 2), ring + ringRowBytes * ((first + tap) % ringRows));
  }
  for (let group = 0; group < across.count; group += 4) {
    let sum0 = f32x4.splat(0);
    let sum1 = f32x4.splat(0);
    let sum2 = f32x4.splat(0);
    let sum3 = f32x4.splat(0);
    for (let tap = 0; tap < taps; tap++) {
      const weight = v128.load_splat<f32>(weights + ((<usize>tap) << 2));
      const from = load<usize>(sources + ((<usize>tap) << 2)) + ((<usize>group) << 4);
      sum0 = f32x4.add(sum0, f32x4.mul(weight, v128.load(from)));
      sum1 = f32x4.add(sum1, f32x4.mul(weight, v128.load(from, 16)));
      sum2 = f32x4.add(sum2, f32x4.mul(weight, v128.load(from, 32)));
      sum3 = f32x4.add(sum3, f32x4.mul(weight, v128.load(from, 48)));
    }
    encode(to, group, taps, sum0);
    encode(to, group + 1, taps, sum1);
    encode(to, group + 2, taps, sum2);
    encode(to, group + 3, taps, sum3);
  }
}

function encode(to: usize, index: i32, taps: i32, linear: v128): void {
  if (index >= across.count) return;
  const isCovered = taps > 0 && load<i32>(across.lasts + ((<usize>index) << 2)) >= 0;
  store<u32>(to + acrossStep * index, isCovered ? encodePixel(linear) : white);
}
