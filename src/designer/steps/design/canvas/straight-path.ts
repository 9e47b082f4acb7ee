import type { DrawOp } from "#design/elements.ts";
import { readOutlines } from "#design/outlines.ts";
import { pathOf } from "./element-at.ts";

/** In pixels of the screen, between a curve and the straight lines that are drawn for it; at most. */
const flatness = 1 / 32;

/** Elements that share an outline are drawn in turn, each at a size of its own: so many of these are kept. */
const keptSizes = 3;

/** By the power of two below which the size is, the one that was drawn last at the end. */
const known = new WeakMap<DrawOp, Map<number, Path2D>>();

function straighten(op: DrawOp, tolerance: number): Path2D {
  const path = new Path2D();
  for (const outline of readOutlines(op.path, tolerance)) {
    path.moveTo(outline[0] as number, outline[1] as number);
    for (let at = 2; at < outline.length; at += 2) path.lineTo(outline[at] as number, outline[at + 1] as number);
    path.closePath();
  }
  return path;
}

/**
 * An outline in straight lines, for the size at which it is drawn: browsers are up to half a pixel off where they draw curves themselves. It is
 * read anew only where it is drawn at another size.
 */
export function straightPathOf(op: DrawOp, pxPerUnit: number): Path2D {
  if (!/[QC]/.test(op.path)) return pathOf(op);
  const paths = known.get(op) ?? new Map<number, Path2D>();
  known.set(op, paths);
  const power = Math.floor(Math.log2(pxPerUnit)) + 1;
  const path = paths.get(power) ?? straighten(op, flatness / 2 ** power);
  paths.delete(power);
  paths.set(power, path);
  for (const oldest of paths.keys()) if (paths.size > keptSizes) paths.delete(oldest);
  return path;
}
