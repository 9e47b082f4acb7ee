import { endLine, firstLine } from "./edges";
import { clearLine, crossed, edgeAt, enterLine } from "./lines";
import { lineBits, partBits, pixels, row, width } from "./raster";

const full = 1 << partBits;
/** Of a pixel that is covered all over. */
const wholeBits = partBits + lineBits;

/** The first pixel of the row that something covers, and the one behind the last. */
let from = 0;
let to = 0;

/** Fills what the edges enclose. `inside` is a mask of the windings that are: 1 for every second, -1 for all but none. */
export function scan(inside: i32, colour: u32): void {
  clearLine();
  from = width;
  to = 0;
  for (let line = firstLine; line < endLine; line++) {
    enterLine(line);
    coverLine(inside);
    const isLast = ((line + 1) & ((1 << lineBits) - 1)) === 0 || line + 1 === endLine;
    if (isLast && from < to) blendRow(line >> lineBits, colour);
  }
}

/** In parts of a pixel, on the raster. */
function partAt(x: i64): i32 {
  return max(0, min(width << partBits, <i32>((x + 0x80000000) >> 32)));
}

function coverLine(inside: i32): void {
  let winding = 0;
  let start = 0;
  for (let index = 0; index < crossed; index++) {
    const edge = edgeAt(index);
    const was = (winding & inside) !== 0;
    winding += edge.turn;
    const is = (winding & inside) !== 0;
    if (was === is) continue;
    if (is) start = partAt(edge.x);
    else cover(start, partAt(edge.x));
  }
  // What closes it is right of the raster.
  if ((winding & inside) !== 0) cover(start, width << partBits);
}

function add(pixel: i32, change: i32): void {
  const at = row + ((<usize>pixel) << 2);
  store<i32>(at, load<i32>(at) + change);
}

/** From one part of a pixel to another. */
function cover(start: i32, end: i32): void {
  if (start >= end) return;
  const first = start >> partBits;
  const last = end >> partBits;
  if (first === last) {
    add(first, end - start);
    add(first + 1, start - end);
  } else {
    const left = start & (full - 1);
    const right = end & (full - 1);
    add(first, full - left);
    add(first + 1, left);
    add(last, right - full);
    add(last + 1, -right);
  }
  from = min(from, first);
  to = max(to, last + 1);
}

/** A 255th of this, to the nearest: never halfway between two, since 255 is odd. */
function by255(value: i32): i32 {
  return (value + 127) / 255;
}

/** The colour's share and the other's are rounded apart, as canvases do it, and as `printVeil` does. */
function blend(at: usize, colour: i32, opacity: i32): void {
  store<u8>(at, by255(colour * opacity) + by255(<i32>load<u8>(at) * (255 - opacity)));
}

/** Lays the colour on a row, as far as it is covered, and clears that. */
function blendRow(y: i32, colour: u32): void {
  const red = <i32>(colour & 255);
  const green = <i32>((colour >> 8) & 255);
  const blue = <i32>((colour >> 16) & 255);
  let coverage = 0;
  const end = min(to, width);
  let at = pixels + ((<usize>(y * width + from)) << 2);
  for (let x = from; x < end; x++, at += 4) {
    coverage += load<i32>(row + ((<usize>x) << 2));
    const opacity = (coverage * 255 + (1 << (wholeBits - 1))) >> wholeBits;
    if (opacity === 255) store<u32>(at, colour);
    else if (opacity !== 0) {
      blend(at, red, opacity);
      blend(at + 1, green, opacity);
      blend(at + 2, blue, opacity);
    }
  }
  memory.fill(row + ((<usize>from) << 2), 0, (<usize>(to - from + 1)) << 2);
  from = width;
  to = 0;
}
