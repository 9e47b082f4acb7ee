import { bleedSizeMm, type Product } from "#card/products.ts";
import type { PointMm } from "#design/edits.ts";

/** Rounded rectangle about the card's centre as a path in mm, drawn clockwise. Works for SVG and for Path2D. */
export function roundedRectPath(widthMm: number, heightMm: number, radiusMm: number): string {
  const x = widthMm / 2;
  const y = heightMm / 2;
  const r = Math.max(0, radiusMm);
  const arc = (toX: number, toY: number) => `A${r} ${r} 0 0 1 ${toX} ${toY}`;
  return [
    `M${-x + r} ${-y}H${x - r}${arc(x, -y + r)}`,
    `V${y - r}${arc(x - r, y)}`,
    `H${-x + r}${arc(-x, y - r)}`,
    `V${-y + r}${arc(-x + r, -y)}Z`,
  ].join("");
}

/** Path about the whole bleed, 1 mm beyond it: the canvas may reach half a pixel further than the box of a drawing over it. */
export function aroundPath(product: Product): string {
  const { widthMm, heightMm } = bleedSizeMm(product);
  return roundedRectPath(widthMm + 2, heightMm + 2, 0);
}

/** Path of the trim edge. */
export function trimPath(product: Product): string {
  return roundedRectPath(product.trimWidthMm, product.trimHeightMm, product.cornerRadiusMm);
}

/** Path of the safe area's edge. */
export function safePath(product: Product): string {
  const { safeMarginMm: margin } = product;
  return roundedRectPath(
    product.trimWidthMm - 2 * margin,
    product.trimHeightMm - 2 * margin,
    Math.max(0.8, product.cornerRadiusMm - margin),
  );
}

/** Where a pointer is on the card; `box` is the bleed's rectangle on the screen, in CSS pixels. */
export function pointOnCard(box: DOMRect, product: Product, clientX: number, clientY: number): PointMm {
  const pxPerMm = box.width / bleedSizeMm(product).widthMm;
  return {
    xMm: (clientX - box.left - box.width / 2) / pxPerMm,
    yMm: (clientY - box.top - box.height / 2) / pxPerMm,
  };
}
