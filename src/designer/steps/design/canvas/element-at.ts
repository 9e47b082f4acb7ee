import type { PointMm } from "#design/edits.ts";
import { findElementAt, toBox } from "#design/element-places.ts";
import { artOf, artToCard, type Box, type DrawOp, type FindArt, type VectorElement } from "#design/elements.ts";
import { countLines } from "#design/text-rules.ts";

const paths = new WeakMap<DrawOp, Path2D>();

/** An outline is read once, however often it is drawn. */
export function pathOf(op: DrawOp): Path2D {
  const known = paths.get(op) ?? new Path2D(op.path);
  paths.set(op, known);
  return known;
}

let canvas: CanvasRenderingContext2D | null | undefined;

/** One on which nothing is drawn: it only knows what lies where. */
function canvasToAsk(): CanvasRenderingContext2D | null {
  canvas ??= document.createElement("canvas").getContext("2d");
  return canvas;
}

/** Whether a point is in a box, or no further from it than that. */
function isNear(box: Box, point: PointMm, withinMm: number): boolean {
  const { xMm, yMm } = toBox(box, point);
  return Math.abs(xMm) <= box.widthMm / 2 + withinMm && Math.abs(yMm) <= box.heightMm / 2 + withinMm;
}

/** Between letters one is still on the text: so far about them, as a share of a line's height. */
const aboutLetters = 0.3;

function reachOf(element: VectorElement, withinMm: number): number {
  if (element.kind !== "text") return withinMm;
  return Math.max(withinMm, (aboutLetters * element.box.heightMm) / countLines(element.text));
}

/** Whether a point is within an element's outlines, or no further from them than that; undefined while they are not there. */
function isOnOutline(element: VectorElement, point: PointMm, withinMm: number, findArt: FindArt): boolean | undefined {
  const art = artOf(element, findArt);
  const context = canvasToAsk();
  if (art === undefined || context === null) return undefined;
  const reachMm = reachOf(element, withinMm);
  if (!isNear(element.box, point, reachMm)) return false;
  context.lineWidth = 2 * reachMm;
  context.lineJoin = "round";
  const toCard = new DOMMatrix([...artToCard(art, element.box)]);
  return art.ops.some((op) => {
    const path = new Path2D();
    path.addPath(pathOf(op), toCard);
    if (context.isPointInPath(path, point.xMm, point.yMm, op.rule)) return true;
    return reachMm > 0 && context.isPointInStroke(path, point.xMm, point.yMm);
  });
}

/** An element that is thinner than this cannot be met by its outline. */
const thinMm = 6;

/**
 * Which element is meant by a point: the uppermost that is seen there, then the uppermost no further away than `withinMm`, then a thin one
 * whose box, or what is about that, it is in. Of an element whose outlines are not there its box counts. Undefined where there is only the photo.
 */
export function findSeenAt(
  elements: readonly VectorElement[],
  point: PointMm,
  withinMm: number,
  findArt: FindArt,
): VectorElement | undefined {
  const topmost = elements.map((_element, at) => elements[elements.length - 1 - at] as VectorElement);
  const isOn = (element: VectorElement, mm: number): boolean =>
    isOnOutline(element, point, mm, findArt) ?? isNear(element.box, point, 0);
  const thin = elements.filter(({ box }) => Math.min(box.widthMm, box.heightMm) < thinMm);
  return (
    topmost.find((element) => isOn(element, 0)) ??
    topmost.find((element) => isOn(element, withinMm)) ??
    findElementAt(thin, point)
  );
}
