// Pictures as the designer sends them: its own encoder over something like a photo, smooth shapes under a sensor's noise.
import { type Product, products } from "#card/products.ts";
import { encodePng } from "#image/encode-png.ts";
import { readKernel } from "#image/testing/read-kernel.ts";

/** A generator of numbers from 0 to 1, the same ones in every run (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function paint({ widthPx, heightPx }: Product, noise: number, random: () => number): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(widthPx * heightPx * 4).fill(255);
  for (let y = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1) {
      const at = (y * widthPx + x) * 4;
      for (let channel = 0; channel < 3; channel += 1) {
        const shape = 128 + 60 * Math.sin(x / (40 + channel * 9)) + 50 * Math.cos(y / (31 + channel * 5));
        rgba[at + channel] = shape + (random() + random() - 1) * noise;
      }
    }
  }
  return rgba;
}

/** Different pictures of photo-landscape, from 0.6 to 1.7 MB, always the same ones. */
export function makePictures(count: number): readonly Buffer[] {
  const [product] = products;
  const kernel = readKernel();
  const loudness = [3, 10, 24, 60];
  return Array.from({ length: count }, (_, index) => {
    const rgba = paint(product, loudness[index % loudness.length] as number, createRandom(index));
    return Buffer.from(encodePng(kernel, rgba, product));
  });
}
