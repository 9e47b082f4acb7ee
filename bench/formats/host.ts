// Serves the page with our own code as it is built, gives it one file after the other and takes what became of each.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build } from "vite";
import { type Product, products } from "#card/products.ts";
import { root } from "../../scripts/steps.mjs";
import type { TableFile } from "./table.ts";

/** What a browser made of a file. */
export interface Outcome {
  /** As `<img>` has it: width x height, or nothing. */
  readonly shown: string;
  readonly code?: string;
  readonly widthPx?: number;
  readonly heightPx?: number;
  /** Of the preview. */
  readonly grid?: readonly number[];
  readonly png?: Uint8Array;
}

export interface Host {
  readonly url: string;
  /** The files anew, from the first. */
  begin(): void;
  /** What is there by now; where nothing is, the browser has not answered. */
  readonly outcomes: ReadonlyMap<number, Outcome>;
  /** Resolves with false when all are done, and with true when there was no answer to one for too long: it is passed over. */
  wait(): Promise<boolean>;
  stop(): void;
}

const types = { html: "text/html", css: "text/css", js: "text/javascript", wasm: "application/wasm" };
const fileTimeoutMs = 60_000;

/** The built files of a page of a bench, by their paths; `script` is its path in the repository. */
export async function bundlePage(script: string): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const result = await build({
    configFile: false,
    root,
    logLevel: "error",
    worker: { format: "es" },
    build: {
      write: false,
      target: "esnext",
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: join(root, script) },
    },
  });
  const outputs = [result].flat().flatMap((each) => ("output" in each ? each.output : []));
  const entry = outputs.find((each) => each.type === "chunk" && each.isEntry);
  if (entry === undefined) throw new Error(`${script} was not built`);
  const styles = outputs.filter(({ fileName }) => fileName.endsWith(".css"));
  const links = styles.map(({ fileName }) => `<link rel="stylesheet" href="/${fileName}">`).join("");
  const html = `<!doctype html><meta charset="utf-8"><title>Bench</title>${links}<script type="module" src="/${entry.fileName}"></script>`;
  return new Map([
    ["/", html],
    ...outputs.map((each) => [`/${each.fileName}`, each.type === "chunk" ? each.code : each.source] as const),
  ]);
}

export function send(response: ServerResponse, path: string, body: string | Uint8Array): void {
  const type = types[path === "/" ? "html" : (path.split(".").at(-1) as keyof typeof types)];
  response.setHeader("content-type", type ?? "application/octet-stream").end(body);
}

/** A card as large as the photo, on which none of its pixels is moved or mixed with another. */
export function cardFor({ widthPx, heightPx }: { widthPx: number; heightPx: number }): Product {
  const [product] = products;
  const dpi = Math.min((widthPx / product.trimWidthMm) * 25.4, (heightPx / product.trimHeightMm) * 25.4);
  return { ...product, widthPx, heightPx, dpi, refuseBelowDpi: dpi * 0.9 };
}

async function readBody(request: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  for await (const part of request) parts.push(part as Uint8Array);
  return new Uint8Array(Buffer.concat(parts));
}

async function readOutcome(request: IncomingMessage): Promise<Outcome> {
  const headers = { "content-type": request.headers["content-type"] ?? "" };
  const form = await new Response(await readBody(request), { headers }).formData();
  const png = form.get("png");
  const about = JSON.parse(form.get("about") as string) as Outcome;
  return png instanceof Blob ? { ...about, png: new Uint8Array(await png.arrayBuffer()) } : about;
}

export async function hostFiles(files: readonly TableFile[]): Promise<Host> {
  const pages = await bundlePage("bench/formats/page/page.ts");
  let next = 0;
  let outcomes = new Map<number, Outcome>();
  let settle = (_isStuck: boolean): void => {};
  let timer: NodeJS.Timeout | undefined;
  const restart = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => settle(true), fileTimeoutMs);
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, what = "", index = ""] = (request.url ?? "/").split("/");
    if (what === "next") {
      const file = files[next];
      restart();
      const task = file && {
        index: next++,
        product: cardFor("opens" in file ? file.opens.picture : { widthPx: 720, heightPx: 480 }),
      };
      response.end(JSON.stringify(task ?? null));
      if (task === undefined) settle(false);
    } else if (what === "files") send(response, "", files[Number(index)]?.bytes ?? "");
    else if (what === "results") {
      outcomes.set(Number(index), await readOutcome(request));
      response.end();
    } else {
      const page = pages.get(request.url ?? "/");
      if (page === undefined) response.writeHead(404).end();
      else send(response, request.url ?? "/", page);
    }
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    begin() {
      next = 0;
      outcomes = new Map();
    },
    get outcomes() {
      return outcomes;
    },
    wait() {
      return new Promise<boolean>((resolve) => {
        settle = resolve;
        restart();
      }).finally(() => clearTimeout(timer));
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
