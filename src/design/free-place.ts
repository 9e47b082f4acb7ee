import type { Product, RectMm } from "#card/products.ts";
import { countCells, cover, filledBy, type Grid, lineAt, lineBefore, toLines } from "./coverage.ts";
import { type Design, vectorElementsOf } from "./design.ts";
import type { PointMm } from "./edits.ts";
import type { VectorElement } from "./elements.ts";
import { guidesOf } from "./templates/template.ts";
import { findTemplate } from "./templates/templates.ts";

/** So far apart lie the places that are tried. */
const stepMm = 1;

/** Nearer to another element's middle than this, a new element would hide it. */
const apartMm = 5;

type Size = Pick<RectMm, "widthMm" | "heightMm">;

/** What is new keeps so far from other elements, if there is room for that. */
const airMm = 1;

/**
 * The first of these sizes for which there is room, and where it lies: as near to the card's centre as chip, print and other elements leave
 * room. It touches none of them where that can be, and is not close to one if that can be too; nor does it lie where the template hints at
 * something, unless there is no room but that. So far from the print (`offPrintMm`) it keeps where that does not ask for the last of several sizes.
 * Where no size has room it is the first one.
 */
export function findFreePlace(
  sizes: readonly [Size, ...Size[]],
  design: Pick<Design, "elements" | "template">,
  product: Product,
  offPrintMm = 0,
): PointMm & Size {
  const others = vectorElementsOf(design);
  const hints = guidesOf(findTemplate(design.template, product), design).map(toRoom);
  const roomy = sizes.length > 1 ? sizes.slice(0, -1) : sizes;
  for (const inTheWay of hints.length === 0 ? [others] : [[...others, ...hints], others]) {
    const airy = offPrintMm > 0 ? findBeside(roomy, inTheWay, product, offPrintMm) : undefined;
    const found = airy ?? findBeside(sizes, inTheWay, product);
    if (found !== undefined) return found;
  }
  return findOver(sizes, others, product);
}

/** All of the room that a hint has: what is meant for it may fill that. */
function toRoom({ id, box }: VectorElement): VectorElement {
  return { kind: "shape", shape: "rectangle", id, box, fill: "#000000" };
}

/** The first of these sizes for which there is room beside these, and so far from the print. */
function findBeside(
  sizes: readonly Size[],
  others: readonly VectorElement[],
  product: Product,
  offPrintMm = 0,
): (PointMm & Size) | undefined {
  const inTheWay = others.filter((element) => roughlyCoveredBy(element, product).includes(0));
  const isRoughlyFree = toFree(joinCells(inTheWay, product), millimetresOf(product));
  for (const size of sizes) {
    const places = listPlaces(size, product).filter(
      (place) => isClear(place, size, product, offPrintMm) && isRoughlyFree(place, size),
    );
    const room = findRoom(places, size, inTheWay, product);
    if (room !== undefined) return { ...room, ...size };
  }
  return undefined;
}

/** Where nothing is free: not about another's middle, and in the first size that is off the print, if one is. */
function findOver(
  sizes: readonly [Size, ...Size[]],
  others: readonly VectorElement[],
  product: Product,
): PointMm & Size {
  const isApart = (place: PointMm): boolean =>
    others.every(({ box }) => Math.hypot(place.xMm - box.xMm, place.yMm - box.yMm) >= apartMm);
  const clearOf = (size: Size): readonly PointMm[] =>
    listPlaces(size, product).filter((place) => isClear(place, size, product));
  for (const size of sizes) {
    const clear = clearOf(size).find(isApart);
    if (clear !== undefined) return { ...clear, ...size };
  }
  const [first] = sizes;
  const place = listPlaces(first, product).find(isApart) ?? clearOf(first)[0] ?? { xMm: 0, yMm: 0 };
  return { ...place, ...first };
}

/** The first of these places at which one of this size touches no other element, nor is close to one if that can be. */
function findRoom(
  places: readonly PointMm[],
  size: Size,
  others: readonly VectorElement[],
  product: Product,
): PointMm | undefined {
  if (places.length === 0) return undefined;
  const grid = sidesOf(size, product);
  const isFree = toFree(coverAll(others, grid), grid);
  const airy = { widthMm: size.widthMm + 2 * airMm, heightMm: size.heightMm + 2 * airMm };
  return places.find((place) => isFree(place, airy)) ?? places.find((place) => isFree(place, size));
}

/** The lines on which the sides of one of this size can lie, and of the air about it: it covers whole cells, wherever it lies. */
function sidesOf(size: Size, product: Product): Grid {
  const { across, down } = reachOf(size, product);
  const lines = (steps: number, sideMm: number): Grid["x"] =>
    toLines(around(steps).flatMap((mm) => [0, airMm].flatMap((air) => [mm - sideMm / 2 - air, mm + sideMm / 2 + air])));
  return { x: lines(across, size.widthMm), y: lines(down, size.heightMm) };
}

/** Tells whether no cell is covered of those that one of a size covers wholly at a place. */
function toFree(cells: Uint8Array, grid: Grid): (place: PointMm, size: Size) => boolean {
  const { x, y } = grid;
  const columns = countCells(x) + 1;
  const sums = sumUp(cells, grid);
  const before = (column: number, row: number): number => sums[row * columns + column] as number;
  return ({ xMm, yMm }, { widthMm, heightMm }) => {
    const [left, right] = [lineAt(x, xMm - widthMm / 2), lineBefore(x, xMm + widthMm / 2)];
    const [top, bottom] = [lineAt(y, yMm - heightMm / 2), lineBefore(y, yMm + heightMm / 2)];
    if (left >= right || top >= bottom) return true;
    return before(right, bottom) - before(left, bottom) - before(right, top) + before(left, top) === 0;
  };
}

function coverAll(others: readonly VectorElement[], grid: Grid): Uint8Array {
  const cells = new Uint8Array(countCells(grid.x) * countCells(grid.y));
  for (const element of others) for (const filled of filledBy(element)) cover(filled, grid, cells);
  return cells;
}

/** The whole square millimetres of the safe area. */
function millimetresOf(product: Product): Grid {
  const { widthMm, heightMm } = safeSizeOf(product);
  const lines = (sideMm: number): Grid["x"] =>
    toLines(Array.from({ length: Math.floor(sideMm) + 1 }, (_, at) => at - Math.floor(sideMm) / 2));
  return { x: lines(widthMm), y: lines(heightMm) };
}

const known = new WeakMap<VectorElement, { readonly product: Product; readonly cells: Uint8Array }>();

/**
 * The square millimetres of the safe area that an element covers any of. What leaves none free is a ground: whatever is new lies on it, and beside
 * what else is there. Whatever else covers one of these wholly touches the element, which spares most sizes a closer look.
 */
function roughlyCoveredBy(element: VectorElement, product: Product): Uint8Array {
  const before = known.get(element);
  if (before?.product === product) return before.cells;
  const cells = coverAll([element], millimetresOf(product));
  known.set(element, { product, cells });
  return cells;
}

function joinCells(others: readonly VectorElement[], product: Product): Uint8Array {
  const joined = coverAll([], millimetresOf(product));
  for (const element of others) {
    const cells = roughlyCoveredBy(element, product);
    for (let at = 0; at < cells.length; at += 1) joined[at] = (joined[at] as number) | (cells[at] as number);
  }
  return joined;
}

/** How many covered cells lie above and before each crossing of lines. */
function sumUp(cells: Uint8Array, { x, y }: Grid): Uint32Array {
  const [columns, rows] = [countCells(x) + 1, countCells(y) + 1];
  const sums = new Uint32Array(columns * rows);
  for (let row = 1; row < rows; row += 1) {
    let inRow = 0;
    for (let column = 1; column < columns; column += 1) {
      inRow += cells[(row - 1) * (columns - 1) + column - 1] as number;
      sums[row * columns + column] = (sums[(row - 1) * columns + column] as number) + inRow;
    }
  }
  return sums;
}

function safeSizeOf({ trimWidthMm, trimHeightMm, safeMarginMm }: Product): Size {
  return { widthMm: trimWidthMm - 2 * safeMarginMm, heightMm: trimHeightMm - 2 * safeMarginMm };
}

/** How many steps one of this size can be moved from the centre within the safe area. */
function reachOf({ widthMm, heightMm }: Size, product: Product): { readonly across: number; readonly down: number } {
  const safe = safeSizeOf(product);
  const reach = (safeMm: number, ownMm: number): number => Math.max(0, Math.floor((safeMm - ownMm) / 2 / stepMm));
  return { across: reach(safe.widthMm, widthMm), down: reach(safe.heightMm, heightMm) };
}

function around(steps: number): readonly number[] {
  return Array.from({ length: 2 * steps + 1 }, (_, at) => (at - steps) * stepMm);
}

/** Whatever leaves it within the safe area, the nearest to the centre first. */
function listPlaces(size: Size, product: Product): PointMm[] {
  const { across, down } = reachOf(size, product);
  const places = around(across).flatMap((xMm) => around(down).map((yMm) => ({ xMm, yMm })));
  return places.sort((one, other) => one.xMm ** 2 + one.yMm ** 2 - other.xMm ** 2 - other.yMm ** 2);
}

/** Less is what is rounded on the way. */
const touchMm = 1e-6;

/** Whether it is so far from everything that is printed or mounted on the card. */
function isClear({ xMm, yMm }: PointMm, { widthMm, heightMm }: Size, { zones }: Product, airMm = 0): boolean {
  const air = airMm === 0 ? 0 : airMm - touchMm;
  const [across, down] = [widthMm / 2 + air, heightMm / 2 + air];
  return zones.every(
    (zone) =>
      xMm + across <= zone.xMm ||
      xMm - across >= zone.xMm + zone.widthMm ||
      yMm + down <= zone.yMm ||
      yMm - down >= zone.yMm + zone.heightMm,
  );
}
