import { invertAffine } from "#card/placement.ts";
import { bleedSizeMm, type Product } from "#card/products.ts";
import type { Design } from "./design.ts";
import { clampBox } from "./element-box.ts";
import { addElement, findElement, maxElements, type NewElement } from "./element-edits.ts";
import type { Edit } from "./edits.ts";
import {
  type Art,
  artToCard,
  type Box,
  type Drawing,
  type DrawOp,
  drawnLengthOf,
  maxDrawnLength,
  maxOps,
  maxPathLength,
} from "./elements.ts";
import {
  type Bounds,
  boundsOf,
  boundsOfPath,
  doMeet,
  joinBounds,
  noBounds,
  type Outline,
  shiftPath,
  transformOutline,
  writePath,
} from "./outlines.ts";

/** Of the units in which a new drawing is written: finer than any card is printed. */
const unitMm = 0.01;

/** A drawing's box is not smaller, so that it can be held and still be made smaller. */
const leastBoxMm = 2;

/** What a document takes as an art's side. */
const maxSide = 10_000;

/** Kept for what an eraser adds: it cuts one line into several. */
const keptForErasing = 20_000;

/** Characters that strokes may still take on this card; 0 or less where it is full. */
export function roomToDraw({ elements }: Pick<Design, "elements">): number {
  const length = maxDrawnLength - keptForErasing - drawnLengthOf(elements);
  const canJoin = elements.some(({ kind }) => kind === "drawing");
  return elements.length < maxElements || canJoin ? length : 0;
}

/** How many decimals its coordinates need so that they are as fine on the card as those of a new drawing. */
export function decimalsOf({ art, box }: Pick<Drawing, "art" | "box">): number {
  const mmPerUnit = box.widthMm / art.width;
  return Math.min(Math.max(0, Math.ceil(Math.log10(mmPerUnit / unitMm) - 1e-6)), 6);
}

const known = new WeakMap<DrawOp, Bounds>();

/** About an outline of a drawing, in its art's units. */
export function boundsOfOp(op: DrawOp): Bounds {
  const bounds = known.get(op) ?? boundsOfPath(op.path);
  known.set(op, bounds);
  return bounds;
}

type Framed = Pick<Drawing, "art" | "box">;

/** A span made at least so long, about its middle, and whole in units of `step`. */
function widen(from: number, to: number, least: number, step: number): [number, number] {
  const more = Math.max(0, least - (to - from)) / 2;
  return [Math.floor((from - more) / step + 1e-6) * step, Math.ceil((to + more) / step - 1e-6) * step];
}

/** Art and box about these outlines, which stay where they are on the card. Their units are those of `frame`, which they may have left. */
function reframe(ops: readonly DrawOp[], frame: Framed): Framed {
  const decimals = decimalsOf(frame);
  const step = 10 ** -decimals;
  const least = leastBoxMm / (frame.box.widthMm / frame.art.width);
  const bounds = ops.map(boundsOfOp).reduce(joinBounds, noBounds);
  const [left, right] = widen(bounds.left, bounds.right, least, step);
  const [top, bottom] = widen(bounds.top, bounds.bottom, least, step);
  return cutOut(ops, frame, { left, top, right, bottom }, decimals);
}

function cutOut(ops: readonly DrawOp[], { art, box }: Framed, part: Bounds, decimals: number): Framed {
  const { left, top, right, bottom } = part;
  const [a, b, c, d, e, f] = artToCard(art, box);
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  const round = (value: number): number => Number(value.toFixed(decimals));
  const [width, height] = [round(right - left), round(bottom - top)];
  const size = { widthMm: (width * box.widthMm) / art.width, heightMm: (height * box.heightMm) / art.height };
  const isShifted = Math.abs(left) > 1e-9 || Math.abs(top) > 1e-9;
  const shift = (op: DrawOp): DrawOp => ({ ...op, path: shiftPath(op.path, -left, -top, decimals) });
  return {
    art: { width, height, ops: isShifted ? ops.map(shift) : ops },
    box: { ...box, ...size, xMm: a * x + c * y + e, yMm: b * x + d * y + f },
  };
}

function isAllowed({ art, box }: Framed, product: Product): boolean {
  const clamped = clampBox(box, product, { kind: "drawing" });
  const isInPlace = (["xMm", "yMm", "widthMm", "heightMm"] as const).every(
    (name) => Math.abs(clamped[name] - box[name]) < 1e-6,
  );
  return isInPlace && art.ops.length <= maxOps && Math.max(art.width, art.height) <= maxSide;
}

/** As outlines of a drawing, whose units they are in; what is too small to have an area is left out. */
function writeOps(outlines: readonly Outline[], fill: string, decimals: number): readonly DrawOp[] {
  return outlines.flatMap((outline) => {
    const path = writePath([outline], decimals);
    return path === "" || path.length > maxPathLength ? [] : [{ path, fill, rule: "nonzero" as const }];
  });
}

/** With the stroke on top; null where it would be more than a drawing holds. */
function joinStroke(drawing: Drawing, outlines: readonly Outline[], fill: string, product: Product): Drawing | null {
  const toArt = invertAffine(artToCard(drawing.art, drawing.box));
  const moved = outlines.map((outline) => transformOutline(outline, toArt));
  const ops = writeOps(moved, fill, decimalsOf(drawing));
  const framed = reframe([...drawing.art.ops, ...ops], drawing);
  return isAllowed(framed, product) ? { ...drawing, ...framed } : null;
}

/** A span whose middle is on the card: what hangs over is given as much air on its other side. */
function intoCard([from, to]: readonly [number, number], half: number): [number, number] {
  const middle = (from + to) / 2;
  return [middle > half ? 2 * half - to : from, middle < -half ? -2 * half - from : to];
}

function newDrawing(outlines: readonly Outline[], fill: string, product: Product): NewElement | null {
  const { widthMm, heightMm } = bleedSizeMm(product);
  const { left, top, right, bottom } = boundsOf(outlines);
  // A hundredth more on each side than the outlines reach, for what is rounded.
  const [fromX, toX] = intoCard([left - unitMm, right + unitMm], widthMm / 2);
  const [fromY, toY] = intoCard([top - unitMm, bottom + unitMm], heightMm / 2);
  const [startX, endX] = widen(fromX, toX, leastBoxMm, unitMm);
  const [startY, endY] = widen(fromY, toY, leastBoxMm, unitMm);
  const units = (mm: number): number => Math.round(mm / unitMm);
  const art: Omit<Art, "ops"> = { width: units(endX - startX), height: units(endY - startY) };
  const box: Box = {
    xMm: startX + (art.width * unitMm) / 2,
    yMm: startY + (art.height * unitMm) / 2,
    widthMm: art.width * unitMm,
    heightMm: art.height * unitMm,
    rotationDeg: 0,
    mirrored: false,
  };
  const moved = outlines.map((outline) =>
    transformOutline(outline, [1 / unitMm, 0, 0, 1 / unitMm, -startX / unitMm, -startY / unitMm]),
  );
  const ops = writeOps(moved, fill, 0);
  return ops.length === 0 ? null : { kind: "drawing", art: { ...art, ops }, box };
}

/**
 * Lays a stroke on the card: its outlines in mm from the card's centre, bottom to top, in one colour (`#rrggbb`, lower case). It joins the
 * drawing of this id as long as that holds it, and is a new drawing otherwise. Where the card is full the design stays as it is.
 */
export function layStroke(outlines: readonly Outline[], fill: string, into: string | null): Edit {
  return (design, product) => {
    const drawing = findElement(design, into);
    const joined = drawing?.kind === "drawing" ? joinStroke(drawing, outlines, fill, product) : null;
    if (joined === null) {
      const drawn = newDrawing(outlines, fill, product);
      return drawn === null ? design : addElement(drawn)(design, product);
    }
    const elements = design.elements.map((element) => (element === drawing ? joined : element));
    return drawnLengthOf(elements) > maxDrawnLength ? design : { ...design, elements };
  };
}

/** The drawings that something reaches which is so large, in mm from the card's centre. */
export function drawingsIn({ elements }: Pick<Design, "elements">, reach: Bounds): readonly Drawing[] {
  return elements.filter((element): element is Drawing => {
    if (element.kind !== "drawing") return false;
    const { width, height } = element.art;
    const corners = [0, 0, width, 0, width, height, 0, height];
    return doMeet(boundsOf([transformOutline(corners, artToCard(element.art, element.box))]), reach);
  });
}

/**
 * Leaves of each drawing, by its id, these outlines in its art's units; of one of which nothing is left the element goes. Where that would
 * be more than a card holds the design stays as it is.
 */
export function leaveOfDrawings(left: ReadonlyMap<string, readonly DrawOp[]>): Edit {
  return (design, product) => {
    const elements = design.elements.flatMap((element) => {
      const ops = element.kind === "drawing" ? left.get(element.id) : undefined;
      if (element.kind !== "drawing" || ops === undefined) return [element];
      if (ops.length === 0) return [];
      const framed = reframe(ops, element);
      // Its middle may now be beside the card: then the frame stays.
      return [{ ...element, ...(isAllowed(framed, product) ? framed : { art: { ...element.art, ops } }) }];
    });
    return drawnLengthOf(elements) > maxDrawnLength ? design : { ...design, elements };
  };
}
