import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { photoToCard } from "#card/placement.ts";
import { bleedSizeMm, findProduct } from "#card/products.ts";
import { adjustPhoto, moveBy, turnTo, zoomTo } from "#design/edits.ts";
import { createImageClient } from "#image/client.ts";
import { makeOpenPhoto } from "#image/testing/open-photo.ts";
import { changeGround, changePhoto } from "../../../store/design-store.ts";
import { isPreviewSharp } from "./sharp-region.ts";
import { type MountedCard, mountCard } from "./testing/card.tsx";
import { drawn } from "./testing/input.ts";

const product = findProduct("photo-landscape")!;
const { widthMm } = bleedSizeMm(product);
const client = createImageClient();
afterAll(() => client.close());

/** Fine lines of black and white, two pixels each: a preview of two megapixels has none of them. Red where the photo is left of its middle. */
async function drawLines(): Promise<Blob> {
  const context = new OffscreenCanvas(4000, 3000).getContext("2d")!;
  context.fillStyle = "#fff";
  context.fillRect(0, 0, 4000, 3000);
  context.fillStyle = "#000";
  for (let x = 0; x < 4000; x += 4) context.fillRect(x, 0, 2, 3000);
  context.globalCompositeOperation = "multiply";
  context.fillStyle = "#f00";
  context.fillRect(0, 0, 2000, 3000);
  return context.canvas.convertToBlob({ type: "image/jpeg", quality: 0.95 });
}

let file: Blob;
beforeAll(async () => void (file = await drawLines()));

let card: MountedCard | undefined;
afterEach(() => card?.unmount());

/** Nothing is drawn sharp before `ready`. */
async function showLines(ready?: Promise<void>): Promise<MountedCard> {
  const photo = await client.openPhoto(file, product);
  const drawRegion: typeof photo.drawRegion = async (...args) => {
    await ready;
    return photo.drawRegion(...args);
  };
  card = await mountCard(product, { ...photo, drawRegion });
  card.host.style.width = "760px";
  changePhoto(card.store.getState(), zoomTo(5));
  await expect.poll(() => card?.host.querySelector("canvas")?.width).toBe(760);
  await drawn();
  return card;
}

function row(of: MountedCard): Uint8ClampedArray {
  const canvas = of.host.querySelector("canvas")!;
  return canvas.getContext("2d")!.getImageData(0, Math.floor(canvas.height / 2), canvas.width, 1).data;
}

/** How far apart light and dark are, 0 to 1: the standard deviation of red along a row. */
function contrast(of: MountedCard): number {
  const reds = row(of).filter((_, index) => index % 4 === 0);
  const mean = reds.reduce((sum, red) => sum + red, 0) / reds.length;
  return Math.sqrt(reds.reduce((sum, red) => sum + (red - mean) ** 2, 0) / reds.length) / 127.5;
}

/** The most blue near there: the left half of the photo has none. */
function blueAround(of: MountedCard, px: number): number {
  return Math.max(...row(of).filter((_, at) => at % 4 === 2 && Math.abs(at / 4 - px) < 8));
}

const sharp = 0.5;

it("shows at rest what the photo's own pixels hold, at the largest zoom, upright and turned", async () => {
  const { promise: ready, resolve: goOn } = Promise.withResolvers<void>();
  const shown = await showLines(ready);
  expect(contrast(shown)).toBeLessThan(sharp);
  goOn();
  await expect.poll(() => contrast(shown)).toBeGreaterThan(sharp);
  changePhoto(shown.store.getState(), turnTo(12));
  await drawn();
  await expect.poll(() => contrast(shown)).toBeGreaterThan(sharp);
});

it("keeps it sharp and in its place while the photo moves, until there is more of it", async () => {
  const shown = await showLines();
  await expect.poll(() => contrast(shown)).toBeGreaterThan(sharp);
  const { store } = shown;
  store.getState().beginGesture();
  changePhoto(store.getState(), moveBy(-3, 0));
  await drawn();
  // Most of the row was there before; what comes in at the right is still the preview's.
  expect(contrast(shown)).toBeGreaterThan(sharp * 0.75);
  const placement = shown.placement();
  const [a, , , , e] = photoToCard(placement, { widthPx: 4000, heightPx: 3000 });
  const middlePx = ((a * 2000 + e) / widthMm + 0.5) * (row(shown).length / 4);
  expect(blueAround(shown, middlePx - 12)).toBeLessThan(60);
  expect(blueAround(shown, middlePx + 12)).toBeGreaterThan(150);
  store.getState().endGesture();
  await expect.poll(() => contrast(shown)).toBeGreaterThan(sharp);
});

it("leaves no pixel empty, and each in its place, while the photo is moved, made smaller and larger, and turned", async () => {
  const shown = await showLines();
  await expect.poll(() => contrast(shown)).toBeGreaterThan(sharp);
  const { store } = shown;
  store.getState().beginGesture();
  for (const change of [
    moveBy(-3.33, 1.71),
    zoomTo(4),
    zoomTo(4.7),
    moveBy(5.2, -3.4),
    zoomTo(5),
    turnTo(3),
    zoomTo(4),
  ]) {
    changePhoto(store.getState(), change);
    await drawn();
    const canvas = shown.host.querySelector("canvas")!;
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    expect(data.every((value, at) => at % 4 !== 3 || value === 255)).toBe(true);
    const [a, b, c, d, e, f] = photoToCard(shown.placement(), { widthPx: 4000, heightPx: 3000 });
    // Where the photo's middle column crosses the row in the middle of the card.
    const y = -(f + b * 2000) / d;
    const middlePx = ((a * 2000 + c * y + e) / widthMm + 0.5) * canvas.width;
    expect(blueAround(shown, middlePx - 12)).toBeLessThan(60);
    expect(blueAround(shown, middlePx + 12)).toBeGreaterThan(150);
  }
  store.getState().endGesture();
});

it("leaves no pixel empty, and each in its place, while the card has another size", async () => {
  const shown = await showLines();
  await expect.poll(() => contrast(shown)).toBeGreaterThan(sharp);
  shown.host.style.width = "990px";
  await expect.poll(() => row(shown).length / 4).toBe(990);
  await drawn();
  const [a, , , , e] = photoToCard(shown.placement(), { widthPx: 4000, heightPx: 3000 });
  const middlePx = ((a * 2000 + e) / widthMm + 0.5) * 990;
  const pixels = row(shown);
  expect(pixels.every((value, at) => at % 4 !== 3 || value === 255)).toBe(true);
  expect(blueAround(shown, middlePx - 12)).toBeLessThan(60);
  expect(blueAround(shown, middlePx + 12)).toBeGreaterThan(150);
  await expect.poll(() => contrast(shown)).toBeGreaterThan(sharp);
});

it("draws nothing again that is there: a tap is no change", async () => {
  const photo = await client.openPhoto(file, product);
  let [asked, given] = [0, 0];
  const drawRegion: typeof photo.drawRegion = async (...args) => {
    asked += 1;
    const bitmap = await photo.drawRegion(...args);
    given += 1;
    return bitmap;
  };
  card = await mountCard(product, { ...photo, drawRegion });
  const { store } = card;
  changePhoto(store.getState(), zoomTo(5));
  await expect.poll(() => given).toBe(1);
  await drawn();
  for (let tap = 0; tap < 3; tap++) {
    store.getState().beginGesture();
    await drawn();
    store.getState().endGesture();
    await drawn();
    // Timers end in their order: what would be asked for after a rest has been by then.
    await new Promise((rest) => void setTimeout(rest, 120));
  }
  expect(asked).toBe(1);
});

it.each([1, 4])(
  "shows at rest the very pixels that are printed, within one level, with their light and colours adjusted: zoom %d",
  async (zoom) => {
    const photo = await client.openPhoto(file, product);
    card = await mountCard(product, photo);
    card.host.style.width = `${product.widthPx}px`;
    const { store, host } = card;
    changePhoto(store.getState(), zoomTo(zoom));
    store.getState().edit(adjustPhoto({ brightness: -30, contrast: 40, warmth: 60, saturation: -20, lift: 80 }));
    const { png } = await client.renderPicture(store.getState().design, [photo], product);
    const picture = await createImageBitmap(new Blob([png], { type: "image/png" }));
    const context = new OffscreenCanvas(product.widthPx, product.heightPx).getContext("2d")!;
    context.drawImage(picture, 0, 0);
    const printed = context.getImageData(0, 0, product.widthPx, product.heightPx).data;
    const mostApart = (): number => {
      const { data } = host
        .querySelector("canvas")!
        .getContext("2d")!
        .getImageData(0, 0, product.widthPx, product.heightPx);
      return data.reduce((most, level, at) => Math.max(most, Math.abs(level - printed[at]!)), 0);
    };
    await expect.poll(mostApart).toBeLessThanOrEqual(1);
  },
);

it("shows another ground at once where the photo is clear, and sharp soon after", async () => {
  const context = new OffscreenCanvas(2400, 1800).getContext("2d")!;
  context.fillStyle = "#f00";
  context.fillRect(0, 0, 1200, 1800);
  const photo = await client.openPhoto(await context.canvas.convertToBlob(), product);
  const drawRegion = vi.fn(photo.drawRegion);
  card = await mountCard(product, { ...photo, drawRegion });
  const { store } = card;
  changePhoto(store.getState(), zoomTo(5));
  const ends = (): string[] => {
    const data = row(card!);
    return [data.slice(0, 4), data.slice(-4)].map((pixel) => pixel.join());
  };
  for (const [ground, colour] of [
    ["#14274e", "20,39,78,255"],
    ["#f6c544", "246,197,68,255"],
    ["#ffffff", "255,255,255,255"],
  ] as const) {
    changeGround(store.getState(), ground);
    await drawn();
    expect(ends()).toEqual(["255,0,0,255", colour]);
    await expect.poll(() => drawRegion.mock.lastCall?.[0].ground).toBe(ground);
    await drawRegion.mock.results.at(-1)?.value;
    await drawn();
    expect(ends(), "as the print picture has it").toEqual(["255,0,0,255", colour]);
  }
});

it("takes the preview for sharp where it has a pixel for each of the screen, or all of the photo's", () => {
  const photo = makeOpenPhoto({
    widthPx: 4000,
    heightPx: 3000,
    preview: { width: 2000, height: 1500, close: () => {} },
  });
  const placement = { xMm: 0, yMm: 0, mmPerPx: 0.1, rotationDeg: 0, mirrored: false };
  expect(isPreviewSharp(photo, placement, { pxPerMm: 4.9 })).toBe(true);
  expect(isPreviewSharp(photo, placement, { pxPerMm: 5.1 })).toBe(false);
  const whole = makeOpenPhoto({ widthPx: 4, heightPx: 3 });
  expect(isPreviewSharp(whole, placement, { pxPerMm: 100 })).toBe(true);
});
