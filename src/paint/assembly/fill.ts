import { addCubic, addQuadratic } from "./curves";
import { addLine, clear, isFull, workOf } from "./edges";
import { done, maxDistance, maxWork, tooComplex, tooFar } from "./limits";
import { layOut, path, pixels } from "./raster";
import { scan } from "./scan";

/** What a path's numbers begin with: move, line, quadratic, cubic; anything else closes. */
const move: f64 = 0;
const line: f64 = 1;
const quadratic: f64 = 2;
const cubic: f64 = 3;

/** What the picture's paths have taken so far. */
let work: i64 = 0;

/** A raster of so many pixels, RGBA, and paths of so many numbers at most. Answers where the pixels are to be put. */
export function begin(width: i32, height: i32, pathNumbers: i32): usize {
  // Of a path in the middle of which the memory ran out.
  clear();
  work = 0;
  layOut(width, height, pathNumbers);
  return pixels;
}

/** Where a path's numbers are to be put. */
export function pathAt(): usize {
  return path;
}

let a: f64 = 0;
let b: f64 = 0;
let c: f64 = 0;
let d: f64 = 0;
let e: f64 = 0;
let f: f64 = 0;

/** From the path's units to pixels of the raster, for the next path. */
export function setMatrix(ofA: f64, ofB: f64, ofC: f64, ofD: f64, ofE: f64, ofF: f64): void {
  a = ofA;
  b = ofB;
  c = ofC;
  d = ofD;
  e = ofE;
  f = ofF;
}

let x: f64 = 0;
let y: f64 = 0;

/** Reads a corner; false where it is too far away, or nowhere. */
function readCorner(at: usize): bool {
  const fromX = load<f64>(at);
  const fromY = load<f64>(at, 8);
  x = a * fromX + c * fromY + e;
  y = b * fromX + d * fromY + f;
  return abs(x) <= maxDistance && abs(y) <= maxDistance;
}

/** Makes edges of the path. */
function trace(count: i32): i32 {
  let startX: f64 = 0;
  let startY: f64 = 0;
  let fromX: f64 = 0;
  let fromY: f64 = 0;
  let at = path;
  const end = path + ((<usize>count) << 3);
  while (at < end) {
    const command = load<f64>(at);
    at += 8;
    if (command > cubic) {
      addLine(fromX, fromY, startX, startY);
      fromX = startX;
      fromY = startY;
      continue;
    }
    let x1: f64 = 0;
    let y1: f64 = 0;
    let x2: f64 = 0;
    let y2: f64 = 0;
    if (command >= quadratic) {
      if (!readCorner(at)) return tooFar;
      at += 16;
      x1 = x;
      y1 = y;
    }
    if (command === cubic) {
      if (!readCorner(at)) return tooFar;
      at += 16;
      x2 = x;
      y2 = y;
    }
    if (!readCorner(at)) return tooFar;
    at += 16;
    if (command === move) {
      // An outline that is left open is filled as if it were closed.
      addLine(fromX, fromY, startX, startY);
      startX = x;
      startY = y;
    } else if (command === line) addLine(fromX, fromY, x, y);
    else if (command === quadratic) addQuadratic(fromX, fromY, x1, y1, x, y);
    else addCubic(fromX, fromY, x1, y1, x2, y2, x, y);
    fromX = x;
    fromY = y;
  }
  addLine(fromX, fromY, startX, startY);
  work += workOf();
  return isFull() || work > maxWork ? tooComplex : done;
}

/**
 * Fills the path of which so many numbers lie at `pathAt` with a colour (0xffBBGGRR), where its winding is odd, or any but none. Where it
 * cannot, nothing of it is drawn.
 */
export function fill(count: i32, colour: u32, isEvenOdd: bool): i32 {
  const outcome = trace(count);
  if (outcome === done) scan(isEvenOdd ? 1 : -1, colour);
  clear();
  return outcome;
}
