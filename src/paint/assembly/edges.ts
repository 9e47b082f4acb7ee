import { maxCrossings, maxEdges } from "./limits";
import { edges, heads, height, lineBits, partBits, reach, width } from "./raster";

/** A straight piece of outline, as lines of samples cross it; x is in parts of a pixel, with 32 bits behind them. */
@unmanaged
export class Edge {
  /** Where it crosses the line that is looked at. */
  x: i64;
  /** From line to line. */
  step: i64;
  /** The line behind its last. */
  end: i32;
  /** 1 where it goes down, -1 where it goes up. */
  turn: i32;
  /** Another one that begins at the same line. */
  next: usize;
}

const edgeBytes: usize = 32;
const fraction: i64 = 32;
const lineParts = partBits - lineBits;
/** From one line of samples to the next, in parts of a pixel; each lies in the middle of its share. */
const lineStep = 1 << lineParts;

let count = 0;
let crossings = 0;
/** From left to right, in parts of a pixel. */
let leftmost = 0;
let rightmost = 0;
/** The first line of samples that is crossed, and the one behind the last. */
export let firstLine = 0;
export let endLine = 0;

/** Drops all of a path that is not to be drawn, and of one that has been. */
export function clear(): void {
  for (let line = firstLine; line < endLine; line++) store<u32>(heads + ((<usize>line) << 2), 0);
  count = 0;
  crossings = 0;
  leftmost = i32.MAX_VALUE;
  rightmost = 0;
  firstLine = i32.MAX_VALUE;
  endLine = 0;
}

/** Whether there has been more than is drawn. */
export function isFull(): bool {
  return count >= maxEdges || crossings > maxCrossings;
}

/** How much there is to do, as `maxWork` counts it. */
export function workOf(): i64 {
  if (count === 0) return 0;
  const rows = ((endLine - firstLine) >> lineBits) + 1;
  const columns = max(0, (rightmost - leftmost) >> partBits) + 1;
  return <i64>crossings + ((rows * columns) >> 2);
}

/** To the nearest part of a pixel, the middle between two to the greater one. Nothing is rounded a second time. */
function toParts(px: f64): i32 {
  return <i32>floor(px * <f64>(1 << partBits) + 0.5);
}

/** The first line of samples at or behind this. */
function lineAt(y: i32): i32 {
  return (y + (lineStep >> 1) - 1) >> lineParts;
}

/** Both ends lie on the raster or its border. */
function addEdge(fromX: f64, fromY: f64, toX: f64, toY: f64): void {
  const isDown = fromY < toY;
  const x = toParts(isDown ? fromX : toX);
  const y = max(0, toParts(isDown ? fromY : toY));
  const lowX = toParts(isDown ? toX : fromX);
  const lowY = min(height << partBits, toParts(isDown ? toY : fromY));
  const first = lineAt(y);
  const end = lineAt(lowY);
  if (first >= end || isFull()) return;
  const at = edges + <usize>count * edgeBytes;
  reach(at + edgeBytes);
  count++;
  crossings += end - first;
  const slope = ((<i64>(lowX - x)) << fraction) / (lowY - y);
  const edge = changetype<Edge>(at);
  edge.x = ((<i64>x) << fraction) + slope * ((first << lineParts) + (lineStep >> 1) - y);
  edge.step = slope << lineParts;
  edge.end = end;
  edge.turn = isDown ? 1 : -1;
  const head = heads + ((<usize>first) << 2);
  edge.next = load<u32>(head);
  store<u32>(head, <u32>at);
  leftmost = min(leftmost, min(x, lowX));
  rightmost = max(rightmost, max(x, lowX));
  firstLine = min(firstLine, first);
  endLine = max(endLine, end);
}

/** Something is right of the raster: what it closes goes as far as the right border. */
export function leaveOpen(): void {
  rightmost = width << partBits;
}

/**
 * A straight piece of outline, anywhere. What is above, below or right of the raster crosses nothing that is drawn; what is left of
 * it is drawn along its left border, since it decides what is inside there.
 */
export function addLine(fromX: f64, fromY: f64, toX: f64, toY: f64): void {
  const w: f64 = width;
  const h: f64 = height;
  if (min(fromY, toY) >= h || max(fromY, toY) <= 0 || fromY === toY) return;
  if (min(fromX, toX) >= w) return leaveOpen();
  const across = (toX - fromX) / (toY - fromY);
  let x0 = fromX;
  let y0 = fromY;
  let x1 = toX;
  let y1 = toY;
  if (y0 < 0 || y0 > h) {
    y0 = y0 < 0 ? 0 : h;
    x0 = fromX + (y0 - fromY) * across;
  }
  if (y1 < 0 || y1 > h) {
    y1 = y1 < 0 ? 0 : h;
    x1 = fromX + (y1 - fromY) * across;
  }
  if (min(x0, x1) >= w) return leaveOpen();
  if (max(x0, x1) <= 0) return addEdge(0, y0, 0, y1);
  const down = (y1 - y0) / (x1 - x0);
  let startX = x0;
  let startY = y0;
  if (x0 < 0) {
    startX = 0;
    startY = y0 - x0 * down;
    addEdge(0, y0, 0, startY);
  } else if (x0 > w) {
    startX = w;
    startY = y0 + (w - x0) * down;
  }
  if (x1 < 0) {
    const crossing = y0 - x0 * down;
    addEdge(startX, startY, 0, crossing);
    addEdge(0, crossing, 0, y1);
  } else if (x1 > w) addEdge(startX, startY, w, y0 + (w - x0) * down);
  else addEdge(startX, startY, x1, y1);
}
