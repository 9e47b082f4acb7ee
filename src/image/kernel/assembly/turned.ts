import { lobes, phaseBits, phaseBytes, phases, phaseTable } from "./lanczos";
import { allocate } from "./memory";
import { rowAt } from "./rows";
import { decodeRow, encodePixel, white } from "./srgb";

let photoWidth = 0;
let photoHeight = 0;
let rasterWidth = 0;
let rasterHeight = 0;
let a: f64 = 0;
let b: f64 = 0;
let c: f64 = 0;
let d: f64 = 0;
let e: f64 = 0;
let f: f64 = 0;
/** Half the kernel, in raster pixels. */
let reach: f64 = 0;
let width: f64 = 0;
/** How far beyond the photo its outermost pixels go on, in photo pixels. */
let rim = 0;
/** The raster with `margin` pixels around it: sums of red, green, blue and weights. */
let sums: usize = 0;
let margin = 0;
let sumsRowBytes: usize = 0;
let row: usize = 0;
// Places in the raster as whole numbers, which count up faster than fractions are taken apart.
const fixedBits = 40;
/** What some pixels of the row count, and for which raster pixels. */
const spreads = memory.data(128 * 80, 16);
const spreadCount = 128;
const spreadBytes: usize = 80;
let acrossWeights: usize = 0;
let downWeights: usize = 0;
let output: usize = 0;
let nextRow = 0;

/** Begins a raster that shows the photo through a map which keeps angles. */
export function begin(
  ofPhotoWidth: i32,
  ofPhotoHeight: i32,
  ofRasterWidth: i32,
  ofRasterHeight: i32,
  mapA: f64,
  mapB: f64,
  mapC: f64,
  mapD: f64,
  mapE: f64,
  mapF: f64,
): usize {
  photoWidth = ofPhotoWidth;
  photoHeight = ofPhotoHeight;
  rasterWidth = ofRasterWidth;
  rasterHeight = ofRasterHeight;
  a = mapA;
  b = mapB;
  c = mapC;
  d = mapD;
  e = mapE;
  f = mapF;
  const scale = sqrt(abs(a * d - b * c));
  width = max<f64>(1, scale);
  reach = lobes * width;
  rim = <i32>Math.ceil((reach * Math.SQRT2) / scale) + 1;
  margin = <i32>Math.ceil(2 * reach) + 2;
  sumsRowBytes = (<usize>(rasterWidth + 2 * margin)) << 4;
  sums = allocate(sumsRowBytes * (rasterHeight + 2 * margin));
  row = allocate((<usize>(photoWidth + 2 * rim)) << 4);
  acrossWeights = allocate((<usize>margin) << 2);
  downWeights = allocate((<usize>margin) << 2);
  output = allocate((<usize>(rasterWidth * rasterHeight)) << 2);
  nextRow = 0;
  return output;
}

/** The next rows of the photo, from top to bottom: so many of the band, from `firstRow` on. */
export function push(firstRow: i32, rows: i32): void {
  for (let index = firstRow; index < firstRow + rows; index++, nextRow++) {
    const pixels = rowAt(index);
    const from = nextRow === 0 ? -rim : nextRow;
    const to = nextRow === photoHeight - 1 ? nextRow + rim : nextRow;
    for (let y = from; y <= to; y++) spreadRow(pixels, y);
  }
  if (nextRow === photoHeight) encodeSums();
}

/** The part of a photo row that counts for anything. */
let first: f64 = 0;
let last: f64 = 0;

/** Narrows it to where scale x + offset lies within the raster's side or the kernel's reach of it. */
function narrow(scale: f64, offset: f64, side: i32): void {
  const low = -reach;
  const high = <f64>side + reach;
  if (abs(scale) < 1e-12) {
    if (offset <= low || offset >= high) last = first - 1;
    return;
  }
  const one = (low - offset) / scale;
  const other = (high - offset) / scale;
  first = max(first, min(one, other));
  last = min(last, max(one, other));
}

function spreadRow(rgba: usize, y: i32): void {
  const u0 = c * (<f64>y + 0.5) + e;
  const v0 = d * (<f64>y + 0.5) + f;
  first = -(<f64>rim);
  last = <f64>(photoWidth + rim);
  narrow(a, u0, rasterWidth);
  narrow(b, v0, rasterHeight);
  if (last <= first) return;
  const from = max(-rim, <i32>Math.ceil(first - 0.5));
  const to = min(photoWidth + rim, <i32>Math.floor(last - 0.5) + 1);
  if (to <= from) return;
  decodePart(rgba, from, to);
  if (width > 1) spreadWide(from, to, u0, v0);
  else spreadNarrow(from, to, u0, v0);
}

/** Into `row`, which begins `rim` pixels before the photo. */
function decodePart(rgba: usize, from: i32, to: i32): void {
  const inside = max(0, min(photoWidth - 1, from));
  const end = max(inside + 1, min(photoWidth, to));
  decodeRow(rgba + ((<usize>inside) << 2), end - inside, row + ((<usize>(rim + inside)) << 4));
  const firstPixel = v128.load(row + ((<usize>(rim + inside)) << 4));
  for (let x = from; x < inside; x++) v128.store(row + ((<usize>(rim + x)) << 4), firstPixel);
  const lastPixel = v128.load(row + ((<usize>(rim + end - 1)) << 4));
  for (let x = end; x < to; x++) v128.store(row + ((<usize>(rim + x)) << 4), lastPixel);
}

function addTo(at: usize, value: v128): void {
  v128.store(at, f32x4.add(v128.load(at), value));
}

/** Raster pixels are no smaller than the photo's: every pixel counts for 6 x 6 of them. */
function spreadNarrow(from: i32, to: i32, u0: f64, v0: f64): void {
  // The first pixel of the 6, and how far beyond its second neighbour's centre the photo's pixel lies.
  let u = toFixed(a * (<f64>from + 0.5) + u0 - 2.5 + <f64>margin);
  let v = toFixed(b * (<f64>from + 0.5) + v0 - 2.5 + <f64>margin);
  const stepU = toFixed(a);
  const stepV = toFixed(b);
  while (from < to) {
    const count = min(spreadCount, to - from);
    const end = spreads + <usize>count * spreadBytes;
    for (let spread = spreads; spread < end; spread += spreadBytes, u += stepU, v += stepV) {
      weigh(spread, u);
      weigh(spread + 32, v);
      store<usize>(spread, sums + sumsRowBytes * <i32>(v >> fixedBits) + ((<usize>(u >> fixedBits)) << 4), 64);
    }
    addSpreads(row + ((<usize>(rim + from)) << 4), end);
    from += count;
  }
}

/** A place in the raster, to 1e-8 of a pixel over the longest row. */
function toFixed(place: f64): i64 {
  return <i64>nearest(place * <f64>((<i64>1) << fixedBits));
}

/** Notes the 6 weights of a pixel along one axis. */
function weigh(to: usize, place: i64): void {
  const table = phaseTable + <usize>((place >> (fixedBits - phaseBits)) & (phases - 1)) * phaseBytes;
  const rest = <i32>((place >> (fixedBits - phaseBits - 24)) & 0xffffff);
  const between = f32x4.splat(<f32>rest * <f32>(1.0 / 16777216.0));
  v128.store(to, mix(v128.load(table), v128.load(table, 32), between));
  v128.store(to, mix(v128.load(table, 16), v128.load(table, 48), between), 16);
}

function addSpreads(pixel: usize, end: usize): void {
  let spread = spreads;
  while (spread < end) {
    const at = load<usize>(spread, 64);
    const next = spread + spreadBytes;
    // Two neighbours that count for the same raster pixels are added at once.
    if (next < end && load<usize>(next, 64) === at) {
      addTwo(at, pixel, spread);
      pixel += 32;
      spread = next + spreadBytes;
    } else {
      addOne(at, pixel, spread);
      pixel += 16;
      spread = next;
    }
  }
}

function mix(one: v128, other: v128, between: v128): v128 {
  return f32x4.add(one, f32x4.mul(f32x4.sub(other, one), between));
}

function addOne(at: usize, pixel: usize, spread: usize): void {
  const w0 = v128.load_splat<f32>(spread);
  const w1 = v128.load_splat<f32>(spread, 4);
  const w2 = v128.load_splat<f32>(spread, 8);
  const w3 = v128.load_splat<f32>(spread, 12);
  const w4 = v128.load_splat<f32>(spread, 16);
  const w5 = v128.load_splat<f32>(spread, 20);
  for (const end = spread + 24; spread < end; spread += 4, at += sumsRowBytes) {
    const weighted = f32x4.mul(v128.load(pixel), v128.load_splat<f32>(spread, 32));
    addTo(at, f32x4.mul(weighted, w0));
    addTo(at + 16, f32x4.mul(weighted, w1));
    addTo(at + 32, f32x4.mul(weighted, w2));
    addTo(at + 48, f32x4.mul(weighted, w3));
    addTo(at + 64, f32x4.mul(weighted, w4));
    addTo(at + 80, f32x4.mul(weighted, w5));
  }
}

function addTwo(at: usize, pixel: usize, spread: usize): void {
  const w0 = v128.load_splat<f32>(spread);
  const w1 = v128.load_splat<f32>(spread, 4);
  const w2 = v128.load_splat<f32>(spread, 8);
  const w3 = v128.load_splat<f32>(spread, 12);
  const w4 = v128.load_splat<f32>(spread, 16);
  const w5 = v128.load_splat<f32>(spread, 20);
  const x0 = v128.load_splat<f32>(spread + spreadBytes);
  const x1 = v128.load_splat<f32>(spread + spreadBytes, 4);
  const x2 = v128.load_splat<f32>(spread + spreadBytes, 8);
  const x3 = v128.load_splat<f32>(spread + spreadBytes, 12);
  const x4 = v128.load_splat<f32>(spread + spreadBytes, 16);
  const x5 = v128.load_splat<f32>(spread + spreadBytes, 20);
  for (const end = spread + 24; spread < end; spread += 4, at += sumsRowBytes) {
    const one = f32x4.mul(v128.load(pixel), v128.load_splat<f32>(spread, 32));
    const two = f32x4.mul(v128.load(pixel, 16), v128.load_splat<f32>(spread + spreadBytes, 32));
    addTo(at, f32x4.add(f32x4.mul(one, w0), f32x4.mul(two, x0)));
    addTo(at + 16, f32x4.add(f32x4.mul(one, w1), f32x4.mul(two, x1)));
    addTo(at + 32, f32x4.add(f32x4.mul(one, w2), f32x4.mul(two, x2)));
    addTo(at + 48, f32x4.add(f32x4.mul(one, w3), f32x4.mul(two, x3)));
    addTo(at + 64, f32x4.add(f32x4.mul(one, w4), f32x4.mul(two, x4)));
    addTo(at + 80, f32x4.add(f32x4.mul(one, w5), f32x4.mul(two, x5)));
  }
}

/** The kernel, by the same table. */
function weightAt(x: f64): f32 {
  if (abs(x) >= lobes) return 0;
  const place = (x + lobes) * <f64>phases;
  const phase = <i32>place;
  const weights = phaseTable + <usize>(phase & (phases - 1)) * phaseBytes + ((<usize>(5 - (phase >> phaseBits))) << 2);
  const weight = load<f32>(weights);
  return weight + (load<f32>(weights, 32) - weight) * <f32>(place - <f64>phase);
}

/** The kernel's weights for raster pixels `start` and on, of a photo pixel at `position`. Returns how many there are. */
function fillWeights(weights: usize, position: f64, start: i32): i32 {
  const count = <i32>Math.floor(position - 0.5 + reach) - start + 1;
  for (let tap = 0; tap < count; tap++) {
    store<f32>(weights + ((<usize>tap) << 2), weightAt((<f64>(start + tap) + 0.5 - position) / width));
  }
  return count;
}

/** The photo's pixels are larger than the raster's. There are few of them, so each has its weights made anew. */
function spreadWide(from: i32, to: i32, u0: f64, v0: f64): void {
  for (let x = from; x < to; x++) {
    const pixel = v128.load(row + ((<usize>(rim + x)) << 4));
    const u = a * (<f64>x + 0.5) + u0;
    const v = b * (<f64>x + 0.5) + v0;
    const left = <i32>Math.ceil(u - 0.5 - reach);
    const top = <i32>Math.ceil(v - 0.5 - reach);
    const columns = fillWeights(acrossWeights, u, left);
    const rows = fillWeights(downWeights, v, top);
    let start = sums + sumsRowBytes * (top + margin) + ((<usize>(left + margin)) << 4);
    for (let index = 0; index < rows; index++, start += sumsRowBytes) {
      const weighted = f32x4.mul(pixel, v128.load_splat<f32>(downWeights + ((<usize>index) << 2)));
      for (let tap = 0; tap < columns; tap++) {
        addTo(
          start + ((<usize>tap) << 4),
          f32x4.mul(weighted, v128.load_splat<f32>(acrossWeights + ((<usize>tap) << 2))),
        );
      }
    }
  }
}

function encodeSums(): void {
  const determinant = a * d - b * c;
  let to = output;
  for (let y = 0; y < rasterHeight; y++) {
    let from = sums + sumsRowBytes * (y + margin) + ((<usize>margin) << 4);
    for (let x = 0; x < rasterWidth; x++, from += 16, to += 4) {
      const u = <f64>x + 0.5 - e;
      const v = <f64>y + 0.5 - f;
      const photoX = (d * u - c * v) / determinant;
      const photoY = (a * v - b * u) / determinant;
      const isCovered = photoX >= 0 && photoX <= <f64>photoWidth && photoY >= 0 && photoY <= <f64>photoHeight;
      const sum = v128.load(from);
      store<u32>(to, isCovered ? encodePixel(f32x4.div(sum, v128.shuffle<f32>(sum, sum, 3, 3, 3, 3))) : white);
    }
  }
}
