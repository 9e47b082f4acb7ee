import { expect, test } from "vitest";
import { products } from "#card/products.ts";
import { maxPixelsOf, readMemory } from "./limits.ts";
import type { PhotoHead } from "./photo-head.ts";

const agents = {
  windows:
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36",
  firefox: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  mac: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15",
  iphone:
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1",
  android:
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Mobile Safari/537.36",
} as const;

test.each([
  ["windows", 0, 8, "much"],
  ["windows", 10, 32, "much"],
  ["windows", 0, 4, "some"],
  ["windows", 0, 2, "little"],
  ["firefox", 0, undefined, "much"],
  ["mac", 0, undefined, "much"],
  // An iPad.
  ["mac", 5, undefined, "some"],
  ["iphone", 5, undefined, "some"],
  ["android", 5, 8, "some"],
  ["android", 5, 4, "some"],
  ["android", 5, 1, "little"],
] as const)("a device (%s, %i touch points, memory %s) has %s", (agent, maxTouchPoints, deviceMemory, memory) => {
  const hints = { userAgent: agents[agent], maxTouchPoints, ...(deviceMemory !== undefined && { deviceMemory }) };
  expect(readMemory(hints)).toBe(memory);
});

const size = { widthPx: 1, heightPx: 1 };
const head = (format: PhotoHead["format"], more: Partial<PhotoHead> = {}): PhotoHead => ({
  format,
  size,
  animated: false,
  ...more,
});

test("a photo may have as many megapixels as docs/embed.md says, and never more than the product takes", () => {
  const kinds = [head("jpeg"), head("jpeg", { rare: "arithmetic" }), head("png"), head("heic"), head("tiff")];
  const table = (["much", "some", "little"] as const).map((memory) =>
    kinds.map((kind) => maxPixelsOf(kind, products[0], memory) / 1e6),
  );
  expect(table).toEqual([
    [210, 210, 210, 105, 105],
    [210, 100, 100, 50, 50],
    [210, 50, 50, 25, 25],
  ]);
  const lowered = { ...products[0], maxPhotoPixels: 30_000_000 };
  expect(kinds.map((kind) => maxPixelsOf(kind, lowered, "little") / 1e6)).toEqual([30, 30, 30, 25, 25]);
});
