import { afterEach, expect, test, vi } from "vitest";
import { createPhotoSource, type Pixels } from "./photo-source.ts";
import { canReadPixels, readSurface } from "./read-surface.ts";
import { listMissingForPictures, listMissingInWorker, truePixels } from "./requirements.ts";
import { quarters } from "./testing/made-files.ts";

afterEach(async () => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  await canReadPixels();
});

const drawing = "OffscreenCanvas with a 2D context";

test("nothing is missing here", async () => {
  expect(listMissingForPictures()).toEqual([]);
  expect(await listMissingInWorker()).toEqual([]);
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
])("WebAssembly is missed in a worker when it %s, and never in a page", async (_, takeAway) => {
  takeAway();
  expect(await listMissingInWorker()).toEqual(["WebAssembly with SIMD"]);
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

const lies = {
  noise: () => Math.random() * 256,
  "nothing but white": () => 255,
  "a little noise": (value: number) => value ^ 1,
} as const;

test.each(Object.keys(lies) as (keyof typeof lies)[])(
  "of a canvas that gives back %s, the pixels are read in another way",
  async (lie) => {
    alterCanvas(lies[lie]);
    expect(await listMissingInWorker()).toEqual([]);
    const context = new OffscreenCanvas(2, 1).getContext("2d") as OffscreenCanvasRenderingContext2D;
    context.fillStyle = "#205080";
    context.fillRect(0, 0, 1, 1);
    expect([...(await readSurface(context, 2, 1))]).toEqual([0x20, 0x50, 0x80, 255, 0, 0, 0, 0]);
  },
);

test("true pixels are missed where there is no other way, and a little noise is let pass", async () => {
  vi.stubGlobal("VideoFrame", undefined);
  for (const [lie, missing] of [
    ["noise", [truePixels]],
    ["nothing but white", [truePixels]],
    ["a little noise", []],
  ] as const) {
    alterCanvas(lies[lie]);
    expect(await listMissingInWorker(), lie).toEqual(missing);
    vi.restoreAllMocks();
  }
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
