import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Readable } from "node:stream";
import Fastify from "fastify";
import { expect, onTestFinished, test } from "vitest";
import type { App } from "./parts.ts";
import { comeToRest } from "./testing/wire.ts";
import { createUnreadAnswers, limitReadingTime } from "./unread-answers.ts";

/** More than the network takes for a reader who does not read. */
const large = 16 * 1024 * 1024;

interface Reader {
  readonly socket: Socket;
  /** The server's end. */
  readonly other: Socket;
}

/** Everything that an app answers, with a way to ask for it without reading it. */
async function openApp(prepare: (app: App) => void) {
  const app = Fastify() as unknown as App;
  const sockets: Socket[] = [];
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await app.close();
  });
  prepare(app);
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as { port: number };
  return async (path: string): Promise<Reader> => {
    const accepted = once(app.server, "connection");
    const socket = connect({ port, host: "127.0.0.1" }).pause();
    sockets.push(socket.on("error", () => {}));
    const [other] = (await accepted) as [Socket];
    socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
    await expect.poll(() => other.writableLength).toBeGreaterThan(0);
    await comeToRest([other]);
    return { socket, other };
  };
}

/** Reads until the server has sent another piece. */
async function readOn({ socket, other }: Reader): Promise<void> {
  const sent = other.bytesWritten;
  const stop = (): void => void (other.bytesWritten > sent && socket.pause());
  socket.on("data", stop).resume();
  await expect.poll(() => socket.isPaused()).toBe(true);
}

async function countBytes(socket: Socket): Promise<number> {
  let count = 0;
  socket.on("data", (piece: Buffer) => void (count += piece.byteLength)).resume();
  await expect.poll(() => count).toBeGreaterThanOrEqual(large);
  return count;
}

function answerFromMemory(mostBytes: number): (app: App) => void {
  return (app) => {
    const unread = createUnreadAnswers(mostBytes);
    app.get("/:sessionId", async (request, reply) => {
      const { sessionId } = request.params as { sessionId: string };
      const { issuerId = "bank" } = request.query as { issuerId?: string };
      return reply.type("image/png").send(unread.hold(reply, { issuerId, sessionId }, Buffer.alloc(large)));
    });
  };
}

test("answers that nobody reads take no more memory than was set aside: who has not read longest is ended", async () => {
  const ask = await openApp(answerFromMemory(3 * large));
  const [first, second, third] = [await ask("/a"), await ask("/b"), await ask("/c")];
  await readOn(first);
  const fourth = await ask("/d");
  await expect.poll(() => second.other.destroyed).toBe(true);
  expect([first, third, fourth].map(({ other }) => other.destroyed)).toEqual([false, false, false]);
  expect(await countBytes(fourth.socket)).toBeGreaterThan(large);
});

test("whoever leaves many answers unread loses his own, and nobody else loses one", async () => {
  const ask = await openApp(answerFromMemory(3 * large));
  const quiet = await ask("/quiet");
  const many = [await ask("/many"), await ask("/many"), await ask("/many"), await ask("/many")];
  await expect.poll(() => many.map(({ other }) => other.destroyed)).toEqual([true, true, false, false]);
  expect(quiet.other.destroyed).toBe(false);
});

test("an issuer whose sessions leave answers unread, however many they are, loses its own and no other issuer's", async () => {
  const ask = await openApp(answerFromMemory(3 * large));
  const quiet = await ask("/quiet?issuerId=hill");
  const many = [await ask("/1?issuerId=river"), await ask("/2?issuerId=river"), await ask("/3?issuerId=river")];
  await expect.poll(() => many.map(({ other }) => other.destroyed)).toEqual([true, false, false]);
  expect(quiet.other.destroyed).toBe(false);
});

test("an answer that has been read makes room", async () => {
  const ask = await openApp(answerFromMemory(2 * large));
  const first = await ask("/a");
  await countBytes(first.socket);
  const others = [await ask("/b"), await ask("/c")];
  expect(others.map(({ other }) => other.destroyed)).toEqual([false, false]);
});

test.each([
  ["from memory", () => Buffer.alloc(large)],
  ["streamed", () => Readable.from(Array.from({ length: 512 }, () => Buffer.alloc(large / 512)))],
])("an answer %s of which nothing more is read is ended after a while", async (_name, answer) => {
  const ask = await openApp((app) => {
    limitReadingTime(app, 200);
    app.get("/", async (_request, reply) => reply.send(answer()));
  });
  const { other } = await ask("/");
  await expect.poll(() => other.destroyed).toBe(true);
});

test("a stream that has nothing to say for longer is left alone", async () => {
  const silent = new Readable({ read() {} });
  const ask = await openApp((app) => {
    // Long for a reader on a busy machine that does read.
    limitReadingTime(app, 3_000);
    app.get("/unread", async (_request, reply) => reply.send(Buffer.alloc(large)));
    app.get("/silent", async (_request, reply) => reply.send(silent));
  });
  silent.push("x".repeat(large));
  const reader = await ask("/silent");
  await countBytes(reader.socket);
  // Whoever does not read is ended meanwhile.
  const { other } = await ask("/unread");
  await expect.poll(() => other.destroyed).toBe(true);
  expect(reader.other.destroyed).toBe(false);
});
