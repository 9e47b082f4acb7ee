import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";
import { expect, onTestFinished, test } from "vitest";
import { listenLocally } from "#providers/testing/listen.ts";
import { createFairLine } from "../fair-line.ts";
import { sha256Of } from "../testing/picture.ts";
import { type Body, readBody } from "./body.ts";
import { createInFlight } from "./in-flight.ts";

const stays = new AbortController().signal;
const most = 3_000_000;
const bytes = Buffer.from(Array.from({ length: 2_000_000 }, (_, at) => (at * 7919) >>> 3));

/** What is read of a request as an upload of it would be. */
function read(request: Pick<FastifyRequest, "body" | "headers" | "socket">): Promise<Body> {
  const claim = { idempotencyKey: "key", designSha256: "d", pictureSha256: "p" };
  const sender = { issuerId: "hill", sessionId: "a", address: "198.51.100.1" };
  const reservation = createFairLine({ slots: 1, places: 1 }).reserve(sender.address);
  const receive = createInFlight(most).hold;
  return receive(sender, claim, stays, (place) => readBody(request as FastifyRequest, most, place, reservation));
}

/** What arrives of a request that is sent in these pieces, over a real connection. */
async function receiveFrom(pieces: Iterable<Buffer>, headers: Record<string, string>): Promise<Body> {
  const received = Promise.withResolvers<Body>();
  const server = createServer((request: IncomingMessage, response) => {
    received.resolve(read({ body: request, headers: request.headers, socket: request.socket }));
    void received.promise.then(() => response.end());
  });
  onTestFinished(() => void server.close());
  const request = httpRequest(await listenLocally(server), { method: "POST", headers, agent: false });
  Readable.from(pieces).pipe(request);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  response.resume();
  return received.promise;
}

function* cut(size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test.each([
  ["announced", { "content-length": `${bytes.length}` }],
  ["not announced", {}],
])("a body whose length is %s arrives whole, with its SHA-256, in one buffer", async (_, headers) => {
  const body = await receiveFrom(cut(100_000), headers);
  expect([body.bytes.equals(bytes), body.sha256]).toEqual([true, sha256Of(bytes)]);
});

test("a body in the smallest pieces takes no more memory than it has bytes", async () => {
  const announced = { "content-length": `${bytes.length}` };
  const body = await receiveFrom(cut(1_000), announced);
  expect(body.bytes.equals(bytes)).toBe(true);
  expect(body.bytes.buffer.byteLength).toBe(bytes.length);
});

test("a body that is there all at once lets others have their turn while it is read", async () => {
  let turns = 0;
  let isRead = false;
  const count = (): void => {
    turns += 1;
    if (!isRead) setImmediate(count);
  };
  count();
  await read({ body: Readable.from(cut(10_000)), headers: {}, socket: {} as FastifyRequest["socket"] });
  isRead = true;
  expect(turns).toBeGreaterThan(3);
});

test("a body that is injected, without a connection, still belongs to whoever injects it", async () => {
  const piece = Buffer.from(bytes);
  const body = await read({ body: Readable.from([piece]), headers: {}, socket: {} as FastifyRequest["socket"] });
  expect([body.bytes.equals(bytes), piece.equals(bytes)]).toEqual([true, true]);
});
