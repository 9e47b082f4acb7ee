import type { DrawOp } from "#design/elements.ts";
import { readOutlines } from "#design/outlines.ts";
import { pathOf } from "./element-at.ts";

/** In pixels of the screen, between a curve and the straight lines that are drawn for it; at most. */
const flatness = 1 / 32;

const known = new WeakMap<DrawOp, { readonly path: Path2D; readonly pxPerUnit: number }>();

/**
 * An outline in straight lines, for the size at which it is drawn: browsers are up to half a pixel off where they draw curves themselves. It is
 * read anew only where it is drawn at another size.
 */
export function straightPathOf(op: DrawOp, pxPerUnit: number): Path2D {
  if (!/[QC]/.test(op.path)) return pathOf(op);
  const before = known.get(op);
  if (before !== undefined && before.pxPerUnit >= pxPerUnit && before.pxPerUnit < 4 * pxPerUnit) return before.path;
  // Fine enough also for one that grows under the hand.
  const fine = 2 * pxPerUnit;
  const path = new Path2D();
  for (const outline of readOutlines(op.path, flatness / fine)) {
    path.moveTo(outline[0] as number, outline[1] as number);
    for (let at = 2; at < outline.length; at += 2) path.lineTo(outline[at] as number, outline[at + 1] as number);
    path.closePath();
  }
  known.set(op, { path, pxPerUnit: fine });
  return path;
}
