import { afterAll, describe, expect, test } from "vitest";
import { coverPlacement, photoToRaster } from "#card/placement.ts";
import { products, type Product } from "#card/products.ts";
import type { Veil } from "#card/veil.ts";
import { adjustPhoto, layGround, layVeil } from "#design/edits.ts";
import { type Adjustments, noAdjustments } from "#design/look.ts";
import { makeAdjustTable } from "./adjust.ts";
import { createImageClient, type OpenPhoto } from "./client.ts";
import { applyColourTable } from "#design/colour-table.ts";
import { drawOn } from "./testing/made-files.ts";
import { designOf } from "./testing/open-photo.ts";
import { drawVeil } from "./veil.ts";

const client = createImageClient();
afterAll(() => client.close());
const [landscape] = products;
const { signal } = new AbortController();
const strong: Adjustments = { brightness: 35, contrast: 60, warmth: -40, saturation: 70, lift: 55 };

/** Many colours; the right third is transparent in a PNG, and the middle half so, if it is to be. */
async function openColours(transparent: boolean): Promise<OpenPhoto> {
  const { canvas } = drawOn(1600, 1000, (context) => {
    const pixels = context.createImageData(1600, 1000);
    for (let at = 0; at < 1_600_000; at++) {
      const [x, y] = [at % 1600, Math.floor(at / 1600)];
      const alpha = transparent ? Math.max(0, 255 - 128 * Math.floor(x / 533)) : 255;
      pixels.data.set([x >> 3, (y * 255) / 1000, (x * 7 + y * 3) & 127, alpha], at * 4);
    }
    context.putImageData(pixels, 0, 0);
  });
  return client.openPhoto(await canvas.convertToBlob({ type: "image/png" }), landscape);
}

function bytesOf(bitmap: ImageBitmap): Uint8ClampedArray {
  return drawOn(bitmap.width, bitmap.height, (context) => context.drawImage(bitmap, 0, 0)).getImageData(
    0,
    0,
    bitmap.width,
    bitmap.height,
  ).data;
}

/** The picture of a photo that covers the card with these adjustments, as what is sent is seen, and what the stage shows at the picture's size. */
async function draw(photo: OpenPhoto, adjust: Partial<Adjustments>, ground = "#ffffff") {
  const placement = coverPlacement(photo, landscape, 7);
  const edits = [adjustPhoto(adjust), layGround(ground)];
  const design = edits.reduce((before, edit) => edit(before, landscape), designOf(photo, placement, landscape));
  const { png, sha256 } = await client.renderPicture(design, [photo], landscape);
  const map = photoToRaster(placement, photo, landscape);
  const wanted = { map, raster: landscape, ground, look: design.look };
  const region = await photo.drawRegion(wanted, signal);
  const picture = await createImageBitmap(new Blob([png], { type: "image/png" }), { colorSpaceConversion: "none" });
  return { picture: bytesOf(picture), stage: bytesOf(region), sha256 };
}

function mostApart(one: Uint8ClampedArray, other: Uint8ClampedArray): number {
  expect(one.length).toBe(other.length);
  return one.reduce((most, level, at) => Math.max(most, Math.abs(level - (other[at] as number))), 0);
}

describe("adjusted light and colours", () => {
  test("are those of one table in the picture, on the stage and in the preview", async () => {
    const photo = await openColours(false);
    const table = makeAdjustTable(strong);
    const [plain, adjusted] = [await draw(photo, {}), await draw(photo, strong)];
    const wanted = plain.picture.slice();
    applyColourTable(wanted, table);
    expect(mostApart(plain.picture, adjusted.picture)).toBeGreaterThan(40);
    expect(mostApart(adjusted.picture, wanted)).toBe(0);
    expect(mostApart(adjusted.stage, adjusted.picture)).toBeLessThanOrEqual(1);
    const preview = bytesOf(photo.preview);
    applyColourTable(preview, table);
    expect(mostApart(bytesOf(await photo.adjustPreview({ adjust: strong }, false)), preview)).toBe(0);
  });

  test("that are none leave every byte as it was", async () => {
    const photo = await openColours(false);
    const { sha256 } = await draw(photo, {});
    expect((await draw(photo, { brightness: 0 })).sha256).toBe(sha256);
    const written = {
      ...designOf(photo, coverPlacement(photo, landscape, 7), landscape),
      look: { adjust: noAdjustments },
    };
    expect((await client.renderPicture(written, [photo], landscape)).sha256).toBe(sha256);
  });

  test("are not those of the ground beneath a transparent photo", async () => {
    const photo = await openColours(true);
    for (const [ground, colour] of [
      ["#14274e", [20, 39, 78, 255]],
      ["#ffffff", [255, 255, 255, 255]],
    ] as const) {
      const { picture, stage } = await draw(photo, { ...strong, contrast: -60 }, ground);
      const middleOfRight = (Math.floor(landscape.heightPx / 2) * landscape.widthPx + landscape.widthPx - 8) * 4;
      expect([...picture.subarray(middleOfRight, middleOfRight + 4)]).toEqual(colour);
      expect(mostApart(stage, picture)).toBeLessThanOrEqual(1);
    }
    const opaqueLeft = bytesOf(await photo.adjustPreview({ adjust: strong }, false)).subarray(0, 4);
    const wanted = bytesOf(photo.preview).slice(0, 4);
    applyColourTable(wanted, makeAdjustTable(strong));
    expect([...opaqueLeft]).toEqual([...wanted]);
  });

  test("are made of the preview again where another worker has taken over", async () => {
    const photo = await openColours(false);
    const before = bytesOf(await photo.adjustPreview({ adjust: strong }, false));
    client.close();
    // Two at once: neither knows of it from the other.
    const again = await Promise.all([
      photo.adjustPreview({ adjust: strong }, false),
      photo.adjustPreview({ adjust: strong }, false),
    ]);
    for (const adjusted of again) expect(mostApart(bytesOf(adjusted), before)).toBe(0);
  });
});

test("a veil is in the picture as the screen draws it over the photo, where the product allows it", async () => {
  const photo = await openColours(false);
  const allows: Product = { ...landscape, maxVeilPercent: 70 };
  const design = designOf(photo, coverPlacement(photo, landscape, 7), landscape);
  const print = async (card: Product, veil: Veil | null) => {
    const { png } = await client.renderPicture(layVeil(veil)(design, card), [photo], card);
    return createImageBitmap(new Blob([png], { type: "image/png" }), { colorSpaceConversion: "none" });
  };
  const { widthPx, heightPx } = landscape;
  const plain = await print(allows, null);
  const [dark, light] = [
    { colour: "#2c1a08", percent: 70 },
    { colour: "#e9f3ff", percent: 45 },
  ];
  for (const veil of [dark, light]) {
    const screen = drawOn(widthPx, heightPx, (context) => {
      context.drawImage(plain, 0, 0);
      context.drawImage(drawVeil(veil, allows), 0, 0);
    }).getImageData(0, 0, widthPx, heightPx).data;
    const veiled = bytesOf(await print(allows, veil));
    expect(mostApart(veiled, screen), veil.colour).toBeLessThanOrEqual(1);
    expect(mostApart(veiled, bytesOf(plain))).toBeGreaterThan(60);
  }
  expect(mostApart(bytesOf(await print(landscape, dark)), bytesOf(plain)), "not allowed").toBe(0);
});
