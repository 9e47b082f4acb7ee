import { afterAll, expect, test } from "vitest";
import { coverPlacement } from "#card/placement.ts";
import { findProduct } from "#card/products.ts";
import { paintAround } from "#card/region.ts";
import { createDesign, type Design } from "#design/design.ts";
import { paintGround } from "#design/ground.ts";
import { createImageClient } from "./client.ts";
import { drawOn } from "./testing/made-files.ts";
import { designOf } from "./testing/open-photo.ts";

const client = createImageClient();
afterAll(() => client.close());
const product = findProduct("photo-landscape")!;
const { widthPx, heightPx } = product;
const dusk = { from: "#14274e", to: "#c0272d", angleDeg: 45 } as const;
const box = { xMm: 0, yMm: 0, widthMm: 20, heightMm: 20, rotationDeg: 0, mirrored: false };

async function pixelsOf(png: Uint8Array<ArrayBuffer>): Promise<Uint8ClampedArray> {
  const picture = await createImageBitmap(new Blob([png], { type: "image/png" }), { colorSpaceConversion: "none" });
  const context = drawOn(widthPx, heightPx, (drawing) => drawing.drawImage(picture, 0, 0));
  return context.getImageData(0, 0, widthPx, heightPx).data;
}

test.each(["#1e7d5a", dusk])(
  "a card without a photo is its ground, up to the last pixel of the bleed: %o",
  async (ground) => {
    const { png } = await client.renderPicture({ ...createDesign(product), ground }, [], product);
    const painted = new Uint8ClampedArray(widthPx * heightPx * 4);
    paintGround(painted, product, ground);
    const pixels = await pixelsOf(png);
    expect(pixels.every((level, at) => level === painted[at])).toBe(true);
  },
);

test("a photo that covers a part of the card is seen there alone, and no filter changes the ground about it", async () => {
  const { canvas } = drawOn(1600, 1000, (drawing) => {
    const pixels = drawing.createImageData(1600, 1000);
    for (let at = 0; at < 1_600_000; at++) pixels.data.set([at % 251, (at >> 9) & 255, 90, 255], at * 4);
    drawing.putImageData(pixels, 0, 0);
  });
  const photo = await client.openPhoto(await canvas.convertToBlob({ type: "image/png" }), product);
  const region = { xMm: 21.3, yMm: 2, widthMm: 30.1, heightMm: 41 };
  const whole = {
    ...designOf(photo, coverPlacement(photo, product), product),
    ground: "#204060",
    look: { filter: { id: "film", percent: 100 } },
  };
  const part = { ...whole, elements: whole.elements.map((element) => ({ ...element, region }) as typeof element) };
  const [all, seen] = [
    await pixelsOf((await client.renderPicture(whole, [photo], product)).png),
    await pixelsOf((await client.renderPicture(part, [photo], product)).png),
  ];
  const wanted = all.slice();
  paintAround(wanted, region, "#204060", product);
  expect(seen.every((level, at) => level === wanted[at])).toBe(true);
  expect(seen.some((level, at) => level !== all[at])).toBe(true);
  const middle = Math.round(heightPx / 2) * widthPx;
  const at = (xMm: number): number => (middle + Math.round(widthPx / 2 + (xMm * product.dpi) / 25.4)) * 4;
  expect(Array.from(seen.slice(at(0), at(0) + 3))).toEqual([0x20, 0x40, 0x60]);
  expect(seen.slice(at(20), at(20) + 3)).toEqual(all.slice(at(20), at(20) + 3));
});

test("a photo that covers no more than its part of the card is what the screen shows, whatever is about it", async () => {
  const { canvas } = drawOn(900, 900, (drawing) => {
    drawing.fillStyle = "#101820";
    drawing.fillRect(0, 0, 900, 900);
  });
  const photo = await client.openPhoto(await canvas.convertToBlob({ type: "image/png" }), product);
  const { sha256, widthPx: width, heightPx: height } = photo;
  const region = { xMm: 20, yMm: -5, widthMm: 30, heightMm: 30 };
  const size = { widthPx: width, heightPx: height, region };
  for (const ground of ["#ffffff", "#101820", "#f6c544"]) {
    for (const rotationDeg of [0, 30]) {
      const placement = coverPlacement(size, product, rotationDeg);
      const design: Design = {
        ...createDesign(product),
        ground,
        elements: [{ kind: "photo", id: "photo", sha256, ...size, placement }],
      };
      const pixels = await pixelsOf((await client.renderPicture(design, [photo], product)).png);
      const wanted = pixels.map((_, at) => [0x10, 0x18, 0x20, 255][at % 4]!);
      paintAround(wanted, region, ground, product);
      expect(pixels.findIndex((level, at) => level !== wanted[at])).toBe(-1);
    }
  }
});

test("it is the same bytes each time, with what lies on it", async () => {
  const heart = { kind: "shape", id: "e1", shape: "heart", fill: "#00ff00", box } as const;
  const design = { ...createDesign(product), ground: dusk, elements: [heart] };
  const [one, other] = [
    await client.renderPicture(design, [], product),
    await client.renderPicture(structuredClone(design), [], product),
  ];
  expect(other.sha256).toBe(one.sha256);
  const pixels = await pixelsOf(one.png);
  const centre = ((heightPx / 2) * widthPx + widthPx / 2) * 4;
  expect(Array.from(pixels.slice(centre, centre + 3))).toEqual([0, 255, 0]);
  expect(Array.from(pixels.slice(0, 3))).toEqual([0x14, 0x27, 0x4e]);
});
