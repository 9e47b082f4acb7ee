import type { Product } from "./products.ts";

/** A part of a card, in millimetres: its centre from the card's, x to the right, y down. What is beyond the bleed counts for nothing. */
export interface Region {
  readonly xMm: number;
  readonly yMm: number;
  readonly widthMm: number;
  readonly heightMm: number;
}

/** To within what nobody sees. */
export function sameRegion(one: Region | undefined, other: Region | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return (["xMm", "yMm", "widthMm", "heightMm"] as const).every((name) => Math.abs(one[name] - other[name]) < 1e-6);
}

/** Whether a place of the card is in this part of it: everywhere where it is left out. */
export function isInRegion(region: Region | undefined, xMm: number, yMm: number): boolean {
  if (region === undefined) return true;
  const { widthMm, heightMm } = region;
  return Math.abs(xMm - region.xMm) <= widthMm / 2 && Math.abs(yMm - region.yMm) <= heightMm / 2;
}

type Raster = Pick<Product, "widthPx" | "heightPx" | "dpi">;

/** In whole pixels of a raster, the nearest ones; right and bottom are outside of it. */
function pixelsOf({ xMm, yMm, widthMm, heightMm }: Region, raster: Raster) {
  const pxPerMm = raster.dpi / 25.4;
  const [x, y] = [raster.widthPx / 2, raster.heightPx / 2];
  const at = (mm: number, centre: number, most: number): number =>
    Math.min(most, Math.max(0, Math.round(mm * pxPerMm + centre)));
  return {
    left: at(xMm - widthMm / 2, x, raster.widthPx),
    top: at(yMm - heightMm / 2, y, raster.heightPx),
    right: at(xMm + widthMm / 2, x, raster.widthPx),
    bottom: at(yMm + heightMm / 2, y, raster.heightPx),
  };
}

/** Paints a colour (`#rrggbb`) over all pixels outside a part of the card, opaque, in place: the same bytes everywhere. */
export function paintAround(rgba: Uint8ClampedArray, region: Region, colour: string, raster: Raster): void {
  const { left, top, right, bottom } = pixelsOf(region, raster);
  const levels = Number.parseInt(colour.slice(1), 16);
  const pixel = [levels >> 16, (levels >> 8) & 255, levels & 255, 255];
  const fill = (row: number, from: number, to: number): void => {
    for (let at = (row * raster.widthPx + from) * 4; at < (row * raster.widthPx + to) * 4; at += 4) rgba.set(pixel, at);
  };
  for (let row = 0; row < raster.heightPx; row++) {
    if (row < top || row >= bottom) {
      fill(row, 0, raster.widthPx);
      continue;
    }
    fill(row, 0, left);
    fill(row, right, raster.widthPx);
  }
}
