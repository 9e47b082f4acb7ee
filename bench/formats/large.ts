// A photo of 108 megapixels opened and printed: what the browser's processes take for it at most.
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import sharp from "sharp";
import { root } from "../../scripts/steps.mjs";
import { findVisit } from "./browsers.ts";
import { bundlePage, send } from "./host.ts";
import { watchMemory } from "./memory.ts";
import { source } from "./pictures.ts";

const limitMb = 400;
const [widthPx, heightPx] = [12_000, 9000];
const photoTimeoutMs = 150_000;

async function makeLarge(): Promise<string> {
  const folder = join(root, ".cache", "formats");
  const path = join(folder, `large-${widthPx}x${heightPx}.jpg`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const draft = `${path}.${process.pid}`;
  const tile = await source()
    .resize(widthPx / 4, heightPx / 4, { fit: "fill", kernel: "cubic" })
    .png({ compressionLevel: 1 })
    .toBuffer();
  const ground = { width: widthPx, height: heightPx, channels: 3, background: "#000" } as const;
  await sharp({ create: ground, limitInputPixels: 200_000_000 })
    .composite([{ input: tile, tile: true }])
    .jpeg({ quality: 85, chromaSubsampling: "4:2:0" })
    .toFile(draft);
  renameSync(draft, path);
  return path;
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request) text += String(part);
  return text;
}

/** Megabytes at most, with what the page says in the end. */
async function measure(engine: "chromium" | "firefox", zoom: number, pages: ReadonlyMap<string, string | Uint8Array>) {
  const visit = findVisit(engine);
  if (visit === undefined) return undefined;
  const large = readFileSync(await makeLarge());
  const small = await source().resize(1200, 800).jpeg().toBuffer();
  const memory = watchMemory();
  let openedMb = 0;
  let settle = (_said: string): void => {};
  const done = new Promise<string>((resolve) => {
    settle = resolve;
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? "/").replace(/\?.*/, "");
    const page = pages.get(path);
    if (path === "/large" || path === "/small") send(response, path, path === "/large" ? large : small);
    else if (page !== undefined) send(response, path, page);
    else {
      if (path === "/ready") memory.begin();
      if (path === "/opened") openedMb = memory.peak();
      if (path === "/done") settle(await readText(request));
      response.end();
    }
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const timer = setTimeout(() => settle("failed: no answer"), photoTimeoutMs);
  let said = "";
  let peakMb = 0;
  try {
    await visit(`http://127.0.0.1:${(server.address() as AddressInfo).port}/?zoom=${zoom}`, async () => {
      said = await done;
      peakMb = memory.peak();
    });
  } finally {
    clearTimeout(timer);
    memory.stop();
    server.closeAllConnections();
    server.close();
  }
  return { said, openedMb, peakMb };
}

/** Prints what each browser takes, zoomed out and in, and the line to compare. */
export async function measureLarge(): Promise<void> {
  const pages = await bundlePage("bench/formats/page/large.ts");
  const mosts: string[] = [];
  for (const engine of ["chromium", "firefox"] as const) {
    let most = 0;
    for (const zoom of [1, 6]) {
      const measured = await measure(engine, zoom, pages);
      if (measured === undefined) continue;
      const { said, openedMb, peakMb } = measured;
      const isDone = !said.startsWith("failed");
      console.log(
        `${engine}, zoomed ${zoom} times: ${openedMb.toFixed(0)} MB to open, ${peakMb.toFixed(0)} MB at most; ${isDone ? "printed" : said}`,
      );
      most = isDone ? Math.max(most, peakMb) : Number.NaN;
    }
    mosts.push(`${engine}_mb=${most.toFixed(0)}`);
  }
  console.log(`formats_large ${mosts.join(" ")} limit_mb=${limitMb}`);
}
