import { findProduct } from "#card/products.ts";
import { paintAround } from "#card/region.ts";
import { allowedVeil } from "#card/veil.ts";
import { colourBelow, type Design, photoOf, vectorElementsOf } from "#design/design.ts";
import { drawElement } from "#design/elements.ts";
import { paintGround } from "#design/ground.ts";
import { encodePng } from "#image/encode-png.ts";
import { readKernel } from "#image/testing/read-kernel.ts";
import { paintElements } from "#paint/paint.ts";
import { readPaint } from "#paint/testing/read-paint.ts";
import { printVeil } from "#paint/veil.ts";
import { readArts } from "../read-arts.ts";

const kernel = readKernel();
const paint = readPaint();

/** A photo of every colour, as if it had been drawn. */
function drawNoise(rgba: Uint8ClampedArray): void {
  let state = 1;
  for (let at = 0; at < rgba.length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    rgba[at] = at % 4 === 3 ? 255 : state >>> 24;
  }
}

/** The picture of a design, as the designer's worker makes it of its photo's pixels; `alter` has them before they are written. */
export async function paintPicture(
  design: Design,
  alter: (rgba: Uint8ClampedArray, widthPx: number) => void = () => {},
  own: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<Uint8Array<ArrayBuffer>> {
  const product = findProduct(design.productId);
  if (product === undefined) throw new Error(`no product ${design.productId}`);
  const rgba = new Uint8ClampedArray(product.widthPx * product.heightPx * 4);
  const photo = photoOf(design);
  if (photo === null) paintGround(rgba, product, design.ground);
  else drawNoise(rgba);
  if (photo?.region !== undefined) paintAround(rgba, photo.region, colourBelow(design), product);
  const findArt = await readArts(design, own);
  const drawn = vectorElementsOf(design).flatMap((element) => drawElement(element, findArt) ?? []);
  paintElements(paint, rgba, product, drawn);
  const veil = allowedVeil(design.veil, product);
  if (veil !== undefined) printVeil(rgba, veil, product);
  alter(rgba, product.widthPx);
  return encodePng(kernel, rgba, product);
}
