// node scripts/icons.mjs: draws the other icons of public/ from favicon.svg. Needed when that drawing has changed.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { root } from "./steps.mjs";

const folder = join(root, "public");
const drawing = readFileSync(join(folder, "favicon.svg"));
/** The drawing's own width and height in px. */
const drawnPx = 32;
/** Behind an icon that a system cuts to a shape of its own. */
const ground = String(
  /--accent-tint: (#\w+);/.exec(readFileSync(join(root, "src/designer/styles/tokens.css"), "utf8"))?.[1],
);
/** So wide the card stays inside the circle that every shape leaves whole: 80 % of the icon (W3C, Web App Manifest, "maskable"). */
const maskedShare = 0.64;

/** The drawing on a transparent ground. @param {number} px */
function draw(px) {
  return sharp(drawing, { density: (72 * px) / drawnPx })
    .png()
    .toBuffer();
}

/** The drawing, smaller, on a ground that fills the icon. @param {number} px */
async function drawMaskable(px) {
  const input = await draw(Math.round(px * maskedShare));
  return sharp({ create: { width: px, height: px, channels: 3, background: ground } })
    .composite([{ input }])
    .removeAlpha()
    .png()
    .toBuffer();
}

/** An .ico file of PNGs, one for each size. @param {readonly number[]} sizesPx */
async function writeIco(sizesPx) {
  const images = await Promise.all(sizesPx.map(draw));
  const directory = Buffer.alloc(6 + 16 * images.length);
  directory.writeUInt16LE(1, 2);
  directory.writeUInt16LE(images.length, 4);
  let at = directory.length;
  for (const [index, image] of images.entries()) {
    const entry = 6 + 16 * index;
    const px = sizesPx[index] ?? 0;
    directory.set([px, px, 0, 0, 1, 0, 32, 0], entry);
    directory.writeUInt32LE(image.length, entry + 8);
    directory.writeUInt32LE(at, entry + 12);
    at += image.length;
  }
  return Buffer.concat([directory, ...images]);
}

const icons = {
  "favicon.ico": await writeIco([16, 32]),
  "apple-touch-icon.png": await drawMaskable(180),
  "icon-192.png": await draw(192),
  "icon-512.png": await draw(512),
  "icon-maskable-192.png": await drawMaskable(192),
  "icon-maskable-512.png": await drawMaskable(512),
};
for (const [name, bytes] of Object.entries(icons)) writeFileSync(join(folder, name), bytes);
