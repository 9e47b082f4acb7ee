import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import Fastify, { type FastifyInstance } from "fastify";
import { build } from "vite";
import { frameHeaders, staticHeaders } from "#server/routes/security-headers.ts";
import { root } from "../../scripts/steps.mjs";
import type { PageAnswer, PageJobs, PhotoJob } from "./picture-jobs.ts";

/** Opens a page in a browser and leaves it open as long as `use` takes. */
export type Visit = (url: string, use: () => Promise<unknown>) => Promise<void>;

/** A photo to be opened and printed, from a file or of these bytes. */
export interface PhotoToMake extends PhotoJob {
  readonly file: string | Uint8Array;
}

/** What a browser has made of it all. */
export interface Made extends PageAnswer {
  /** The pictures, by the job's name. */
  readonly pictures: ReadonlyMap<string, Buffer>;
}

const types = { js: "text/javascript", wasm: "application/wasm" };
/** Of one photo, on a busy machine. */
const silenceMs = 180_000;
const maxPictureBytes = 16_000_000;

type Files = ReadonlyMap<string, string | Uint8Array>;
let bundled: Promise<Files> | undefined;

/** Made as the designer is: its worker is the one that is shipped. */
async function bundlePage(): Promise<Files> {
  const input = join(root, "e2e/support/picture-page.ts");
  const options = { write: false, rolldownOptions: { input } };
  const result = await build({ root, logLevel: "error", build: options });
  const outputs = [result].flat().flatMap((each) => ("output" in each ? each.output : []));
  return new Map(
    outputs.map((each) => [`/designer/${each.fileName}`, each.type === "chunk" ? each.code : each.source]),
  );
}

/** The page under the policies of the designer's, and what it asks for. */
function createApp(files: Files, jobs: PageJobs, photos: readonly PhotoToMake[]) {
  const pictures = new Map<string, Buffer>();
  const { promise: answer, resolve, reject } = Promise.withResolvers<PageAnswer>();
  const app: FastifyInstance = Fastify({ bodyLimit: maxPictureBytes });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => reject(new Error(`the page has said nothing for ${silenceMs / 1000} s`)), silenceMs);
  };
  app.addHook("onRequest", async () => wait());
  app.addHook("onClose", async () => clearTimeout(timer));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, async (_: unknown, body: Buffer) => body);
  const entry = [...files.keys()].find((path) => path.includes("picture-page"));
  app.get("/", (_, reply) => {
    const html = `<!doctype html><title>Pictures</title><script type="module" src="${entry}"></script>`;
    return reply
      .headers(frameHeaders(["'none'"]))
      .type("text/html; charset=utf-8")
      .send(html);
  });
  app.get("/designer/*", ({ url }, reply) => {
    const file = files.get(url);
    const type = types[url.split(".").at(-1) as keyof typeof types];
    if (file === undefined || type === undefined) return reply.code(404).send();
    staticHeaders(url, reply);
    return reply.type(type).send(file);
  });
  app.get("/jobs", async () => jobs);
  app.get<{ Params: { at: number } }>("/files/:at", ({ params }, reply) => {
    const file = photos[params.at]?.file;
    return reply.send(typeof file === "string" ? createReadStream(file) : Buffer.from(file ?? []));
  });
  app.post<{ Params: { at: number }; Body: Buffer }>("/pictures/:at", async ({ params, body }) => {
    pictures.set(photos[params.at]?.name ?? "", body);
    return {};
  });
  app.post<{ Body: Buffer }>("/answer", async ({ body }) => {
    try {
      resolve(JSON.parse(String(body)) as PageAnswer);
    } catch {
      reject(new Error(`the page says: ${String(body)}`));
    }
    return {};
  });
  return { app, answer, pictures, wait };
}

/**
 * What a browser makes of these photos with our own code as it is built, in the worker that the designer has, under the policies
 * that the server sends with it; and of the painted cases.
 */
export async function picturesIn(visit: Visit, photos: readonly PhotoToMake[], isPainting = false): Promise<Made> {
  const files = await (bundled ??= bundlePage());
  const jobs = {
    isPainting,
    photos: photos.map(({ name, placement, ground, look }) => ({ name, placement, ground, look })),
  };
  const { app, answer, pictures, wait } = createApp(files, jobs, photos);
  answer.catch(() => {});
  try {
    wait();
    await visit(`${await app.listen({ host: "127.0.0.1", port: 0 })}/`, () => answer);
    const { made, ...rest } = await answer;
    for (const [name, bytes] of pictures) {
      const said = made[name];
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      if (said !== undefined && "sha256" in said && said.sha256 !== sha256)
        throw new Error(`${name}: other bytes than their digest`);
    }
    return { ...rest, made, pictures };
  } finally {
    app.server.closeAllConnections();
    await app.close();
  }
}
