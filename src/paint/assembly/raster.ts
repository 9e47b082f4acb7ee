import { maxEdges } from "./limits";

/** The picture's pixels, RGBA, row by row; laid out behind what is made for good. */
export let pixels: usize = 0;
export let width = 0;
export let height = 0;

/** A row's coverage, as differences from pixel to pixel: it goes on for two pixels behind the last. */
export let row: usize = 0;
/** For each line of samples the first of the edges that begin there. */
export let heads: usize = 0;
/** The edges that the line of samples crosses, from left to right, and as many beside them. */
export let active: usize = 0;
/** Where the numbers of a path are put. */
export let path: usize = 0;
/** To the end of the memory: as many as there are. */
export let edges: usize = 0;

const pageBits = 16;
let base: usize = 0;

/** Lines of samples in a row of pixels, as a power of two. */
export const lineBits = 4;
/** Parts of a pixel that a point may lie on, as a power of two. */
export const partBits = 8;

/** Makes room up to there, zeroed where it is new. */
export function reach(end: usize): void {
  const missing = <i32>(((end - 1) >> pageBits) + 1) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) unreachable();
}

function place(at: usize, bytes: usize): usize {
  return (at + bytes + 15) & ~15;
}

/** Room for a raster of so many pixels, and for paths of so many numbers. */
export function layOut(ofWidth: i32, ofHeight: i32, pathNumbers: i32): void {
  if (base === 0) base = heap.alloc(16);
  width = ofWidth;
  height = ofHeight;
  pixels = base;
  row = place(pixels, (<usize>(width * height)) << 2);
  heads = place(row, (<usize>(width + 2)) << 2);
  active = place(heads, (<usize>(height << lineBits)) << 2);
  path = place(active, (<usize>maxEdges) << 2);
  edges = place(path, (<usize>pathNumbers) << 3);
  reach(edges);
  memory.fill(row, 0, active - row);
}
