// The photographs and charts of the bench, the same on every machine: drawn from formulas and one fixed seed.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { root } from "../../scripts/steps.mjs";
import { decodeSrgb, encodeSrgb } from "./reference.ts";

/** By this file's own digest: what was drawn by other formulas is not taken for these. */
const digest = createHash("sha256")
  .update(readFileSync(import.meta.filename))
  .digest("hex")
  .slice(0, 12);
const folder = join(root, ".cache", "croppers", digest);

/** A colour that is in the middle of every photograph and nowhere else on a screen. */
export const marker = { red: 255, green: 50, blue: 170 } as const;

/** Writes one pixel's three bytes at `at`. */
type Paint = (bytes: Buffer, at: number, x: number, y: number) => void;

function draw(width: number, height: number, paint: Paint): Buffer {
  const bytes = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) paint(bytes, (y * width + x) * 3, x, y);
  }
  return bytes;
}

/** Bytes from xorshift32 with a fixed seed. */
function makeNoise(count: number): Uint8Array {
  let seed = 2_463_534_242;
  return Uint8Array.from({ length: count }, () => {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return seed & 255;
  });
}

const tilePx = 1024;
const tile = makeNoise(tilePx * tilePx);

function noiseAt(x: number, y: number): number {
  return (tile[(y & (tilePx - 1)) * tilePx + (x & (tilePx - 1))] as number) - 128;
}

/** Sky, hills with sharp edges, foliage with detail down to the pixel, bars, and the marker's disc in the middle. */
function paintPhoto(width: number, height: number): Paint {
  const ridges = Float64Array.from({ length: width }, (_, x) => {
    const at = (x / width) * Math.PI * 2;
    return height * (0.42 + 0.08 * Math.sin(at * 1.5 + 1) + 0.03 * Math.sin(at * 7) + 0.01 * Math.sin(at * 31));
  });
  const disc = (height * 0.13) ** 2;
  const bars = width / 90;
  // A lens and a sensor of more pixels show the same leaves larger, and less of them from one pixel to the next.
  const finer = width > 6000 ? 1 : 0;
  const grain = 0.2 / 4 ** finer;
  return (bytes, at, x, y) => {
    const [right, down] = [x / width, y / height];
    let [red, green, blue] = [90 + 90 * down, 140 + 60 * right, 235 - 60 * down];
    if (y > (ridges[x] as number)) {
      // Leaves: coarse light, finer leaves in it, and grain.
      const leaves =
        noiseAt(x >> (4 + finer), y >> (4 + finer)) * 0.25 +
        noiseAt(x >> (2 + finer), y >> (2 + finer)) * 0.35 +
        noiseAt(x, y) * grain;
      [red, green, blue] = [70 + 60 * right + leaves, 105 + leaves * 1.1, 45 + 40 * down + leaves * 0.6];
    }
    if (down > 0.84 && down < 0.9) [red, green, blue] = Math.floor(x / bars) % 2 === 0 ? [235, 232, 220] : [30, 26, 34];
    if ((x - width / 2) ** 2 + (y - height / 2) ** 2 < disc) {
      [red, green, blue] = [marker.red, marker.green, marker.blue];
    }
    bytes[at] = Math.min(255, Math.max(0, red));
    bytes[at + 1] = Math.min(255, Math.max(0, green));
    bytes[at + 2] = Math.min(255, Math.max(0, blue));
  };
}

/**
 * Rings about the middle whose spatial frequency grows with the distance: a sine in linear light, of half the light on average.
 * Half a cycle per pixel, the finest that there is, at the upper and lower edge; nothing beyond.
 */
function paintZonePlate(width: number, height: number): Paint {
  return (bytes, at, x, y) => {
    const squared = (x + 0.5 - width / 2) ** 2 + (y + 0.5 - height / 2) ** 2;
    const light = squared <= (height / 2) ** 2 ? 0.5 + 0.5 * Math.cos((Math.PI * squared) / height) : 0.5;
    bytes.fill(Math.round(encodeSrgb(light) * 255), at, at + 3);
  };
}

async function keep(name: string, make: () => Sharp): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  if (!existsSync(path)) {
    const draft = join(folder, `${process.pid}.${name}`);
    await make().toFile(draft);
    await rename(draft, path);
  }
  return path;
}

function fromRaw(bytes: Buffer, width: number, height: number): Sharp {
  return sharp(bytes, { raw: { width, height, channels: 3 }, limitInputPixels: 60_000_000 });
}

/** The file of a camera's photograph: JPEG, quality 95, 4:2:0. */
export function makeJpeg(width: number, height: number): Promise<string> {
  return keep(`photo-${width}x${height}.jpg`, () =>
    // As much blur as a lens and a sensor with a colour filter have.
    fromRaw(draw(width, height, paintPhoto(width, height)), width, height)
      .blur(0.6)
      .jpeg({ quality: 95, chromaSubsampling: "4:2:0" }),
  );
}

function makePng(name: string, width: number, height: number, paint: Paint): Promise<string> {
  return keep(`${name}-${width}x${height}.png`, () => fromRaw(draw(width, height, paint), width, height).png());
}

/** Lossless sources. */
export interface Charts {
  readonly photo: string;
  readonly largePhoto: string;
  readonly noise: string;
  readonly zonePlate: string;
  /** Turned it has to be larger to cover the card; it is then shrunk about as much as the other upright. */
  readonly zonePlateToTurn: string;
  readonly checkerboard: string;
}

const [chartWidth, chartHeight] = [2400, 1600];

export async function makeCharts(): Promise<Charts> {
  const make = (name: string, paint: Paint) => makePng(name, chartWidth, chartHeight, paint);
  const colours = makeNoise(chartWidth * chartHeight * 3);
  return {
    photo: await make("photo", paintPhoto(chartWidth, chartHeight)),
    largePhoto: await makePng("photo", 4000, 3000, paintPhoto(4000, 3000)),
    noise: await make("noise", (bytes, at) => bytes.set(colours.subarray(at, at + 3), at)),
    zonePlate: await make("zone-plate", paintZonePlate(chartWidth, chartHeight)),
    zonePlateToTurn: await makePng("zone-plate", 3600, 2400, paintZonePlate(3600, 2400)),
    checkerboard: await make("checkerboard", (bytes, at, x, y) => void bytes.fill(((x + y) % 2) * 255, at, at + 3)),
  };
}

/** Mean luminance of grey pixels, in linear light, 0 to 1. */
export function meanLight(pixels: Uint8Array): number {
  return pixels.reduce((sum, value) => sum + decodeSrgb(value / 255), 0) / pixels.length;
}
