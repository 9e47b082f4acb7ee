import { afterAll, describe, expect, test } from "vitest";
import { commands } from "vitest/browser";
import { coverPlacement } from "#card/placement.ts";
import { products } from "#card/products.ts";
import { createImageClient } from "./client.ts";
import { meanDifference } from "./testing/colour-difference.ts";
import { drawOn } from "./testing/made-files.ts";
import { crop, makeHeic, mirror, readPictures, turn } from "./testing/make-heic.ts";
import { designOf } from "./testing/open-photo.ts";
import type { UnusualKind } from "./testing/photo-commands.ts";

const [product] = products;
const client = createImageClient();
afterAll(() => client.close());

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/** RGBA of what is on the screen. */
function pixelsOf(bitmap: ImageBitmap): Uint8ClampedArray {
  const context = drawOn(bitmap.width, bitmap.height, (surface) => surface.drawImage(bitmap, 0, 0));
  return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
}

/** The card that is printed of the file, as RGB, and the photo as it was opened. */
async function print(file: Uint8Array<ArrayBuffer>) {
  const photo = await client.openPhoto(new Blob([file]), product);
  const design = designOf(photo, coverPlacement(photo, product), product);
  const { png } = await client.renderPicture(design, [photo], product);
  const bitmap = await createImageBitmap(new Blob([png], { type: "image/png" }));
  return { photo, card: pixelsOf(bitmap).filter((_, index) => index % 4 !== 3) };
}

test.each([
  ["webp-p3", 0.8],
  ["tiff-lzw", 0.3],
  ["tiff-jpeg", 0.3],
  ["tiff-16-bit", 0.6],
  ["tiff-p3", 0.5],
  ["tiff-cmyk", 0.8],
  ["jpeg-inks", 0.8],
] as const satisfies readonly (readonly [UnusualKind, number])[])(
  "a photo as %s opens and prints as another decoder sees it (dE %f)",
  async (kind, most) => {
    const { file, card } = await commands.makeUnusualPhoto(kind, product.id, 1600);
    const printed = await print(fromBase64(file));
    expect([printed.photo.widthPx, printed.photo.heightPx]).toEqual([1600, 1200]);
    expect(meanDifference(printed.card, fromBase64(card), 3)).toBeLessThanOrEqual(most);
  },
);

test("JPEGs of four inks and of 25 megapixels print as in Node, to the byte", async () => {
  for (const kind of ["inks", "large", "plain"] as const) {
    const { file, sha256 } = await commands.makeDigestedJpeg(kind, product.id);
    const photo = await client.openPhoto(new Blob([fromBase64(file)]), product);
    expect(photo.widthPx / photo.heightPx, "held on its side").toBeCloseTo(3 / 4);
    expect(photo.coloursMayDiffer).toBe(false);
    const design = designOf(photo, coverPlacement(photo, product), product);
    expect((await client.renderPicture(design, [photo], product)).sha256).toBe(sha256);
    photo.close();
  }
});

describe("an iPhone's photo", () => {
  const load = async (name: string) => {
    const response = await fetch(new URL(`./testing/heic/${name}.heic`, import.meta.url));
    return new Uint8Array(await response.arrayBuffer());
  };
  const cell = (x: number, y: number): number[] => [32 + 12 * Math.floor(x / 64), 32 + 12 * Math.floor(y / 64), 128];

  test("is on the screen as it was taken: turned and cropped once", async () => {
    const tiles = readPictures(await load("tiles"));
    const options = { columns: 2, rows: 2, widthPx: 1000, heightPx: 900, exifOrientation: 6 };
    const heic = makeHeic(tiles, { ...options, properties: [crop(900, 800), turn(1), mirror(0)] });
    const photo = await client.openPhoto(new Blob([heic], { type: "" }), product);
    expect(photo).toMatchObject({ widthPx: 800, heightPx: 900, transparent: false, firstFrameOnly: false });
    const seen = pixelsOf(photo.preview);
    const right = new Uint8ClampedArray(seen.length);
    for (let y = 0; y < 900; y++) {
      for (let x = 0; x < 800; x++) {
        // Cropped to 50 to 950 and 50 to 850; to the left: the right column becomes the upper row; then upside down.
        right.set([...cell(50 + y, 50 + x), 255], (y * 800 + x) * 4);
      }
    }
    expect(meanDifference(seen, right)).toBeLessThan(1);
    photo.close();
  });

  test("with transparent parts prints them white", async () => {
    const { photo, card } = await print(await load("alpha"));
    expect(photo.transparent).toBe(true);
    expect([...card.subarray(0, 3)]).toEqual([255, 255, 255]);
  });
});
