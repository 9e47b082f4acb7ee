// How long the picture's kernel takes: photos of 12 and 48 megapixels to the card's raster, and the raster to a PNG, on one thread.

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { coverPlacement, photoToRaster } from "#card/placement.ts";
import { products } from "#card/products.ts";
import { encodePng } from "#image/encode-png.ts";
import { readKernel } from "#image/testing/read-kernel.ts";
import { noise, resampleIn } from "#image/testing/resample-cases.ts";

const rounds = 5;
const [product] = products;
const raster = { width: product.widthPx, height: product.heightPx };
const kernel = readKernel();

/** Processor time of the work in milliseconds, the least of some rounds after one that warms up: what else runs does not count. */
function measure(work: () => void): number {
  const times = Array.from({ length: rounds + 1 }, () => {
    const before = process.threadCpuUsage();
    work();
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.round(Math.min(...times.slice(1)));
}

const results: string[] = [];

function print(name: string, milliseconds: number): void {
  console.log(name.padEnd(40), `${milliseconds} ms`.padStart(8));
  results.push(`${name.replaceAll(/[ ,]+/g, "_")}=${milliseconds}`);
}

for (const [name, width, height] of [
  ["12 MP", 4000, 3000],
  ["48 MP", 8064, 6048],
] as const) {
  const photo = noise({ width, height });
  for (const degrees of [0, 90, 7, 30]) {
    const size = { widthPx: width, heightPx: height };
    const map = photoToRaster(coverPlacement(size, product, degrees), size, product);
    print(
      `${name}, ${degrees} degrees`,
      measure(() => resampleIn(kernel, photo, map, raster, () => 256)),
    );
  }
}
const photo = noise({ width: 300, height: 200 });
const scale = 3.6;
const soft = resampleIn(kernel, photo, [scale, 0, 0, scale, 0, 0], raster);
print(
  "PNG, soft",
  measure(() => encodePng(kernel, soft, product)),
);
const { rgba } = noise(raster);
print(
  "PNG, noise",
  measure(() => encodePng(kernel, rgba, product)),
);

const bytes = readFileSync(new URL("../src/image/kernel/kernel.wasm", import.meta.url));
console.log(`kernel.wasm: ${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} gzipped`);
console.log(`kernel ${results.join(" ")}`);
