import type { Placement } from "#card/placement.ts";
import { bleedSizeMm, type Product } from "#card/products.ts";
import { transformAbout, type PointMm } from "#design/edits.ts";
import { clampBox, clampFactor } from "#design/element-box.ts";
import { extentOf, fromBox, toBox } from "#design/element-places.ts";
import type { Box, VectorElement } from "#design/elements.ts";
import {
  angleBetween,
  easeTurn,
  type Hold,
  holdLevel,
  minus,
  type Motions,
  type Pinch,
  type Reached,
} from "./gesture.ts";
import { boxAt, poseOf } from "./selected.ts";

/** Part of the selection's frame: a corner of the box by the signs of its axes, or the handle that turns it. */
export const grips = ["left-top", "right-top", "left-bottom", "right-bottom", "turn"] as const;
export type Grip = (typeof grips)[number];

interface Circumstances {
  readonly product: Product;
  readonly slopMm: number;
  readonly holds: boolean;
  /** What the finger holds; undefined where it is the element itself, or anything beside it. */
  readonly grip: Grip | undefined;
  readonly others: readonly VectorElement[];
}

type ClampFactor = (wanted: number, box: Box) => number;

/** How fingers move an element, as they move the photo. */
export function elementMotions(element: VectorElement, now: Circumstances): Motions {
  const clamp = (box: Box): Placement => poseOf(clampBox(box, now.product, element));
  const at = (pose: Placement): Box => boxAt(element.box, pose);
  const factor: ClampFactor = (wanted, box) => clampFactor(wanted, box, now.product, element);
  return {
    one: (base, from, to) => {
      if (now.grip === "turn") return turn(at(base), from, to, now, clamp);
      if (now.grip !== undefined)
        return { live: clamp(scaleFromCorner(at(base), now.grip, from, to, factor)), held: [] };
      return move(at(base), minus(to, from), now, clamp);
    },
    two: (base, pinch) => pinchElement(at(base), { ...pinch, factor: factor(pinch.factor, at(base)) }, now, clamp),
  };
}

type Clamp = (box: Box) => Placement;

/** Across or down: lines that hold an element, and what of it they hold, all in mm. */
interface Axis {
  readonly lines: readonly number[];
  readonly edges: readonly number[];
}

/** The card's centre lines and the edges of the safe area, and centres and edges of the other elements. */
function axesOf(box: Box, { product, others }: Circumstances): readonly [x: Axis, y: Axis] {
  const { trimWidthMm, trimHeightMm, safeMarginMm } = product;
  const own = extentOf(box);
  const extents = others.map((other) => extentOf(other.box));
  const safe = [trimWidthMm / 2 - safeMarginMm, trimHeightMm / 2 - safeMarginMm] as const;
  return [
    {
      lines: [0, -safe[0], safe[0], ...extents.flatMap((e) => [e.leftMm, (e.leftMm + e.rightMm) / 2, e.rightMm])],
      edges: [box.xMm, own.leftMm, own.rightMm],
    },
    {
      lines: [0, -safe[1], safe[1], ...extents.flatMap((e) => [e.topMm, (e.topMm + e.bottomMm) / 2, e.bottomMm])],
      edges: [box.yMm, own.topMm, own.bottomMm],
    },
  ];
}

/** The shortest way on to a line that is near enough; null where none is. */
function snap({ lines, edges }: Axis, withinMm: number): { readonly byMm: number; readonly lineMm: number } | null {
  const ways = edges.flatMap((edge) => lines.map((lineMm) => ({ byMm: lineMm - edge, lineMm })));
  const near = ways.filter(({ byMm }) => Math.abs(byMm) <= withinMm);
  return near.length === 0 ? null : near.reduce((best, way) => (Math.abs(way.byMm) < Math.abs(best.byMm) ? way : best));
}

function move(from: Box, by: PointMm, now: Circumstances, clamp: Clamp): Reached {
  const wanted = { ...from, xMm: from.xMm + by.xMm, yMm: from.yMm + by.yMm };
  if (!now.holds) return { live: clamp(wanted), held: [] };
  const [x, y] = axesOf(wanted, now).map((axis) => snap(axis, now.slopMm));
  const moved = { ...wanted, xMm: wanted.xMm + (x?.byMm ?? 0), yMm: wanted.yMm + (y?.byMm ?? 0) };
  const live = clamp(moved);
  const bleed = bleedSizeMm(now.product);
  const held: Hold[] = [];
  if (x && live.xMm === moved.xMm) held.push(`x=${percentOf(x.lineMm, bleed.widthMm)}`);
  if (y && live.yMm === moved.yMm) held.push(`y=${percentOf(y.lineMm, bleed.heightMm)}`);
  return { live, held };
}

function percentOf(mm: number, ofMm: number): number {
  return Number((50 + (mm / ofMm) * 100).toFixed(3));
}

function turn(box: Box, from: PointMm, to: PointMm, { holds }: Circumstances, clamp: Clamp): Reached {
  const wanted = box.rotationDeg + angleBetween(minus(from, box), minus(to, box));
  const rotationDeg = holds ? holdLevel(box.rotationDeg, wanted) : wanted;
  const live = clamp({ ...box, rotationDeg });
  return { live, held: holds && live.rotationDeg % 90 === 0 ? ["level"] : [] };
}

/** The corner across from the one that is pulled stays where it is, and the proportions stay. */
function scaleFromCorner(box: Box, grip: Exclude<Grip, "turn">, from: PointMm, to: PointMm, clamp: ClampFactor): Box {
  const [x, y] = [grip.startsWith("left") ? -1 : 1, grip.endsWith("top") ? -1 : 1];
  const [halfX, halfY] = [(x * box.widthMm) / 2, (y * box.heightMm) / 2];
  // The finger holds the frame about the box, and moves the corner as far as itself along the diagonal.
  const [start, end] = [toBox(box, from), toBox(box, to)];
  const along = ((end.xMm - start.xMm) * halfX + (end.yMm - start.yMm) * halfY) / Math.hypot(halfX, halfY);
  const diagonal = 2 * Math.hypot(halfX, halfY);
  const factor = clamp(Math.max(0, (diagonal + along) / diagonal), box);
  const centre = fromBox(box, { xMm: halfX * (factor - 1), yMm: halfY * (factor - 1) });
  return { ...box, ...centre, widthMm: box.widthMm * factor, heightMm: box.heightMm * factor };
}

/** About its own centre, wherever the fingers are: beside a small element there is more room for them. */
function pinchElement(box: Box, { factor, degrees, shift }: Pinch, now: Circumstances, clamp: Clamp): Reached {
  const eased = easeTurn(degrees);
  const wantedDeg = box.rotationDeg + eased;
  const rotationDeg = now.holds && eased !== 0 ? holdLevel(box.rotationDeg, wantedDeg) : wantedDeg;
  const wanted = transformAbout(poseOf(box), box, factor, rotationDeg - box.rotationDeg, shift);
  const live = clamp(boxAt(box, { ...wanted, rotationDeg }));
  return { live, held: eased !== 0 && now.holds && live.rotationDeg % 90 === 0 ? ["level"] : [] };
}
