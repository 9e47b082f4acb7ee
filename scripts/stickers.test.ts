import { readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { expect, it } from "vitest";
import { stickerNames } from "#design/stickers/collection.ts";
import { findSticker, loadStickers } from "#design/stickers/stickers.ts";
import { root } from "./steps.mjs";

const pictures = join(root, "node_modules/@iconify-json/fluent-emoji-flat/icons.json");
const { icons } = JSON.parse(readFileSync(pictures, "utf8")) as { icons: Record<string, { body: string }> };

async function draw(content: string): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="64" height="64">${content}</svg>`;
  return sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer();
}

it("each looks like the picture that it is made of", async () => {
  const names = Object.values(stickerNames).flat();
  await loadStickers(names);
  const unlike: string[] = [];
  for (const name of names) {
    const paths = findSticker(name)?.ops.map(
      ({ path, fill, rule }) => `<path fill="${fill}" fill-rule="${rule}" d="${path}"/>`,
    );
    const [own, original] = await Promise.all([draw(paths?.join("") ?? ""), draw(icons[name]?.body ?? "")]);
    const difference = own.reduce((sum, level, at) => sum + Math.abs(level - (original[at] ?? 0)), 0) / own.length;
    // Of 255, over all pixels: what rounding to a hundredth of a unit does to a zebra's stripes.
    if (difference > 0.8) unlike.push(`${name}: ${difference.toFixed(2)}`);
  }
  expect(unlike).toEqual([]);
});
