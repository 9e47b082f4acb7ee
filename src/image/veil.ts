import type { Product } from "#card/products.ts";
import { channelsOf, type Veil } from "#card/veil.ts";
import { opacitiesOf, printGrid, type VeilGrid } from "#paint/veil.ts";
import { createSurface } from "./canvas.ts";

/** A veil alone for the screen, to be drawn over the photo pixel for pixel. Throws PhotoProblem "out-of-memory". */
export function drawVeil(veil: Veil, product: Product, grid: VeilGrid = printGrid(product)): OffscreenCanvas {
  const context = createSurface(grid.widthPx, grid.heightPx, { clear: true });
  const pixels = context.createImageData(grid.widthPx, grid.heightPx);
  const [red, green, blue] = channelsOf(veil.colour);
  opacitiesOf(veil, product, grid).forEach((opacity, place) => {
    if (opacity === 0) return;
    pixels.data[place * 4] = red;
    pixels.data[place * 4 + 1] = green;
    pixels.data[place * 4 + 2] = blue;
    pixels.data[place * 4 + 3] = opacity;
  });
  context.putImageData(pixels, 0, 0);
  return context.canvas;
}
