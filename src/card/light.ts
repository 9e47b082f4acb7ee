import { invertAffine, type PhotoSize, type Placement, photoToCard } from "./placement.ts";
import type { Product } from "./products.ts";

/** How light a photo is, from place to place: a grid over all of it, row by row. */
export interface LightGrid {
  readonly columns: number;
  readonly rows: number;
  /** Mean brightness of each cell, of 255 in sRGB's own levels. */
  readonly levels: Uint8Array;
}

/** Points on the card, across and down, that are looked at. */
const points = 48;

/** The brightness, of 255, than which half of what the finished card shows of a photo is darker. */
export function medianLevel(
  { columns, rows, levels }: LightGrid,
  placement: Placement,
  photo: PhotoSize,
  { trimWidthMm, trimHeightMm }: Product,
): number {
  const [a, b, c, d, e, f] = invertAffine(photoToCard(placement, photo));
  const cell = (at: number, length: number, count: number): number =>
    Math.min(count - 1, Math.max(0, Math.floor((at / length) * count)));
  const seen = new Uint8Array(points * points);
  for (let point = 0; point < seen.length; point++) {
    const x = (((point % points) + 0.5) / points - 0.5) * trimWidthMm;
    const y = ((Math.floor(point / points) + 0.5) / points - 0.5) * trimHeightMm;
    const column = cell(a * x + c * y + e, photo.widthPx, columns);
    const row = cell(b * x + d * y + f, photo.heightPx, rows);
    seen[point] = levels[row * columns + column] ?? 0;
  }
  return seen.sort()[seen.length / 2] as number;
}
