import type { Product, RectMm } from "#card/products.ts";
import type { Design } from "../design.ts";
import type { PointMm } from "../edits.ts";
import type { Art, Sticker } from "../elements.ts";

/** A new sticker's longer side. */
const sideMm = 14;

/** So far apart lie the places that are tried. */
const stepMm = 1;

/** Nearer to another element's middle than this, a new sticker would hide it. */
const apartMm = 5;

/** A sticker in the card's free middle: as near to the centre as chip, print and other elements leave room. */
export function laySticker(name: string, art: Art, design: Design, product: Product): Sticker {
  const mmPerUnit = sideMm / Math.max(art.width, art.height);
  const [widthMm, heightMm] = [art.width * mmPerUnit, art.height * mmPerUnit];
  const place = findFreePlace({ widthMm, heightMm }, design, product);
  const box = { ...place, widthMm, heightMm, rotationDeg: 0, mirrored: false };
  return { kind: "sticker", id: freeId(design), box, art: name };
}

function freeId({ elements }: Design): string {
  const taken = new Set(elements.map(({ id }) => id));
  let number = elements.length;
  while (taken.has(`sticker-${number}`)) number += 1;
  return `sticker-${number}`;
}

type Size = Pick<RectMm, "widthMm" | "heightMm">;

function findFreePlace(size: Size, { elements }: Design, product: Product): PointMm {
  const others = elements.flatMap((element) => (element.kind === "photo" ? [] : [element.box]));
  const isApart = (place: PointMm): boolean =>
    others.every(({ xMm, yMm }) => Math.hypot(place.xMm - xMm, place.yMm - yMm) >= apartMm);
  const places = listPlaces(size, product);
  const clear = places.filter((place) => isClear(place, size, product));
  return clear.find(isApart) ?? places.find(isApart) ?? clear[0] ?? { xMm: 0, yMm: 0 };
}

/** Whatever leaves the sticker within the safe area, the nearest to the centre first. */
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
