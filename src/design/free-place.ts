import type { Product, RectMm } from "#card/products.ts";
import { cover, filledBy, type Grid, lineAt, toLines } from "./coverage.ts";
import { type Design, vectorElementsOf } from "./design.ts";
import type { PointMm } from "./edits.ts";
import type { VectorElement } from "./elements.ts";

/** So far apart lie the places that are tried. */
const stepMm = 1;

/** Nearer to another element's middle than this, a new element would hide it. */
const apartMm = 5;

type Size = Pick<RectMm, "widthMm" | "heightMm">;

/** What is new keeps so far from other elements, if there is room for that. */
const airMm = 1;

/**
 * Where a new element of this size lies: as near to the card's centre as chip, print and other elements leave room. It touches none of them
 * where that can be.
 */
export function findFreePlace(size: Size, design: Pick<Design, "elements">, product: Product): PointMm {
  const room = findRoom(size, design, product);
  if (room !== undefined) return room;
  const others = vectorElementsOf(design);
  const places = listPlaces(size, product);
  const isApart = (place: PointMm): boolean =>
    others.every(({ box }) => Math.hypot(place.xMm - box.xMm, place.yMm - box.yMm) >= apartMm);
  const clear = places.filter((place) => isClear(place, size, product));
  return clear.find(isApart) ?? places.find(isApart) ?? clear[0] ?? { xMm: 0, yMm: 0 };
}

/** Where one of this size touches neither chip, print nor another element, and is not close to one if that can be; undefined where there is no such place. */
export function findRoom(size: Size, design: Pick<Design, "elements">, product: Product): PointMm | undefined {
  const others = vectorElementsOf(design);
  const clear = listPlaces(size, product).filter((place) => isClear(place, size, product));
  for (const air of [airMm, 0]) {
    const airy = { widthMm: size.widthMm + 2 * air, heightMm: size.heightMm + 2 * air };
    const found = clear.find(besideAll(others, clear, airy));
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Tells of each place whether one of this size would touch nothing there. It covers whole cells of a grid whose lines are those on which its sides
 * can lie, so that each outline is looked at once, however many places there are.
 */
function besideAll(
  others: readonly VectorElement[],
  places: readonly PointMm[],
  size: Size,
): (place: PointMm) => boolean {
  const lines = (middles: readonly number[], lengthMm: number): readonly number[] =>
    toLines([...new Set(middles)].flatMap((mm) => [mm - lengthMm / 2, mm + lengthMm / 2]));
  const x = lines(
    places.map(({ xMm }) => xMm),
    size.widthMm,
  );
  const y = lines(
    places.map(({ yMm }) => yMm),
    size.heightMm,
  );
  const sums = sumUp(coverAll(others, { x, y }), { x, y });
  return ({ xMm, yMm }) => {
    const [left, right] = [lineAt(x, xMm - size.widthMm / 2), lineAt(x, xMm + size.widthMm / 2)];
    const [top, bottom] = [lineAt(y, yMm - size.heightMm / 2), lineAt(y, yMm + size.heightMm / 2)];
    const before = (column: number, row: number): number => sums[row * x.length + column] as number;
    return before(right, bottom) - before(left, bottom) - before(right, top) + before(left, top) === 0;
  };
}

function coverAll(others: readonly VectorElement[], grid: Grid): Uint8Array {
  const cells = new Uint8Array(Math.max(0, (grid.x.length - 1) * (grid.y.length - 1)));
  const own = new Uint8Array(cells.length);
  for (const element of others) {
    own.fill(0);
    for (const filled of filledBy(element)) cover(filled, grid, own);
    // What covers everything is a ground: whatever is new lies on it, and beside what else is there.
    if (own.every((cell) => cell === 1)) continue;
    for (let at = 0; at < own.length; at += 1) cells[at] = (cells[at] as number) | (own[at] as number);
  }
  return cells;
}

/** How many covered cells lie above and before each crossing of lines. */
function sumUp(cells: Uint8Array, { x, y }: Grid): Uint32Array {
  const columns = x.length;
  const sums = new Uint32Array(columns * y.length);
  for (let row = 1; row < y.length; row += 1) {
    let inRow = 0;
    for (let column = 1; column < columns; column += 1) {
      inRow += cells[(row - 1) * (columns - 1) + column - 1] as number;
      sums[row * columns + column] = (sums[(row - 1) * columns + column] as number) + inRow;
    }
  }
  return sums;
}

/** Whatever leaves it within the safe area, the nearest to the centre first. */
function listPlaces({ widthMm, heightMm }: Size, product: Product): PointMm[] {
  const reach = (cardMm: number, ownMm: number): number =>
    Math.max(0, Math.floor((cardMm / 2 - product.safeMarginMm - ownMm / 2) / stepMm));
  const [across, down] = [reach(product.trimWidthMm, widthMm), reach(product.trimHeightMm, heightMm)];
  const steps = (count: number): number[] => Array.from({ length: 2 * count + 1 }, (_, at) => (at - count) * stepMm);
  const places = steps(across).flatMap((xMm) => steps(down).map((yMm) => ({ xMm, yMm })));
  return places.sort((one, other) => one.xMm ** 2 + one.yMm ** 2 - other.xMm ** 2 - other.yMm ** 2);
}

function isClear({ xMm, yMm }: PointMm, { widthMm, heightMm }: Size, { zones }: Product): boolean {
  return zones.every(
    (zone) =>
      xMm + widthMm / 2 <= zone.xMm ||
      xMm - widthMm / 2 >= zone.xMm + zone.widthMm ||
      yMm + heightMm / 2 <= zone.yMm ||
      yMm - heightMm / 2 >= zone.yMm + zone.heightMm,
  );
}
