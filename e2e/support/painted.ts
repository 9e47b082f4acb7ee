import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { build } from "vite";
import { root } from "../../scripts/steps.mjs";

/** Opens a page in a browser and leaves it open as long as `use` takes. */
type Visit = (url: string, use: () => Promise<unknown>) => Promise<void>;

const types = { js: "text/javascript", wasm: "application/wasm" };
const answerTimeoutMs = 120_000;

async function bundlePage(): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const input = join(root, "e2e/support/painted-page.ts");
  const result = await build({
    configFile: false,
    root,
    logLevel: "error",
    build: { write: false, target: "esnext", assetsInlineLimit: 0, rolldownOptions: { input } },
  });
  const outputs = [result].flat().flatMap((each) => ("output" in each ? each.output : []));
  return new Map(outputs.map((each) => [`/${each.fileName}`, each.type === "chunk" ? each.code : each.source]));
}

/** The digests of all painted cases, by name, as a browser makes them with our own code as it is built. */
export async function paintedIn(visit: Visit): Promise<Record<string, string>> {
  const files = await bundlePage();
  const entry = [...files.keys()].find((path) => path.includes("painted-page"));
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    const type = types[path.split(".").at(-1) as keyof typeof types] ?? "text/html";
    response.setHeader("content-type", type);
    if (path === "/painted")
      text(request)
        .then(resolve, reject)
        .finally(() => response.end());
    else if (path === "/")
      response.end(`<!doctype html><title>Painted</title><script type="module" src="${entry}"></script>`);
    else response.writeHead(files.has(path) ? 200 : 404).end(files.get(path));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const timer = setTimeout(() => reject(new Error("the page has not answered")), answerTimeoutMs);
  try {
    await visit(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, () => promise);
    return JSON.parse(await promise) as Record<string, string>;
  } finally {
    clearTimeout(timer);
    server.closeAllConnections();
    server.close();
  }
}
