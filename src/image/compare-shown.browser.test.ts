import { expect, test } from "vitest";
import { clampPlacement, coverPlacement, type Placement } from "#card/placement.ts";
import { products } from "#card/products.ts";
import { drawShown } from "./compare-shown.ts";
import { pixelsOfBitmap } from "./bitmap-pixels.ts";
import type { Pixels } from "./photo-source.ts";
import { renderPicture } from "./render.ts";
import { blue, cssColour, drawOn, green, red, yellow } from "./testing/made-files.ts";
import { designOf, makeOpenPhoto } from "./testing/open-photo.ts";

// A quarter of the real resolution: there are many to make.
const product = { ...products[0], widthPx: 259, heightPx: 166, dpi: 75 };
const size = { widthPx: 1200, heightPx: 800 };
const { signal } = new AbortController();

type Draw = (context: OffscreenCanvasRenderingContext2D) => void;

function filled(colour: string): Draw {
  return (context) => {
    context.fillStyle = colour;
    context.fillRect(0, 0, size.widthPx, size.heightPx);
  };
}

const photos: Readonly<Record<string, Draw>> = {
  "four quarters": (context) => {
    for (const [index, colour] of [red, green, blue, yellow].entries()) {
      context.fillStyle = cssColour(colour);
      context.fillRect((index % 2) * 600, Math.floor(index / 2) * 400, 600, 400);
    }
  },
  "a page of print": (context) => {
    filled("#fff")(context);
    context.fillStyle = "#111";
    for (let line = 0; line < 8; line++) context.fillRect(150, 150 + line * 40, 450, 8);
  },
  "stripes of one pixel": (context) => {
    filled("#fff")(context);
    context.fillStyle = "#000";
    for (let x = 0; x < size.widthPx; x += 2) context.fillRect(x, 0, 1, size.heightPx);
  },
  "stripes of seven pixels": (context) => {
    filled("#fff")(context);
    context.fillStyle = "#000";
    for (let x = 0; x < size.widthPx; x += 7) context.fillRect(x, 0, 3.5, size.heightPx);
  },
  gravel: (context) => {
    let seed = 7;
    for (let y = 0; y < size.heightPx; y += 4) {
      for (let x = 0; x < size.widthPx; x += 4) {
        seed = (seed * 1103515245 + 12345) & 0x7fffffff;
        context.fillStyle = seed & 0x10000 ? "#e0e0e0" : "#202020";
        context.fillRect(x, y, 4, 4);
      }
    }
  },
  "a grey mist": (context) => {
    const grey = context.createLinearGradient(0, 0, size.widthPx, 0);
    grey.addColorStop(0, "#606060");
    grey.addColorStop(1, "#a0a0a0");
    context.fillStyle = grey;
    context.fillRect(0, 0, size.widthPx, size.heightPx);
  },
  "nothing but white": filled("#fff"),
  "nothing but black": filled("#000"),
};

/** From far away they are as grey as noise is, which is looked for before there is a photo. */
const greys = ["stripes of one pixel", "stripes of seven pixels", "gravel", "a grey mist"];

const fitting = coverPlacement(size, product);
const placements: readonly Placement[] = [
  fitting,
  clampPlacement({ ...coverPlacement(size, product, 30), xMm: 10, yMm: -4, mirrored: true }, size, product),
  clampPlacement({ ...fitting, mmPerPx: fitting.mmPerPx * 3, xMm: 80, yMm: 50 }, size, product),
];

/** Renders a card of such pixels, and compares it with the preview of such a photo. */
function render(placement: Placement, drawPhoto: Draw, pixels: Pixels) {
  const previewOf = drawOn(600, 400, (context) => {
    context.imageSmoothingQuality = "high";
    context.drawImage(drawOn(size.widthPx, size.heightPx, drawPhoto).canvas, 0, 0, 600, 400);
  });
  const photo = makeOpenPhoto({ ...size, preview: previewOf.canvas.transferToImageBitmap() });
  const design = designOf(photo, placement, product);
  const shown = drawShown(design, photo.preview, product);
  expect(shown).toBeDefined();
  const source = {
    use: <T>(_wanted: unknown, work: (given: Pixels) => Promise<T>) => work(pixels),
    useAtMost: <T>(_pixels: unknown, work: (given: Pixels) => Promise<T>) => work(pixels),
    rest: () => {},
    release: () => {},
  };
  return renderPicture(
    design,
    { findPhoto: () => Promise.resolve({ source, transparent: false }), arts: {} },
    product,
    {
      signal,
      onProgress: () => {},
      shown,
    },
  );
}

function pixelsOf(draw: Draw): Pixels {
  return pixelsOfBitmap({ bitmap: drawOn(size.widthPx, size.heightPx, draw).canvas.transferToImageBitmap() });
}

/** What decoders and canvases without memory give. */
function pixelsLike(value: () => number): Pixels {
  const some = Uint8ClampedArray.from({ length: 60_000 }, value);
  return {
    ...pixelsOf(filled("#000")),
    read: async ({ bytes }) => {
      for (let at = 0; at < bytes.length; at += some.length) bytes.set(some.subarray(0, bytes.length - at), at);
    },
  };
}

test.each(Object.keys(photos))("a card of %s is what the screen shows", async (name) => {
  const draw = photos[name] as Draw;
  for (const placement of placements) {
    const { png } = await render(placement, draw, pixelsOf(draw));
    expect(png.length).toBeGreaterThan(0);
  }
});

test("white, black and noise where the photo is something else are never sent", async () => {
  const wrong = { white: () => 255, black: () => 0, noise: () => Math.random() * 256 };
  for (const [name, value] of Object.entries(wrong)) {
    for (const [photo, draw] of Object.entries(photos)) {
      if (photo === `nothing but ${name}` || (name === "noise" && greys.includes(photo))) continue;
      await expect(render(fitting, draw, pixelsLike(value)), `${name} for ${photo}`).rejects.toMatchObject({
        code: "out-of-memory",
        cause: expect.stringMatching(/differs from the preview by/),
      });
    }
  }
});

test("what was shown last is shown again, and anew where the photo lies elsewhere", () => {
  const preview = drawOn(size.widthPx, size.heightPx, photos["four quarters"] as Draw).canvas.transferToImageBitmap();
  const photo = makeOpenPhoto({ ...size, preview });
  const show = (placement: Placement): string => {
    const shown = drawShown(designOf(photo, placement, product), preview, product)!;
    const context = new OffscreenCanvas(shown.width, shown.height).getContext("2d")!;
    context.drawImage(shown, 0, 0);
    return context.getImageData(0, 0, shown.width, shown.height).data.join();
  };
  const [first, mirrored] = [show(fitting), show({ ...fitting, mirrored: true })];
  expect(mirrored).not.toBe(first);
  expect(show({ ...fitting, mirrored: true })).toBe(mirrored);
  expect(show(fitting)).toBe(first);
});
