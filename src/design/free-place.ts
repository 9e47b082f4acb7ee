import type { Product, RectMm } from "#card/products.ts";
import type { Design } from "./design.ts";
import type { PointMm } from "./edits.ts";

/** So far apart lie the places that are tried. */
const stepMm = 1;

/** Nearer to another element's middle than this, a new element would hide it. */
const apartMm = 5;

type Size = Pick<RectMm, "widthMm" | "heightMm">;

/** Where a new element of this size lies: as near to the card's centre as chip, print and other elements leave room. */
export function findFreePlace(size: Size, { elements }: Pick<Design, "elements">, product: Product): PointMm {
  const others = elements.flatMap((element) => (element.kind === "photo" ? [] : [element.box]));
  const isApart = (place: PointMm): boolean =>
    others.every(({ xMm, yMm }) => Math.hypot(place.xMm - xMm, place.yMm - yMm) >= apartMm);
  const places = listPlaces(size, product);
  const isBeside = ({ xMm, yMm }: PointMm): boolean =>
    others.every(
      (other) =>
        Math.abs(xMm - other.xMm) * 2 >= size.widthMm + other.widthMm ||
        Math.abs(yMm - other.yMm) * 2 >= size.heightMm + other.heightMm,
    );
  const clear = places.filter((place) => isClear(place, size, product));
  return clear.find(isBeside) ?? clear.find(isApart) ?? places.find(isApart) ?? clear[0] ?? { xMm: 0, yMm: 0 };
}

/** Whatever leaves it within the safe area, the nearest to the centre first. */
function listPlaces({ widthMm, heightMm }: Size, product: Product): PointMm[] {
  const reach = (cardMm: number, ownMm: number): number =>
    Math.max(0, Math.floor((cardMm / 2 - product.safeMarginMm - ownMm / 2) / stepMm));
  const [across, down] = [reach(product.trimWidthMm, widthMm), reach(product.trimHeightMm, heightMm)];
  const steps = (count: number): number[] => Array.from({ length: 2 * count + 1 }, (_, at) => (at - count) * stepMm);
  const places = steps(across).flatMap((xMm) => steps(down).map((yMm) => ({ xMm, yMm })));
  return places.sort((one, other) => Math.hypot(one.xMm, one.yMm) - Math.hypot(other.xMm, other.yMm));
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
