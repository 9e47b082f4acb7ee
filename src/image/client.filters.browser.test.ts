import { afterAll, expect, test } from "vitest";
import { colourBelow } from "#design/design.ts";
import { coverPlacement, photoToRaster } from "#card/placement.ts";
import { products } from "#card/products.ts";
import { applyColourTable, makeColourTable } from "#design/colour-table.ts";
import { filterIds } from "#design/filters/filters.ts";
import type { Look } from "#design/look.ts";
import { createImageClient, type OpenPhoto } from "./client.ts";
import { ImageWorker } from "./image-worker.ts";
import { makeLookTable } from "./look-table.ts";
import { drawOn } from "./testing/made-files.ts";
import { designOf } from "./testing/open-photo.ts";
import { tableDigest } from "./testing/table-digest.ts";

const worker = new ImageWorker();
const client = createImageClient(worker);
afterAll(() => client.close());
const [landscape] = products;

async function openColours(): Promise<OpenPhoto> {
  const { canvas } = drawOn(1600, 1000, (context) => {
    const pixels = context.createImageData(1600, 1000);
    for (let at = 0; at < 1_600_000; at++) {
      const [x, y] = [at % 1600, Math.floor(at / 1600)];
      pixels.data.set([x >> 3, (y * 255) / 1000, (x * 7 + y * 3) & 127, 255], at * 4);
    }
    context.putImageData(pixels, 0, 0);
  });
  return client.openPhoto(await canvas.convertToBlob({ type: "image/png" }), landscape);
}

function bytesOf(bitmap: ImageBitmap): Uint8ClampedArray {
  const { width, height } = bitmap;
  return drawOn(width, height, (context) => context.drawImage(bitmap, 0, 0)).getImageData(0, 0, width, height).data;
}

function mostApart(one: Uint8ClampedArray, other: Uint8ClampedArray): number {
  expect(one.length).toBe(other.length);
  return one.reduce((most, level, at) => Math.max(most, Math.abs(level - (other[at] as number))), 0);
}

/** The picture, and what the stage shows at the picture's size. */
async function draw(photo: OpenPhoto, look?: Look) {
  const placement = coverPlacement(photo, landscape, 7);
  const design = { ...designOf(photo, placement, landscape), look };
  const { png } = await client.renderPicture(design, [photo], landscape);
  const map = photoToRaster(placement, photo, landscape);
  const wanted = { map, raster: landscape, ground: colourBelow(design), look };
  const stage = await photo.drawRegion(wanted, new AbortController().signal);
  const picture = await createImageBitmap(new Blob([png], { type: "image/png" }), { colorSpaceConversion: "none" });
  return { picture: bytesOf(picture), stage: bytesOf(stage) };
}

test("a filter over adjustments is one table in the picture, on the stage, in the preview and in a thumbnail", async () => {
  const photo = await openColours();
  const plain = await draw(photo);
  const adjust = { brightness: 20, contrast: 10, warmth: -20, saturation: 30, lift: 40 };
  for (const look of [{ filter: { id: "film", percent: 100 } }, { adjust, filter: { id: "warm", percent: 45 } }]) {
    const table = makeLookTable(look);
    const { picture, stage } = await draw(photo, look);
    const wanted = plain.picture.slice();
    applyColourTable(wanted, table);
    expect(mostApart(plain.picture, picture)).toBeGreaterThan(20);
    expect(mostApart(picture, wanted)).toBe(0);
    expect(mostApart(stage, picture)).toBeLessThanOrEqual(1);
    const preview = bytesOf(photo.preview);
    applyColourTable(preview, table);
    expect(mostApart(bytesOf(await photo.adjustPreview(look, false)), preview)).toBe(0);
  }
  const size = { widthPx: 60, heightPx: 38 };
  const all = bytesOf(await photo.drawThumbnails(["", ...filterIds], size));
  const each = all.length / (filterIds.length + 1);
  for (const [index, id] of filterIds.entries()) {
    const wanted = all.slice(0, each);
    applyColourTable(wanted, makeLookTable({ filter: { id, percent: 100 } }));
    expect(mostApart(all.slice((index + 1) * each, (index + 2) * each), wanted), id).toBe(0);
  }
});

test("an issuer's own filter is printed, also by the worker that takes another's place", async () => {
  const table = makeColourTable((colour) => {
    [colour[0], colour[2]] = [colour[2], colour[0]];
  });
  worker.addFilters(new Map([["bank-s-own", table]]));
  const look = { filter: { id: "bank-s-own", percent: 100 } };
  const photo = await openColours();
  const wanted = (await draw(photo)).picture.slice();
  applyColourTable(wanted, table);
  for (let worker = 0; worker < 2; worker++) {
    const { picture } = await draw(photo, look);
    // Its numbers were rounded once more.
    expect(mostApart(picture, wanted)).toBeLessThanOrEqual(1);
    client.close();
  }
});

test("the tables are those of Node, to the byte", async () => {
  const adjust = { brightness: 12, contrast: -20, warmth: 30, saturation: -40, lift: 25 };
  const looks = filterIds.flatMap((id): Look[] => [
    { filter: { id, percent: 100 } },
    { adjust, filter: { id, percent: 37 } },
  ]);
  const bytes = await new Blob(looks.map((look) => makeLookTable(look).slice())).arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  expect([...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("")).toBe(tableDigest);
});

const swapped = makeColourTable((colour) => {
  [colour[0], colour[2]] = [colour[2], colour[0]];
});

test("a photo whose filter cannot be had is not printed without it, and is printed with it as soon as it can", async () => {
  let isThere = false;
  const need = async (ids: readonly string[]): Promise<void> => {
    expect(ids).toEqual(["comes-late"]);
    if (!isThere) throw new TypeError("no connection");
  };
  const mine = new ImageWorker();
  const waiting = createImageClient(mine, need);
  const opened = await openColours();
  const photo = await waiting.openPhoto(opened.bytes, landscape);
  const look = { filter: { id: "comes-late", percent: 100 } };
  const design = { ...designOf(photo, coverPlacement(photo, landscape, 0), landscape), look };
  await expect(waiting.renderPicture(design, [photo], landscape)).rejects.toMatchObject({ code: "art-missing" });
  await expect(photo.adjustPreview(look, false)).rejects.toMatchObject({ code: "art-missing" });
  isThere = true;
  mine.addFilters(new Map([["comes-late", swapped]]));
  const { sha256 } = await waiting.renderPicture(design, [photo], landscape);
  const { sha256: without } = await waiting.renderPicture({ ...design, look: undefined }, [photo], landscape);
  expect(sha256).not.toBe(without);
  waiting.close();
});

test("a photo is neither shown nor printed without a filter that nobody knows", async () => {
  const photo = await openColours();
  const look = { filter: { id: "of-nobody", percent: 100 } };
  const raster = { widthPx: 40, heightPx: 20 };
  for (const soon of [true, false])
    await expect(photo.adjustPreview(look, soon)).rejects.toMatchObject({ code: "art-missing" });
  const wanted = { map: [1, 0, 0, 1, 0, 0], raster, ground: "#ffffff", look } as const;
  const region = photo.drawRegion(wanted, new AbortController().signal);
  await expect(region).rejects.toMatchObject({ code: "art-missing" });
  const design = { ...designOf(photo, coverPlacement(photo, landscape, 0), landscape), look };
  const printed = client.renderPicture(design, [photo], landscape).then(({ sha256 }) => sha256);
  await expect(printed).rejects.toMatchObject({ code: "art-missing" });
});
