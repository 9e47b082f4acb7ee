import { mkdtemp, rm } from "node:fs/promises";
import https from "node:https";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TLSSocket } from "node:tls";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { createFreshFetch, type Outbound, TransportError } from "../fresh-fetch.ts";
import { makePair, type Pair, readPair } from "./certificates.ts";
import { listenLocally } from "./listen.ts";

export interface Platform {
  readonly url: string;
  readonly seen: { client: unknown; body: string }[];
  connections: number;
}

/** Servers with certificates of an authority of their own, ended after each test. Call it at a test file's top. */
export function useOutboundBench() {
  const bench = {
    folder: "",
    authority: {} as Pair,
    serverPair: {} as Pair,
    /** What it takes to reach the platform. */
    trust: {} as Required<Pick<Outbound, "ca" | "client">>,
    /** Called in reverse after the test. */
    closing: [] as (() => unknown)[],

    /** Demands a certificate of the authority's, and answers 200. */
    async startPlatform(): Promise<Platform> {
      const { certificate: cert, key } = readPair(bench.serverPair);
      const ca = readPair(bench.authority).certificate;
      const server = https.createServer({ cert, key, ca, requestCert: true, rejectUnauthorized: true });
      const platform: Platform = { url: "", seen: [], connections: 0 };
      server.on("connection", () => {
        platform.connections += 1;
      });
      server.on("request", async (request, response) => {
        const pieces: Buffer[] = [];
        for await (const piece of request) pieces.push(piece as Buffer);
        const { subject } = (request.socket as TLSSocket).getPeerCertificate();
        platform.seen.push({ client: subject?.CN, body: Buffer.concat(pieces).toString() });
        response.end("stored");
      });
      return Object.assign(platform, { url: await bench.serveSecurely(server) });
    },

    async serveSecurely(server: https.Server): Promise<string> {
      bench.closing.push(() => server.close().closeAllConnections());
      return (await listenLocally(server)).replace("http:", "https:");
    },

    async serveRaw(handle: (socket: net.Socket) => void): Promise<string> {
      const server = net.createServer({ allowHalfOpen: true }, (socket) => {
        bench.closing.push(() => socket.destroy());
        socket.on("error", () => {});
        handle(socket);
      });
      bench.closing.push(() => server.close());
      return listenLocally(server);
    },
  };
  beforeAll(async () => {
    bench.folder = await mkdtemp(path.join(tmpdir(), "fullbleed-outbound-"));
    bench.authority = makePair(bench.folder, "authority");
    bench.serverPair = makePair(bench.folder, "server", bench.authority);
    const client = readPair(makePair(bench.folder, "client", bench.authority));
    bench.trust = { ca: [readPair(bench.authority).certificate], client };
  });
  afterAll(() => rm(bench.folder, { recursive: true }));
  afterEach(async () => {
    for (const close of bench.closing.splice(0).toReversed()) await close();
  });
  return bench;
}

export function post(
  outbound: Outbound,
  url: string,
  body: string | Uint8Array<ArrayBuffer> = "<small/>",
  timeoutMs = 60_000,
): Promise<Response> {
  return createFreshFetch(outbound)(url, { method: "POST", body, signal: AbortSignal.timeout(timeoutMs) });
}

export async function failureOf(call: Promise<Response>): Promise<TransportError> {
  const failure = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(TransportError);
  return failure as TransportError;
}
