import { afterAll, expect, test } from "vitest";
import { findProduct } from "#card/products.ts";
import { createDesign } from "#design/design.ts";
import { paintGround } from "#design/ground.ts";
import { createImageClient } from "./client.ts";
import { drawOn } from "./testing/made-files.ts";

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
