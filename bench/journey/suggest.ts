// How long the opening of a photo of 12 megapixels waits for what is suggested, in Chromium.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import sharp from "sharp";
import { findVisit } from "../formats/browsers.ts";
import { bundlePage, send } from "../formats/host.ts";
import { photographPath } from "./make-crop.ts";

const timeoutMs = 180_000;

interface Measured {
  readonly ms: number;
  readonly suggestions: number;
}

async function answerOf(photo: Buffer): Promise<string> {
  const pages = await bundlePage("bench/journey/page/suggest.ts");
  let settle = (_said: string): void => {};
  const said = new Promise<string>((resolve) => {
    settle = resolve;
  });
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    const page = pages.get(path);
    if (path === "/photo") send(response, path, photo);
    else if (page !== undefined) send(response, path, page);
    else if (path === "/done") {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => (response.end(), settle(Buffer.concat(parts).toString())));
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const timer = setTimeout(() => settle("no answer"), timeoutMs);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  try {
    await findVisit("chromium")?.(url, async () => void (await said));
    return await said;
  } finally {
    clearTimeout(timer);
    server.closeAllConnections();
    server.close();
  }
}

/** Milliseconds, of runs in fresh workers, in rising order. */
export async function measureSuggestions(): Promise<readonly number[]> {
  const photo = await sharp(photographPath("dust-bowl-home")).resize(4000, 3000, { fit: "cover" }).jpeg().toBuffer();
  const said = await answerOf(photo);
  if (!said.startsWith("[")) throw new Error(said);
  const runs = JSON.parse(said) as readonly Measured[];
  if (runs.some(({ suggestions }) => suggestions === 0)) throw new Error("nothing was suggested");
  return runs.map(({ ms }) => ms).sort((one, other) => one - other);
}
