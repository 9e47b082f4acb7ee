// A process that takes uploads: this server, the same without its look at the picture, the baseline, or a bystander. Told what by its argument.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import multipart from "@fastify/multipart";
import Fastify, { type FastifyInstance } from "fastify";
import { pino } from "pino";
import sharp from "sharp";
import { freshFetch } from "#providers/fresh-fetch.ts";
import { buildApp } from "#server/app.ts";
import { openFileBlobStore } from "#server/blobs/file-blob-store.ts";
import { listSecrets, readConfig } from "#server/config.ts";
import { createScopes } from "#server/drafts/scope.ts";
import { createNotifier } from "#server/events/notifier.ts";
import { createLog } from "#server/log.ts";
import type { AppParts } from "#server/parts.ts";
import { createProviders } from "#server/providers.ts";
import { createScrub } from "#server/scrub.ts";
import { openPurgeLog } from "#server/purge/log.ts";
import { createProofs } from "#server/sessions/proofs.ts";
import { keepServerKey } from "#server/sessions/server-keys.ts";
import { openStore } from "#server/store/open.ts";
import { createTestPoster } from "#server/testing/app.ts";
import { testEnv } from "#server/testing/env.ts";

const maxPictureBytes = 12 * 1024 * 1024;
const folder = await mkdtemp(join(tmpdir(), "fullbleed-bench-"));

/** The whole server, which logs as in production and sends nothing on. */
async function openOurs(looks: boolean): Promise<FastifyInstance> {
  const folders = { FULLBLEED_DATA: join(folder, "data"), FULLBLEED_DIST: join(folder, "dist") };
  const config = readConfig({ ...testEnv, ...folders, FULLBLEED_TRUSTED_PROXIES: "127.0.0.1" });
  for (const made of [config.dataFolder, join(config.distFolder, "designer"), join(config.distFolder, "embed")]) {
    await mkdir(made, { recursive: true });
  }
  await writeFile(join(config.distFolder, "designer/index.html"), "<!doctype html><head></head>");
  const destination = pino.destination({ dest: join(folder, "log"), sync: true });
  const log = createLog({ level: "info", scrub: createScrub(listSecrets(config)), destination });
  const store = await openStore(join(config.dataFolder, "fullbleed.sqlite"));
  const parts: AppParts = {
    config,
    log,
    now: Date.now,
    store,
    proofs: createProofs({ config, log, now: Date.now }, await keepServerKey(store, "nonces")),
    scopeOf: createScopes(await keepServerKey(store, "drafts")),
    blobs: await openFileBlobStore(join(config.dataFolder, "pictures"), maxPictureBytes),
    notifier: createNotifier(),
    purgeLog: await openPurgeLog(join(config.dataFolder, "purges.jsonl")),
    providers: await createProviders(config, freshFetch),
    poster: createTestPoster([], Date.now),
    ...(!looks && { validator: { check: async () => {} } }),
  };
  return buildApp(parts);
}

/** What one writes with fastify in an hour: a multipart file streamed to disk with its SHA-256; nothing is synced or looked at. */
async function openBaseline(): Promise<FastifyInstance> {
  const app = Fastify();
  await app.register(multipart, { limits: { fileSize: maxPictureBytes } });
  let files = 0;
  app.post("/upload", async (request, reply) => {
    const part = await request.file();
    if (part === undefined) return reply.code(400).send();
    const hash = createHash("sha256");
    const hashing = new Transform({
      transform(piece: Buffer, _encoding, done) {
        hash.update(piece);
        done(null, piece);
      },
    });
    files += 1;
    await pipeline(part.file, hashing, createWriteStream(join(folder, `${files}`)));
    return reply.code(202).send({ sha256: hash.digest("hex") });
  });
  return app;
}

/** Refuses whatever comes, as cheaply as can be. */
function openBystander(): Server {
  const refusal = "HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
  return createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => {
      socket.pause().end(refusal);
      setTimeout(() => socket.destroy(), 3_000).unref();
    });
  });
}

async function listen(role: Role): Promise<{ url: string; close: () => void }> {
  if (role === "bystander") {
    const server = openBystander().listen(0, "127.0.0.1");
    await once(server, "listening");
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
  }
  const app = await (role === "baseline" ? openBaseline() : openOurs(role === "ours"));
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  return { url, close: () => app.server.closeAllConnections() };
}

/** Milliseconds of processor time that sharp takes to decode one of the pictures, on average. */
async function measureDecoding(pictures: readonly Buffer[]): Promise<number> {
  const decode = (bytes: Buffer) => sharp(bytes, { failOn: "warning", sequentialRead: true }).raw().toBuffer();
  for (const bytes of pictures) await decode(bytes);
  const before = process.cpuUsage();
  for (const bytes of pictures) await decode(bytes);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / pictures.length;
}

export type Role = "ours" | "structural" | "baseline" | "bystander";
export type Question = { readonly ask: "usage" } | { readonly ask: "decode"; readonly pictures: readonly Uint8Array[] };
/** Milliseconds of processor time so far, megabytes resident; of a decode, milliseconds. */
export type Reply = { readonly cpuMs: number; readonly residentMb: number } | { readonly decodeMs: number };

async function answer(question: Question): Promise<Reply> {
  if (question.ask === "decode") return { decodeMs: await measureDecoding(question.pictures.map(Buffer.from)) };
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000, residentMb: process.memoryUsage.rss() / 1e6 };
}

const role = process.argv[2] as Role;
const { url, close } = await listen(role);
process.on("message", (question: Question) => void answer(question).then((reply) => process.send?.(reply)));
process.send?.(url);
await once(process, "disconnect");
close();
await rm(folder, { recursive: true, force: true });
process.exit();
