import { bleedSizeMm, type Product, type RectMm, type Zone } from "#card/products.ts";
import type { PointMm } from "./edits.ts";
import { type BoxChange, moveBoxBy } from "./element-box.ts";
import type { Box, VectorElement } from "./elements.ts";

/** The upright rectangle about a box, in mm from the card's centre. */
export interface Extent {
  readonly leftMm: number;
  readonly topMm: number;
  readonly rightMm: number;
  readonly bottomMm: number;
}

/** How far the upright rectangle about such a box reaches from its centre, across and down. */
function reachOf({ widthMm, heightMm, rotationDeg }: Box): PointMm {
  const radians = (rotationDeg * Math.PI) / 180;
  const [cos, sin] = [Math.abs(Math.cos(radians)), Math.abs(Math.sin(radians))];
  return { xMm: (widthMm * cos + heightMm * sin) / 2, yMm: (widthMm * sin + heightMm * cos) / 2 };
}

export function extentOf(box: Box): Extent {
  const { xMm, yMm } = reachOf(box);
  return { leftMm: box.xMm - xMm, topMm: box.yMm - yMm, rightMm: box.xMm + xMm, bottomMm: box.yMm + yMm };
}

/** A point of the card in the box's own axes, from its centre. */
export function toBox(box: Box, point: PointMm): PointMm {
  const radians = (box.rotationDeg * Math.PI) / 180;
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  const [xMm, yMm] = [point.xMm - box.xMm, point.yMm - box.yMm];
  return { xMm: cos * xMm + sin * yMm, yMm: cos * yMm - sin * xMm };
}

/** The other way round. */
export function fromBox(box: Box, { xMm, yMm }: PointMm): PointMm {
  const radians = (box.rotationDeg * Math.PI) / 180;
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  return { xMm: box.xMm + cos * xMm - sin * yMm, yMm: box.yMm + sin * xMm + cos * yMm };
}

/** However small an element is, so much about its centre belongs to it for a finger. */
const leastTargetMm = 6;

function isWithin(box: Box, point: PointMm, leastMm: number): boolean {
  const { xMm, yMm } = toBox(box, point);
  return Math.abs(xMm) <= Math.max(box.widthMm, leastMm) / 2 && Math.abs(yMm) <= Math.max(box.heightMm, leastMm) / 2;
}

/** Which element is meant by a point: the uppermost whose box it is in, or near a small one; undefined where there is only the photo. */
export function findElementAt<Placed extends Pick<VectorElement, "box">>(
  elements: readonly Placed[],
  point: PointMm,
): Placed | undefined {
  const topmost = elements.map((_element, at) => elements[elements.length - 1 - at] as Placed);
  return (
    topmost.find(({ box }) => isWithin(box, point, 0)) ?? topmost.find(({ box }) => isWithin(box, point, leastTargetMm))
  );
}

/** Where an element lies, for whoever does not see it. */
export interface Place {
  /** What is nearest. */
  readonly to: "chip" | "network-mark" | "edge";
  /** Between the two, in mm; 0 where they meet. */
  readonly gapMm: number;
}

function gapTo({ leftMm, topMm, rightMm, bottomMm }: Extent, { xMm, yMm, widthMm, heightMm }: RectMm): number {
  const across = Math.max(xMm - rightMm, leftMm - (xMm + widthMm), 0);
  const down = Math.max(yMm - bottomMm, topMm - (yMm + heightMm), 0);
  return Math.hypot(across, down);
}

type KeptClear = Zone & { readonly kind: "chip" | "network-mark" };

function keptClear({ zones }: Product): readonly KeptClear[] {
  return zones.filter((zone): zone is KeptClear => zone.kind === "chip" || zone.kind === "network-mark");
}

/** What is nearest to an element: the chip, the network mark or the card's edge. */
export function placeOf(box: Box, product: Product): Place {
  const extent = extentOf(box);
  const { trimWidthMm, trimHeightMm } = product;
  const toEdge = Math.min(
    extent.leftMm + trimWidthMm / 2,
    extent.topMm + trimHeightMm / 2,
    trimWidthMm / 2 - extent.rightMm,
    trimHeightMm / 2 - extent.bottomMm,
  );
  const places: readonly Place[] = [
    ...keptClear(product).map((zone) => ({ to: zone.kind, gapMm: gapTo(extent, zone) })),
    { to: "edge", gapMm: Math.max(0, toEdge) },
  ];
  return places.reduce((nearest, place) => (place.gapMm < nearest.gapMm ? place : nearest));
}

/** What will not be seen of an element: most of it lies under chip or network mark, or the cutter takes some of it off. */
export type ElementFlaw = "under-chip" | "under-mark" | "cut";

const hiddenShare = 0.75;

/** How much of a box lies in a zone, of 1. */
function shareUnder(box: Box, { xMm, yMm, widthMm, heightMm }: RectMm): number {
  const at = Array.from({ length: 9 }, (_, index) => (index - 4) / 9);
  const points = at.flatMap((x) => at.map((y) => fromBox(box, { xMm: x * box.widthMm, yMm: y * box.heightMm })));
  const isUnder = (point: PointMm): boolean =>
    point.xMm >= xMm && point.xMm <= xMm + widthMm && point.yMm >= yMm && point.yMm <= yMm + heightMm;
  return points.filter(isUnder).length / points.length;
}

/** Less of an element that is cut off is not missed: pictures have a little air about them. */
const unseenMm = 0.5;

/** Whether the cutter takes some of it off that is not meant for it: a rectangle that reaches beyond the bleed is a stripe or a ground. */
function isCutOff(element: VectorElement, product: Product): boolean {
  const { leftMm, topMm, rightMm, bottomMm } = extentOf(element.box);
  const { widthMm, heightMm } = bleedSizeMm(product);
  const isStripe = element.kind === "shape" && element.shape === "rectangle";
  const sides = [
    [-leftMm, product.trimWidthMm, widthMm],
    [rightMm, product.trimWidthMm, widthMm],
    [-topMm, product.trimHeightMm, heightMm],
    [bottomMm, product.trimHeightMm, heightMm],
  ] as const;
  return sides.some(([reach, trim, bleed]) => reach > trim / 2 + unseenMm && !(isStripe && reach >= bleed / 2));
}

/** What will not be seen of an element; null where all of it will. */
export function findElementFlaw(element: VectorElement, product: Product): ElementFlaw | null {
  const zone = keptClear(product).find((each) => shareUnder(element.box, each) >= hiddenShare);
  if (zone !== undefined) return zone.kind === "chip" ? "under-chip" : "under-mark";
  return isCutOff(element, product) ? "cut" : null;
}

/** Back into the safe area, or where it is too large for that about the card's centre. */
function intoSafeArea(box: Box, { trimWidthMm, trimHeightMm, safeMarginMm }: Product): BoxChange {
  const reach = reachOf(box);
  const within = (at: number, half: number, room: number): number =>
    half > room ? 0 : Math.min(Math.max(at, half - room), room - half);
  const xMm = within(box.xMm, reach.xMm, trimWidthMm / 2 - safeMarginMm);
  const yMm = within(box.yMm, reach.yMm, trimHeightMm / 2 - safeMarginMm);
  return moveBoxBy(xMm - box.xMm, yMm - box.yMm);
}

const directions = 12;
const stepMm = 1;
const farthestMm = 30;

/** The shortest way to where all of an element is seen; null where there is none. */
export function moveIntoSight(element: VectorElement, product: Product): BoxChange | null {
  const isSeen = (change: BoxChange): boolean =>
    findElementFlaw({ ...element, box: change(element.box, product, element) }, product) === null;
  const back = intoSafeArea(element.box, product);
  if (isSeen(back)) return back;
  for (let wayMm = stepMm; wayMm <= farthestMm; wayMm += stepMm) {
    for (let direction = 0; direction < directions; direction++) {
      const angle = (2 * Math.PI * direction) / directions;
      const aside = moveBoxBy(wayMm * Math.cos(angle), wayMm * Math.sin(angle));
      const safe = intoSafeArea(aside(element.box, product, element), product);
      const change: BoxChange = (box) => safe(aside(box, product, element), product, element);
      if (isSeen(change)) return change;
    }
  }
  return null;
}
