import { expect, it } from "vitest";
import { findProduct } from "#card/products.ts";
import { addElement } from "#design/element-edits.ts";
import { heart } from "#design/testing/elements.ts";
import { type Coverage, measureApart } from "./testing/contours.ts";
import { mountCard } from "./testing/card.tsx";
import { measureOutlines } from "./testing/stage-outlines.tsx";

/** A disc, its edge as if it were cut exactly. */
function disc(x: number, y: number, radius: number): Coverage {
  const side = 64;
  const values = Float32Array.from({ length: side * side }, (_, at) => {
    const away = Math.hypot((at % side) + 0.5 - x, Math.floor(at / side) + 0.5 - y);
    return Math.min(Math.max(radius - away + 0.5, 0), 1);
  });
  return { width: side, height: side, values };
}

it("tells how far outlines are apart, in parts of a pixel", () => {
  const one = disc(30, 31, 20);
  expect(measureApart(one, one, [1, 0, 0, 1, 0, 0]).px).toBeLessThan(1e-6);
  const { px } = measureApart(one, disc(30.3, 31.4, 20), [1, 0, 0, 1, 0, 0]);
  // A line between the middles of pixels is itself up to a tenth off where a pixel is covered in part.
  expect(px).toBeGreaterThan(0.4);
  expect(px).toBeLessThan(0.65);
  const whole = measureApart(one, disc(31, 31, 20), [1, 0, 0, 1, 0, 0]);
  expect(whole.px).toBeCloseTo(1, 1);
  expect(whole.points).toBeGreaterThan(100);
  expect(measureApart(one, disc(31, 31, 20), [1, 0, 0, 1, 1, 0]).px).toBeLessThan(1e-6);
  expect(measureApart(one, disc(50, 31, 5), [1, 0, 0, 1, 0, 0]).px).toBe(1.5);
});

it("the stage has the outlines of every kind where the picture has them, however wide the card is", async () => {
  const found = await measureOutlines([360.42, 731.3]);
  expect(found).toHaveLength(18 * 4);
  expect(found.filter(({ points }) => points < 100)).toEqual([]);
  expect(found.filter(({ px }) => !(px <= 0.25))).toEqual([]);
});

it("the stage is never stretched, and covers the card, where that is not as wide as whole pixels", async () => {
  const card = await mountCard(findProduct("photo-landscape")!);
  for (const widthPx of [341.27, 360, 512.5, 358.8]) {
    card.host.style.width = `${widthPx}px`;
    const canvas = card.host.querySelector("canvas")!;
    await expect.poll(() => canvas.width).toBe(Math.ceil(widthPx * devicePixelRatio));
    const { width, height } = canvas.getBoundingClientRect();
    // A browser lays things out in 64ths of a pixel.
    expect(Math.abs(width * devicePixelRatio - canvas.width)).toBeLessThan(0.05);
    expect(Math.abs(height * devicePixelRatio - canvas.height)).toBeLessThan(0.05);
    expect(height).toBeGreaterThanOrEqual(card.surface().getBoundingClientRect().height - 0.02);
  }
  card.unmount();
});

it("elements have two pixels for each of a screen of few, and are not stretched by that", async () => {
  const card = await mountCard(findProduct("photo-landscape")!);
  const widths = () => [...card.host.querySelectorAll("canvas")].map((canvas) => canvas.width);
  const sizes = () => [...card.host.querySelectorAll("canvas")].map((canvas) => canvas.getBoundingClientRect().width);
  card.store.getState().edit(addElement(heart));
  await expect.poll(widths).toHaveLength(3);
  const [photo] = widths();
  await expect.poll(widths).toEqual([photo, photo! * 2, photo]);
  expect(new Set(sizes()).size).toBe(1);
  card.unmount();
});
