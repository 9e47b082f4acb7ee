import { bleedSizeMm, type Product } from "#card/products.ts";
import type { Box, Drawing, DrawOp } from "../elements.ts";

/** Millimetres from the upper left corner of the bleed. */
type Edges = readonly [left: number, top: number, right: number, bottom: number];

export function point(x: number, y: number): string {
  return `${Number(x.toFixed(2))} ${Number(y.toFixed(2))}`;
}

export function polygon(...points: readonly (readonly [x: number, y: number])[]): string {
  return `M${points.map(([x, y]) => point(x, y)).join("L")}Z`;
}

export function rectangle([left, top, right, bottom]: Edges, radius = 0): string {
  if (radius <= 0) return polygon([left, top], [right, top], [right, bottom], [left, bottom]);
  const r = radius;
  return [
    `M${point(left + r, top)}L${point(right - r, top)}Q${point(right, top)} ${point(right, top + r)}`,
    `L${point(right, bottom - r)}Q${point(right, bottom)} ${point(right - r, bottom)}`,
    `L${point(left + r, bottom)}Q${point(left, bottom)} ${point(left, bottom - r)}`,
    `L${point(left, top + r)}Q${point(left, top)} ${point(left + r, top)}Z`,
  ].join("");
}

const stepRadiusMm = 0.8;

/** A rectangle whose lower right corner is left out, from a point within it on. */
function steppedRectangle(
  [left, top, right, bottom]: Edges,
  radius: number,
  [x, y]: readonly [number, number],
): string {
  const [r, s] = [radius, stepRadiusMm];
  return [
    `M${point(left + r, top)}L${point(right - r, top)}Q${point(right, top)} ${point(right, top + r)}`,
    `L${point(right, y - s)}Q${point(right, y)} ${point(right - s, y)}`,
    `L${point(x + s, y)}Q${point(x, y)} ${point(x, y + s)}`,
    `L${point(x, bottom - s)}Q${point(x, bottom)} ${point(x - s, bottom)}`,
    `L${point(left + r, bottom)}Q${point(left, bottom)} ${point(left, bottom - r)}`,
    `L${point(left, top + r)}Q${point(left, top)} ${point(left + r, top)}Z`,
  ].join("");
}

/** So far from the network mark its own rules want anything to be. */
const offMarkMm = 1;

/** What an element is drawn on: the whole bleed, in millimetres from its corner. */
export class Sheet {
  readonly widthMm: number;
  readonly heightMm: number;
  readonly #product: Product;

  constructor(product: Product) {
    const { widthMm, heightMm } = bleedSizeMm(product);
    this.widthMm = widthMm;
    this.heightMm = heightMm;
    this.#product = product;
  }

  /** So far within the trim; beyond it where that is less than 0. */
  within(insetMm: number): Edges {
    const { trimWidthMm, trimHeightMm } = this.#product;
    const [x, y] = [(this.widthMm - trimWidthMm) / 2 + insetMm, (this.heightMm - trimHeightMm) / 2 + insetMm];
    return [x, y, this.widthMm - x, this.heightMm - y];
  }

  /** The line of the trim's own corner, so far within, and never quite sharp. */
  rounded(insetMm: number): string {
    return rectangle(this.within(insetMm), Math.max(0.8, this.#product.cornerRadiusMm - insetMm));
  }

  ring(insetMm: number, lineMm: number): string {
    return this.rounded(insetMm) + this.rounded(insetMm + lineMm);
  }

  /** A ring that steps around the network mark, in the lower right, where it would come near it. */
  steppedRing(insetMm: number, lineMm: number): string {
    const mark = this.#product.zones.find(({ kind }) => kind === "network-mark");
    if (mark === undefined) return this.ring(insetMm, lineMm);
    const [x, y] = [this.widthMm / 2 + mark.xMm - offMarkMm, this.heightMm / 2 + mark.yMm - offMarkMm];
    const step = (inMm: number): string =>
      steppedRectangle(this.within(insetMm + inMm), Math.max(0.8, this.#product.cornerRadiusMm - insetMm - inMm), [
        x - inMm,
        y - inMm,
      ]);
    return step(0) + step(lineMm);
  }

  all(): string {
    return rectangle([0, 0, this.widthMm, this.heightMm]);
  }

  draw(id: string, ops: readonly DrawOp[]): Drawing {
    const { widthMm, heightMm } = this;
    const box: Box = { xMm: 0, yMm: 0, widthMm, heightMm, rotationDeg: 0, mirrored: false };
    return { kind: "drawing", id, box, art: { width: widthMm, height: heightMm, ops } };
  }
}
