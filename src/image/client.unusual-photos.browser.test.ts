import { afterAll, expect, test } from "vitest";
import { commands } from "vitest/browser";
import { coverPlacement } from "#card/placement.ts";
import { products } from "#card/products.ts";
import { createImageClient } from "./client.ts";
import { drawOn } from "./testing/made-files.ts";
import { designOf } from "./testing/open-photo.ts";
import type { UnusualKind } from "./testing/photo-commands.ts";
import { psnr } from "./testing/psnr.ts";

const [product] = products;
const client = createImageClient();
afterAll(() => client.close());

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/** RGB, 8 bits, row by row. */
async function pixelsOf(png: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const bitmap = await createImageBitmap(new Blob([png], { type: "image/png" }));
  const context = drawOn(bitmap.width, bitmap.height, (surface) => surface.drawImage(bitmap, 0, 0));
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  return data.filter((_, index) => index % 4 !== 3) as unknown as Uint8Array;
}

test.for([
  ["png-16-bit", 1600, 33],
  ["png-palette", 1600, 33],
  ["png-transparent", 1600, 33],
  ["jpeg-grey", 1600, 33],
  ["jpeg-progressive", 1600, 33],
  ["jpeg-p3", 1600, 33],
  // Without the press's profile the colours come near and no nearer; inverted they would be below 10.
  ["jpeg-cmyk", 1600, 18],
  // So large that they are decoded in another way.
  ["jpeg-grey", 2400, 33],
  ["jpeg-progressive", 2400, 33],
  ["jpeg-p3", 2400, 33],
  ["jpeg-cmyk", 2400, 18],
  ["webp", 1600, 33],
  ["avif", 1600, 33],
] as const satisfies readonly (readonly [UnusualKind, number, number])[])(
  "a photo as %s, %i pixels wide, opens and prints as another decoder sees it (%i dB)",
  async ([kind, widthPx, leastDb]) => {
    const { file, card } = await commands.makeUnusualPhoto(kind, product.id, widthPx);
    const photo = await client.openPhoto(new Blob([fromBase64(file)]), product);
    expect([photo.widthPx, photo.heightPx]).toEqual([widthPx, (widthPx / 4) * 3]);
    expect(photo.transparent).toBe(kind === "png-transparent");
    expect(photo.coloursMayDiffer).toBe(kind === "jpeg-cmyk");
    const { png } = await client.renderPicture(
      designOf(photo, coverPlacement(photo, product), product),
      [photo],
      product,
    );
    expect(psnr(await pixelsOf(png), fromBase64(card))).toBeGreaterThanOrEqual(leastDb);
  },
);
