import { afterEach, expect, test, vi } from "vitest";
import { createPhotoSource, type Pixels } from "./photo-source.ts";
import { listMissingForPictures, listMissingInWorker } from "./requirements.ts";
import { quarters } from "./testing/made-files.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const drawing = "OffscreenCanvas with a 2D context";

test("nothing is missing here", () => {
  expect(listMissingForPictures()).toEqual([]);
});

test.each([
  [drawing, () => vi.stubGlobal("OffscreenCanvas", undefined)],
  [drawing, () => vi.spyOn(OffscreenCanvas.prototype, "getContext").mockReturnValue(null)],
  ["createImageBitmap", () => vi.stubGlobal("createImageBitmap", undefined)],
  ["crypto.subtle", () => vi.spyOn(Crypto.prototype, "subtle", "get").mockReturnValue(undefined as never)],
  ["crypto.subtle", () => vi.stubGlobal("crypto", undefined)],
])("%s is missed", (name, takeAway) => {
  takeAway();
  expect(listMissingForPictures()).toEqual([name]);
});

test.each([
  ["is not there", () => vi.stubGlobal("WebAssembly", undefined)],
  [
    "is forbidden by a policy, or knows no SIMD",
    () =>
      vi.stubGlobal("WebAssembly", {
        Module: function forbid() {
          throw new Error("Wasm code generation disallowed by embedder");
        },
      }),
  ],
])("WebAssembly is missed in a worker when it %s, and never in a page", (_, takeAway) => {
  expect(listMissingInWorker()).toEqual([]);
  takeAway();
  expect(listMissingInWorker()).toEqual(["WebAssembly with SIMD"]);
  expect(listMissingForPictures()).toEqual([]);
});

/** What a browser gives back of a canvas that it does not want to be recognized by. */
function alterCanvas(alter: (value: number) => number): void {
  const { getImageData } = OffscreenCanvasRenderingContext2D.prototype;
  vi.spyOn(OffscreenCanvasRenderingContext2D.prototype, "getImageData").mockImplementation(function (
    this: OffscreenCanvasRenderingContext2D,
    ...area
  ) {
    const pixels = getImageData.apply(this, area);
    pixels.data.set(pixels.data.map(alter));
    return pixels;
  });
}

test("a canvas that gives back noise is missed, and a little noise is let pass", () => {
  alterCanvas(() => Math.random() * 256);
  expect(listMissingForPictures()).toEqual([drawing]);
  vi.restoreAllMocks();
  alterCanvas((value) => value ^ 1);
  expect(listMissingForPictures()).toEqual([]);
});

test("a photo is decoded in browsers that know the orientation of a picture under another name", async () => {
  const file = await quarters(40, 20, "image/jpeg");
  const decode = createImageBitmap;
  vi.stubGlobal("createImageBitmap", (source: Blob, options?: ImageBitmapOptions) =>
    options?.imageOrientation === "from-image"
      ? Promise.reject(new TypeError("no such word"))
      : decode(source, options),
  );
  const head = { format: "jpeg", size: undefined, animated: false } as const;
  const sizeOf = ({ photo }: Pixels) => Promise.resolve(photo);
  expect(await createPhotoSource(() => file, head).useAtMost(1e6, sizeOf)).toEqual({ widthPx: 40, heightPx: 20 });
});
