import { addLine, isFull, leaveOpen } from "./edges";
import { height, width } from "./raster";

/** In pixels, between a curve and the straight lines that are drawn for it. */
const flatness: f64 = 1 / 64;
/** A curve of more pieces is halved first: of what is outside the raster nothing is drawn. */
const maxPieces: f64 = 64;

/** How far the middle of three points is from where it would be on a straight line, twice over. */
function bendOf(x0: f64, y0: f64, x1: f64, y1: f64, x2: f64, y2: f64): f64 {
  const x = x0 - 2 * x1 + x2;
  const y = y0 - 2 * y1 + y2;
  return sqrt(x * x + y * y);
}

/**
 * A cubic Bézier curve, as straight lines between points at the same distance in its parameter: of n pieces none is further from it
 * than 3/4 of its greatest bend by n².
 */
export function addCubic(x0: f64, y0: f64, x1: f64, y1: f64, x2: f64, y2: f64, x3: f64, y3: f64): void {
  const left = min(min(x0, x1), min(x2, x3));
  const right = max(max(x0, x1), max(x2, x3));
  const top = min(min(y0, y1), min(y2, y3));
  const bottom = max(max(y0, y1), max(y2, y3));
  if (bottom <= 0 || top >= <f64>height || isFull()) return;
  if (left >= <f64>width) return leaveOpen();
  // It crosses each line as often to the left border's inside as the line between its ends does.
  if (right <= 0) return addLine(x0, y0, x3, y3);
  const bend = max(bendOf(x0, y0, x1, y1, x2, y2), bendOf(x1, y1, x2, y2, x3, y3));
  const pieces = ceil(sqrt((0.75 / flatness) * bend));
  if (pieces > maxPieces) return halve(x0, y0, x1, y1, x2, y2, x3, y3);
  let lastX = x0;
  let lastY = y0;
  for (let piece: f64 = 1; piece < pieces; piece++) {
    const t = piece / pieces;
    const s = 1 - t;
    const a = s * s * s;
    const b = 3 * s * s * t;
    const c = 3 * s * t * t;
    const d = t * t * t;
    const x = a * x0 + b * x1 + c * x2 + d * x3;
    const y = a * y0 + b * y1 + c * y2 + d * y3;
    addLine(lastX, lastY, x, y);
    lastX = x;
    lastY = y;
  }
  addLine(lastX, lastY, x3, y3);
}

/** Each half bends a quarter as much: from the farthest corner there is, it is done less than twenty times over. */
function halve(x0: f64, y0: f64, x1: f64, y1: f64, x2: f64, y2: f64, x3: f64, y3: f64): void {
  const ax = (x0 + x1) / 2;
  const ay = (y0 + y1) / 2;
  const bx = (x1 + x2) / 2;
  const by = (y1 + y2) / 2;
  const cx = (x2 + x3) / 2;
  const cy = (y2 + y3) / 2;
  const dx = (ax + bx) / 2;
  const dy = (ay + by) / 2;
  const ex = (bx + cx) / 2;
  const ey = (by + cy) / 2;
  const x = (dx + ex) / 2;
  const y = (dy + ey) / 2;
  addCubic(x0, y0, ax, ay, dx, dy, x, y);
  addCubic(x, y, ex, ey, cx, cy, x3, y3);
}

/** A quadratic one: the same as a cubic with its control points two thirds of the way. */
export function addQuadratic(x0: f64, y0: f64, x1: f64, y1: f64, x2: f64, y2: f64): void {
  const third: f64 = 1.0 / 3.0;
  const ax = x0 * third + x1 * (2 * third);
  const ay = y0 * third + y1 * (2 * third);
  const bx = x2 * third + x1 * (2 * third);
  const by = y2 * third + y1 * (2 * third);
  addCubic(x0, y0, ax, ay, bx, by, x2, y2);
}
