import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, it, vi } from "vitest";
import { findProduct } from "#card/products.ts";
import { createDesign } from "../design.ts";
import { designDocument } from "../document.ts";
import type { Drawing } from "../elements.ts";
import { stickerCategories, stickerNames } from "./collection.ts";
import { findSticker, loadStickers } from "./stickers.ts";
import released from "./testing/released.json" with { type: "json" };

const names = Object.values(stickerNames).flat();
const product = findProduct("photo-landscape")!;

it("has about three hundred stickers in eight categories, each once", () => {
  expect(stickerCategories).toHaveLength(8);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThanOrEqual(290);
  for (const category of stickerCategories) expect(stickerNames[category].length).toBeGreaterThan(20);
});

it("knows a sticker once it was loaded, with those of its category; others are nothing", async () => {
  // Another file may have loaded others.
  vi.resetModules();
  const { findSticker, loadStickers } = await import("./stickers.ts");
  expect(findSticker("red-heart")).toBeUndefined();
  await loadStickers([]);
  await loadStickers(["no-such-sticker", "red-heart"]);
  expect(findSticker("red-heart")).toMatchObject({ width: 32, height: 32 });
  expect(findSticker("red-heart")).toBe(findSticker("red-heart"));
  expect(findSticker("blue-heart")).toBeDefined();
  expect(findSticker("rocket")).toBeUndefined();
  expect(findSticker("no-such-sticker")).toBeUndefined();
  expect(findSticker("constructor")).toBeUndefined();
});

it("never changes a sticker that was released: designs that hold it would print another picture", async () => {
  await loadStickers(names);
  const digest = (name: string) =>
    createHash("sha256")
      .update(JSON.stringify(findSticker(name)))
      .digest("hex")
      .slice(0, 16);
  // One that is new is added to that file; one that is there is neither changed nor taken out.
  expect(Object.fromEntries(names.map((name) => [name, digest(name)]))).toEqual(released);
});

it("draws each of what a design may be made of", async () => {
  await loadStickers(names);
  const box = { xMm: 0, yMm: 0, widthMm: 14, heightMm: 14, rotationDeg: 0, mirrored: false };
  const placement = { xMm: 0, yMm: 0, mmPerPx: 0.1, rotationDeg: 0, mirrored: false };
  const photo = {
    kind: "photo",
    id: "photo",
    sha256: "a".repeat(64),
    widthPx: 1000,
    heightPx: 700,
    placement,
  } as const;
  for (const name of names) {
    const drawing: Drawing = { kind: "drawing", id: "d", box, art: findSticker(name)! };
    const sticker = { kind: "sticker", id: "s", box, art: name };
    const design = { ...createDesign(product), elements: [photo, drawing, sticker] };
    expect({ name, error: designDocument.safeParse(design).error }).toEqual({ name, error: undefined });
  }
});

it("sends no category of more than 48 kB, and 210 kB in all", () => {
  const sizes = stickerCategories.map(
    (category) => gzipSync(readFileSync(new URL(`arts/${category}.ts`, import.meta.url)), { level: 9 }).length,
  );
  expect(Math.max(...sizes)).toBeLessThanOrEqual(48_000);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(210_000);
});
