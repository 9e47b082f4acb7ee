import sharp from "sharp";
import type { Product } from "#card/products.ts";

/** By hand: a machine without fonts draws it too. */
const letters: Readonly<Record<string, readonly string[]>> = {
  T: ["#####", "..#..", "..#..", "..#..", "..#..", "..#..", "..#.."],
  E: ["#####", "#....", "#....", "####.", "#....", "#....", "#####"],
  S: [".####", "#....", "#....", ".###.", "....#", "....#", "####."],
};
const [word, columns, rows] = ["TEST", 6, 7];
const [ground, ink] = [0xe6, 0x20];

/** Where the word has ink, in cells of a letter's grid. */
function isInk(column: number, row: number): boolean {
  const letter = word[Math.floor(column / columns)] ?? "";
  return column >= 0 && row >= 0 && letters[letter]?.[row]?.[column % columns] === "#";
}

/** A picture of nobody, as the product's platform takes it: an RGB PNG of the whole raster that says TEST. */
export async function drawTestPicture({ widthPx, heightPx, dpi }: Product): Promise<Buffer> {
  const cellPx = Math.floor(widthPx / (word.length * columns + 4));
  const left = Math.floor((widthPx - cellPx * (word.length * columns - 1)) / 2);
  const top = Math.floor((heightPx - cellPx * rows) / 2);
  const pixels = Buffer.alloc(widthPx * heightPx * 3, ground);
  for (let y = 0; y < heightPx; y += 1) {
    const row = Math.floor((y - top) / cellPx);
    for (let x = 0; row >= 0 && row < rows && x < widthPx; x += 1)
      if (isInk(Math.floor((x - left) / cellPx), row))
        pixels.fill(ink, (y * widthPx + x) * 3, (y * widthPx + x + 1) * 3);
  }
  const raw = { width: widthPx, height: heightPx, channels: 3 } as const;
  return sharp(pixels, { raw }).withMetadata({ density: dpi }).png({ palette: false }).toBuffer();
}
