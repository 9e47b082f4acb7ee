import { readFileSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import sharp from "sharp";
import { findProduct } from "#card/products.ts";
import type { Design } from "#design/design.ts";
import type { Paint } from "#paint/paint.ts";
import { type Difference, findDifference } from "./compare.ts";
import { paintRange, type Unpaintable } from "./paint-range.ts";
import { readArts } from "./read-arts.ts";

/** Node has it; its types leave it to those of the DOM. */
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** A picture whose structure was found right, and what it is to show. */
export interface CheckJob {
  readonly png: Uint8Array;
  readonly design: Design;
  readonly productId: string;
  /** The issuer's own stickers that the design names: JSON compressed by gzip, by their names in designs. */
  readonly ownStickers: ReadonlyMap<string, Uint8Array>;
}

export type CheckAnswer = Difference | Unpaintable | "equal";

const code = new WebAssembly.Module(readFileSync(new URL("../../paint/paint.wasm", import.meta.url)));
let paint: Paint | undefined;

async function check({ png, design, productId, ownStickers }: CheckJob): Promise<CheckAnswer> {
  const product = findProduct(productId);
  if (product === undefined) throw new Error(`no product ${productId}`);
  const findArt = await readArts(design, ownStickers);
  paint ??= new WebAssembly.Instance(code).exports as Paint;
  const range = paintRange(paint, design, product, findArt);
  if ("unpaintable" in range) return range;
  const { widthPx, heightPx } = product;
  const decoder = sharp(png, { limitInputPixels: widthPx * heightPx });
  const { data, info } = await decoder.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  if (info.width !== widthPx || info.height !== heightPx || info.channels !== 3)
    throw new Error(`decoded as ${info.width} x ${info.height} of ${info.channels} channels`);
  return findDifference(data, range, widthPx) ?? "equal";
}

// One after the other: whoever asks waits for the answer first. What fails ends the thread, and whoever asks starts another.
parentPort?.on("message", (job: CheckJob) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread of Node has no origin
  void check(job).then((answer) => parentPort?.postMessage(answer));
});
