import type { Product } from "#card/products.ts";
import type { Edit } from "./edits.ts";
import { changeBox, maxElements } from "./element-edits.ts";
import { type Extent, extentOf } from "./element-places.ts";
import { type Box, drawnLengthOf, maxDrawnLength, pathLengthOf, type VectorElement } from "./elements.ts";
import { vectorElementsOf } from "./design.ts";

/** The upright rectangle about all of them, as far as it is on the card: what is cut off takes no room. */
function extentOfAll(elements: readonly VectorElement[], { trimWidthMm, trimHeightMm }: Product): Extent {
  const extents = elements.map(({ box }) => extentOf(box));
  const [x, y] = [trimWidthMm / 2, trimHeightMm / 2];
  return {
    leftMm: Math.max(-x, Math.min(x, ...extents.map(({ leftMm }) => leftMm))),
    topMm: Math.max(-y, Math.min(y, ...extents.map(({ topMm }) => topMm))),
    rightMm: Math.min(x, Math.max(-x, ...extents.map(({ rightMm }) => rightMm))),
    bottomMm: Math.min(y, Math.max(-y, ...extents.map(({ bottomMm }) => bottomMm))),
  };
}

/**
 * What lies on one card as it lies on another: together in the middle, as upright as before, and smaller where the safe area is too narrow.
 * The letters of a text stay as large as they have to be to be read.
 */
export function carryElements(
  elements: readonly VectorElement[],
  from: Product,
  to: Product,
): readonly VectorElement[] {
  if (elements.length === 0) return elements;
  const { leftMm, topMm, rightMm, bottomMm } = extentOfAll(elements, from);
  const room = (cardMm: number, takenMm: number): number => (cardMm - 2 * to.safeMarginMm) / Math.max(takenMm, 1);
  const factor = Math.min(1, room(to.trimWidthMm, rightMm - leftMm), room(to.trimHeightMm, bottomMm - topMm));
  const carry = (box: Box): Box => ({
    ...box,
    xMm: (box.xMm - (leftMm + rightMm) / 2) * factor,
    yMm: (box.yMm - (topMm + bottomMm) / 2) * factor,
    widthMm: box.widthMm * factor,
    heightMm: box.heightMm * factor,
  });
  return elements.map((element) => ({ ...element, box: changeBox(carry, element, to) }));
}

/** Lays elements of another card on top of everything, as far as there is room for them: of drawings the last are left out. */
export function layCarried(elements: readonly VectorElement[]): Edit {
  return (design) => {
    const taken = new Set(design.elements.map(({ id }) => id));
    const free = (index: number): string => {
      let number = index + 1;
      while (taken.has(`e${number}`)) number += 1;
      taken.add(`e${number}`);
      return `e${number}`;
    };
    let length = drawnLengthOf(design.elements);
    const fits = (element: VectorElement): boolean => {
      if (element.kind !== "drawing") return true;
      length += pathLengthOf(element.art);
      return length <= maxDrawnLength;
    };
    const laid = elements
      .filter(fits)
      .slice(0, maxElements - design.elements.length)
      .map((element, index) => {
        return { ...element, id: free(index) };
      });
    return laid.length === 0 || vectorElementsOf(design).length === design.elements.length
      ? design
      : { ...design, elements: [...design.elements, ...laid] };
  };
}
