import type { Product } from "#card/products.ts";
import { paintAround } from "#card/region.ts";
import { allowedVeil } from "#card/veil.ts";
import { colourBelow, type Design, photoOf, vectorElementsOf } from "#design/design.ts";
import { drawElement, type DrawnElement, type FindArt } from "#design/elements.ts";
import { paintGround } from "#design/ground.ts";
import { isOffered, offersGrounds } from "#design/offered.ts";
import { listTemplates } from "#design/templates/templates.ts";
import { type Paint, paintElements } from "#paint/paint.ts";
import { printVeil } from "#paint/veil.ts";

/** RGBA rows of the product's raster: the least and the most that each level of the picture may be. One object twice where nothing is left open. */
export interface Range {
  readonly low: Uint8ClampedArray;
  readonly high: Uint8ClampedArray;
}

/** An element, by its id, that cannot be painted here as a whole: no picture shows all that such a design says. */
export interface Unpaintable {
  readonly unpaintable: string;
}

/** Whether the design says something about its picture without the photo. */
export function saysAnything(design: Design, product: Product): boolean {
  return (
    photoOf(design)?.region !== undefined ||
    photoOf(design) === null ||
    vectorElementsOf(design).length > 0 ||
    allowedVeil(design.veil, product) !== undefined
  );
}

/** Whether there may be such a design, of a product as its issuer offers it. */
export function maySayAnything(product: Product): boolean {
  return (
    product.maxVeilPercent > 0 ||
    offersGrounds(product) ||
    (["shape", "sticker", "drawing", "text"] as const).some((kind) => isOffered({ kind }, product)) ||
    listTemplates(product).length > 0
  );
}

/** Everything that lies on these pixels, in place, in the order in which the designer's worker paints it. Gives what could not be painted. */
function paintOver(
  paint: Paint,
  rgba: Uint8ClampedArray,
  { veil }: Design,
  product: Product,
  drawn: readonly DrawnElement[],
): string | undefined {
  const skipped = drawn.length === 0 ? [] : paintElements(paint, rgba, product, drawn);
  const allowed = allowedVeil(veil, product);
  if (allowed !== undefined) printVeil(rgba, allowed, product);
  return skipped[0]?.element;
}

/**
 * What a design's picture must lie between, whatever its photo shows: all that lies on it painted over black, and once more over white. A
 * level of the photo more is never a level less of the picture, so every photo's picture lies between them, and where both are equal the
 * photo shows nothing. Without a photo the ground is known and so is the picture. Throws what WebAssembly does without memory.
 */
export function paintRange(paint: Paint, design: Design, product: Product, findArt: FindArt): Range | Unpaintable {
  const drawn: DrawnElement[] = [];
  for (const element of vectorElementsOf(design)) {
    const one = drawElement(element, findArt);
    if (one === undefined) return { unpaintable: element.id };
    drawn.push(one);
  }
  const bytes = product.widthPx * product.heightPx * 4;
  const low = new Uint8ClampedArray(bytes);
  const photo = photoOf(design);
  const isKnown = photo === null;
  paintGround(low, product, isKnown ? design.ground : "#000000");
  if (photo?.region !== undefined) paintAround(low, photo.region, colourBelow(design), product);
  const unpaintable = paintOver(paint, low, design, product, drawn);
  if (unpaintable !== undefined) return { unpaintable };
  if (isKnown) return { low, high: low };
  const high = new Uint8ClampedArray(bytes).fill(255);
  if (photo.region !== undefined) paintAround(high, photo.region, colourBelow(design), product);
  paintOver(paint, high, design, product, drawn);
  return { low, high };
}
