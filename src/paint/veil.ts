import type { Product } from "#card/products.ts";
import { channelsOf, type Veil, veilBands } from "#card/veil.ts";

/** A raster over the whole bleed. */
export interface VeilGrid {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly pxPerMm: number;
  /** Where the card's centre is, in pixels. */
  readonly centreX: number;
  readonly centreY: number;
}

/** That of the print picture. */
export function printGrid({ widthPx, heightPx, dpi }: Product): VeilGrid {
  return { widthPx, heightPx, pxPerMm: dpi / 25.4, centreX: widthPx / 2, centreY: heightPx / 2 };
}

/** How opaque a veil is at each pixel, of 255, row by row. */
export function opacitiesOf({ percent }: Veil, product: Product, grid: VeilGrid): Uint8Array {
  const { widthPx, heightPx, pxPerMm, centreX, centreY } = grid;
  const found = new Uint8Array(widthPx * heightPx);
  const within = (px: number, size: number): number => Math.min(size, Math.max(0, px));
  for (const band of veilBands(product)) {
    const left = within(Math.floor(band.left * pxPerMm + centreX), widthPx);
    const right = within(Math.ceil(band.right * pxPerMm + centreX), widthPx);
    const top = within(Math.floor(band.top * pxPerMm + centreY), heightPx);
    const bottom = within(Math.ceil(band.bottom * pxPerMm + centreY), heightPx);
    const across = Float64Array.from({ length: right - left }, (_, at) =>
      band.across((left + at + 0.5 - centreX) / pxPerMm),
    );
    for (let row = top; row < bottom; row++) {
      const full = (band.down((row + 0.5 - centreY) / pxPerMm) * percent * 255) / 100;
      const start = row * widthPx + left;
      for (let at = 0; at < across.length; at++) {
        const opacity = Math.floor(full * (across[at] as number) + 0.5);
        if (opacity > (found[start + at] as number)) found[start + at] = opacity;
      }
    }
  }
  return found;
}

/** Lays a veil over a finished picture, in place: RGBA rows of the product's raster. */
export function printVeil(rgba: Uint8ClampedArray, veil: Veil, product: Product): void {
  const colour = channelsOf(veil.colour);
  opacitiesOf(veil, product, printGrid(product)).forEach((opacity, place) => {
    if (opacity === 0) return;
    for (let channel = 0; channel < 3; channel++) {
      const at = place * 4 + channel;
      // The two rounded apart, as canvases do it: the screen shows the same.
      const ofVeil = Math.round(((colour[channel] as number) * opacity) / 255);
      rgba[at] = ofVeil + Math.round(((rgba[at] as number) * (255 - opacity)) / 255);
    }
  });
}
