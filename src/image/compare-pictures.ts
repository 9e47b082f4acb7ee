import type { Product } from "#card/products.ts";
import { createSurface } from "./canvas.ts";
import { judgeLikeness, type Likeness, type Pixels } from "./likeness.ts";
import { asStored, readSurface } from "./read-surface.ts";

async function decode(file: Blob): Promise<Pixels> {
  const bitmap = await createImageBitmap(file, asStored());
  const { width: widthPx, height: heightPx } = bitmap;
  const context = createSurface(widthPx, heightPx, { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return { rgba: await readSurface(context, widthPx, heightPx), widthPx, heightPx };
}

/** As `judgeLikeness`, of files. Rejects where one cannot be decoded. */
export async function comparePictures(own: Blob, theirs: Blob, product: Product): Promise<Likeness> {
  return judgeLikeness(await decode(own), await decode(theirs), product);
}
