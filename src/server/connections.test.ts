import { channel } from "node:diagnostics_channel";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import type { FastifyInstance, RouteOptions } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createNotifier } from "./events/notifier.ts";
import { absentPlatform, onlyProvider, openTestApp, type TestApp } from "./testing/app.ts";
import { asIssuer } from "./testing/env.ts";
import { enterSession, type Frame, sendOne } from "./testing/issuer.ts";
import { makePicture } from "./testing/picture.ts";
import { endings, type Message, moments, type Route, writeMessage } from "./testing/wire.ts";

/** More than the server takes of anything at once. */
const crowd = 40;
/** Turns of the event loop, which the server shares, between the last piece and the end: found at every stage of answering. */
const stages = [0, 1, 2, 3, 5, 8, 13, 21];
/** Bytes of answers: the newest Linux lets the buffers of a connection grow to little more than half. */
const moreThanBuffersTake = 64_000_000;
const picture = makePicture();

let server: TestApp;
let url: string;
let routes: Route[];
/** What the routes hold for somebody just now. */
const held = { listeners: 0, previews: 0 };

function hold(what: keyof typeof held): () => void {
  held[what] += 1;
  return () => {
    held[what] -= 1;
  };
}

/** Every route that the app comes to have, whoever registers it. */
async function openWithRoutes(): Promise<void> {
  const found: Route[] = [];
  const watch = (message: unknown): void => {
    const { fastify } = message as { fastify: FastifyInstance };
    fastify.addHook("onRoute", ({ method, url: path }: RouteOptions) => {
      for (const one of [method].flat()) found.push({ method: one, url: path });
    });
  };
  const notifier = createNotifier();
  channel("fastify.initialization").subscribe(watch);
  server = await openTestApp({
    parts: {
      notifier: {
        ...notifier,
        listen(id, listener) {
          const stop = notifier.listen(id, listener);
          const letGo = hold("listeners");
          return () => {
            letGo();
            stop();
          };
        },
      },
      providers: onlyProvider({
        ...absentPlatform,
        async getPreview(_id, _asked, signal) {
          const letGo = hold("previews");
          if (!signal.aborted) await once(signal, "abort");
          letGo();
          return { kind: "unavailable", detail: "asked in vain" };
        },
      }),
    },
  });
  channel("fastify.initialization").unsubscribe(watch);
  routes = found;
}

interface Subject {
  readonly frame: Frame;
  readonly designSha256: string;
  readonly submissionId: string;
}

async function makeSubject(withSubmission: boolean): Promise<Subject> {
  const frame = await enterSession(url);
  const designSha256 = await frame.putDesign();
  if (!withSubmission) return { frame, designSha256, submissionId: "" };
  const { submissionId } = await sendOne(frame, picture);
  await server.parts.store
    .updateTable("submissions")
    .set({ state: "accepted", card_image_id: submissionId })
    .where("id", "=", submissionId)
    .execute();
  return { frame, designSha256, submissionId };
}

/** A route as each of its callers asks for it, with each kind of body that it may have. Each message is good once. */
function messagesTo({ method, url: pattern }: Route, { frame, designSha256, submissionId }: Subject) {
  const path = pattern
    .replace(":sessionId", frame.sessionId)
    .replace(":submissionId", submissionId)
    .replace("*", pattern.startsWith("/embed") ? "card-designer.js" : "assets/worker-1a2b.js");
  const asFrame = () => ({ ...frame.headersFor(picture, designSha256), ...frame.show(method, path) });
  const json = { "content-type": "application/json" };
  const callers: (() => Record<string, string>)[] = [asFrame, () => ({ ...asFrame(), ...json, ...asIssuer })];
  if (method !== "GET" && method !== "HEAD") callers.push(() => ({ ...asFrame(), ...json }));
  return callers.map((caller) => (): Message => {
    const headers = caller();
    const body = headers["content-type"] === "image/png" ? picture : Buffer.from('{"a":1}');
    return writeMessage({ method, url: path }, headers, body);
  });
}

/** Leaves its own side open when the server ends the other. */
function openSocket(): Socket {
  const socket = connect({ port: Number(new URL(url).port), host: "127.0.0.1", allowHalfOpen: true });
  return socket.on("error", () => {}).resume();
}

async function lose(pieces: readonly Buffer[], turns: number, end: (socket: Socket) => unknown): Promise<void> {
  const socket = openSocket();
  const closed = once(socket, "close");
  for (const piece of pieces) socket.write(piece);
  await once(socket, "connect");
  for (let taken = 0; taken < turns; taken += 1) await turn();
  end(socket);
  // The server ends its side, or the connection is no more.
  socket.once("end", () => socket.destroy());
  await closed;
}

async function listTemporaryFiles(): Promise<string[]> {
  const files = await readdir(server.parts.config.dataFolder, { recursive: true });
  return files.filter((file) => file !== "purges.jsonl" && !/^pictures(\/[0-9a-f]+)*(\.png)?$/.test(file));
}

const countTimers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;

/** Nothing is held for anybody: neither notifier, platform, files nor timers. */
async function expectNothingHeld(timersBefore: number): Promise<void> {
  await expect.poll(() => held).toEqual({ listeners: 0, previews: 0 });
  await expect.poll(listTemporaryFiles).toEqual([]);
  // Polling takes timers of its own.
  await expect.poll(countTimers).toBeLessThanOrEqual(timersBefore + 2);
}

beforeAll(async () => {
  await openWithRoutes();
  url = await server.app.listen({ host: "127.0.0.1", port: 0 });
});
afterAll(() => server.close());

/** The server's end of a connection that a test opens next. */
async function nextConnection(): Promise<Socket> {
  const [socket] = (await once(server.app.server, "connection")) as [Socket];
  return socket;
}

describe("a connection", () => {
  test("on which no request comes, or only half of the next one, is closed, and those that come after are served", async () => {
    const { headersTimeout } = server.app.server;
    const kept = openSocket().setEncoding("utf8");
    let answers = "";
    kept.on("data", (text: string) => {
      answers += text;
    });
    kept.write("GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n");
    await once(kept, "data");
    server.app.server.headersTimeout = 200;
    kept.write("GET /health/live HTTP/1.1\r\nhost: ");
    const sockets = [kept, ...Array.from({ length: crowd }, openSocket)];
    await Promise.all(sockets.map((socket) => once(socket, "end")));
    for (const socket of sockets) socket.destroy();
    server.app.server.headersTimeout = headersTimeout;
    expect(answers).toMatch(/^HTTP\/1.1 200 .*HTTP\/1.1 408 /s);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  });

  test("whose answers nobody reads is closed", async () => {
    const answer = await (await fetch(`${url}/v1/openapi.json`)).text();
    const times = Math.ceil(moreThanBuffersTake / answer.length);
    const { timeout } = server.app.server;
    server.app.server.timeout = 300;
    const socket = openSocket().pause();
    const other = await nextConnection();
    server.app.server.timeout = timeout;
    const closed = once(other, "close");
    for (let asked = 0; asked < times; asked += 1) socket.write("GET /v1/openapi.json HTTP/1.1\r\nhost: x\r\n\r\n");
    await closed;
    socket.destroy();
  });

  test("that is idle is kept for longer than a balancer keeps it, and says for how long", async () => {
    expect((await fetch(`${url}/health/live`)).headers.get("keep-alive")).toBe("timeout=65");
    expect(server.app.server.keepAliveTimeout).toBe(65_000);
  });
});

test("uploads that hardly move, more than ever were taken at once, keep nobody else out", async () => {
  const subjects = await Promise.all(Array.from({ length: crowd }, () => makeSubject(false)));
  const begin = async ({ frame, designSha256 }: Subject): Promise<Socket> => {
    const route = { method: "POST", url: `/v1/sessions/${frame.sessionId}/submissions` };
    const headers = { ...frame.headersFor(picture, designSha256), expect: "100-continue" };
    const { head, body } = writeMessage(route, headers, picture);
    const socket = openSocket();
    socket.write(head);
    // Otherwise the first probe may be received before it.
    await once(socket, "data");
    socket.write(body.subarray(0, 100));
    return socket;
  };
  const sockets = await Promise.all(subjects.map(begin));
  for (const { frame, designSha256 } of subjects) {
    // 409 says that the slow one is being received.
    const probe = async () => (await frame.send(Buffer.from("GIF89a"), designSha256, "probe")).status;
    await expect.poll(probe).toBe(409);
  }
  const { frame, designSha256 } = await makeSubject(false);
  expect((await frame.send(picture, designSha256)).status).toBe(202);
  for (const socket of sockets) socket.destroy();
});

describe.each(Object.keys(endings))("a connection that is %s", (ending) => {
  const end = endings[ending]!;

  test.each(Object.keys(moments))("%s leaves nothing behind on any route", async (moment) => {
    const subject = await makeSubject(true);
    // Their session ends by a message that is good: it needs no body.
    const leaving = await makeSubject(true);
    const timersBefore = countTimers();
    const isEnd = ({ method, url: path }: Route): boolean => method === "DELETE" && path === "/v1/sessions/:sessionId";
    const messages = routes.flatMap((route) => messagesTo(route, isEnd(route) ? leaving : subject));
    // A few at once, each message at some of the stages, so that neighbours, which are alike, cover all.
    for (let at = 0; at < messages.length; at += 12) {
      const losses = messages
        .slice(at, at + 12)
        .flatMap((message, index) =>
          [0, 3, 6].map((step) => lose(moments[moment]!(message()), stages[(at + index + step) % stages.length]!, end)),
        );
      await Promise.all(losses);
    }
    await expectNothingHeld(timersBefore);
    const { frame, submissionId } = subject;
    const enough = new AbortController();
    const path = `/v1/submissions/${submissionId}/events`;
    const stream = await fetch(url + path, { headers: frame.show("GET", path), signal: enough.signal });
    expect(stream.status).toBe(200);
    enough.abort();
  });

  test("while it is being served leaves nothing behind", async () => {
    const subject = await makeSubject(true);
    const timersBefore = countTimers();
    const ask = (what: string): Socket => {
      const [message] = messagesTo({ method: "GET", url: `/v1/submissions/:submissionId/${what}` }, subject);
      const socket = openSocket();
      socket.write(message!().head);
      return socket;
    };
    const sockets = ["events", "events", "events", "preview?width=100", "preview?width=200", "preview?width=300"].map(
      ask,
    );
    await expect.poll(() => held).toEqual({ listeners: 3, previews: 3 });
    for (const socket of sockets) end(socket);
    await expectNothingHeld(timersBefore);
  });

  const ofUploads = Object.keys(moments).filter((moment) => moment !== "in the middle of the headers");
  test.each(ofUploads)("%s makes room for other uploads and for its own session's", async (moment) => {
    const subjects = await Promise.all(Array.from({ length: crowd }, () => makeSubject(false)));
    const timersBefore = countTimers();
    await Promise.all(
      subjects.map(({ frame, designSha256 }, index) => {
        const route = { method: "POST", url: `/v1/sessions/${frame.sessionId}/submissions` };
        const message = writeMessage(route, frame.headersFor(picture, designSha256), picture);
        return lose(moments[moment]!(message), stages[index % stages.length]!, end);
      }),
    );
    const other = await makeSubject(false);
    for (const { frame, designSha256 } of [other, ...subjects.slice(0, stages.length)])
      expect((await frame.send(picture, designSha256)).status).toBe(202);
    await expectNothingHeld(timersBefore);
  });
});
