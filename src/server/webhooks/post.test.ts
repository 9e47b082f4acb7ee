import dns from "node:dns";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { Webhook } from "standardwebhooks";
import { afterEach, expect, test, vi } from "vitest";
import { makePair } from "#providers/testing/certificates.ts";
import { createTestPoster } from "../testing/app.ts";
import { makeTestFolder } from "../testing/folder.ts";
import { answering, type Receiver, startReceiver } from "../testing/webhooks.ts";
import { postWebhook } from "./post.ts";
import { createSecret } from "./secrets.ts";

const { secret, secrets } = createSecret();
const closing: (() => unknown)[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const close of closing.splice(0)) close();
});

async function receive(answer?: Receiver["answer"]): Promise<Receiver> {
  const receiver = await startReceiver(answer);
  closing.push(() => receiver.close());
  return receiver;
}

const body = JSON.stringify({ hello: "there" });

function post(
  url: string,
  { networks = ["127.0.0.0/8", "::1"], timeoutMs = 60_000, stopped = new AbortController().signal } = {},
) {
  return postWebhook(createTestPoster(networks, Date.now, timeoutMs), { url, secrets }, "evt_1", body, stopped);
}

/** Answers each connection as a test says, below HTTP. Gives its port. */
async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket.on("error", () => {})));
  closing.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}

test("the reference library verifies what arrives, over the wire", async () => {
  const receiver = await receive();
  expect(await post(receiver.url)).toEqual({ kind: "delivered" });
  const [received] = receiver.received;
  const headers = received?.headers as Record<string, string>;
  expect(new Webhook(secret).verify(received?.body ?? "", headers)).toEqual({ hello: "there" });
  expect(() => new Webhook(createSecret().secret).verify(received?.body ?? "", headers)).toThrow();
  expect(headers).toMatchObject({ "content-type": "application/json", "webhook-id": "evt_1" });
});

test.each([200, 201, 202, 204, 299])("%i is success", async (status) => {
  expect(await post((await receive(answering(status))).url)).toEqual({ kind: "delivered" });
});

test("410 says that the endpoint is gone", async () => {
  expect(await post((await receive(answering(410))).url)).toEqual({ kind: "gone", code: "HTTP 410" });
});

test.each([
  [500, {}, "no\r\nsuch\u0000 card tok_0123456789abcdef", "HTTP 500: no such card [secret]", 0],
  [503, { "retry-after": "120" }, "", "HTTP 503", 120_000],
  [429, { "retry-after": "soon" }, "", "HTTP 429", 0],
  [400, { "retry-after": "Thu, 01 Jan 1970 00:00:00 GMT" }, "x".repeat(10_000), `HTTP 400: ${"x".repeat(120)}`, 0],
] as const)("%i %j is a failure, described in one short line", async (status, headers, text, detail, retryAfterMs) => {
  const receiver = await receive(answering(status, headers, text));
  expect(await post(receiver.url)).toEqual({ kind: "failed", code: `HTTP ${status}`, detail, retryAfterMs });
});

test("a redirect, to the cloud's metadata or anywhere, is not followed", async () => {
  const other = await receive();
  for (const location of ["http://169.254.169.254/latest/meta-data/", other.url]) {
    const receiver = await receive(answering(307, { location }));
    expect(await post(receiver.url)).toMatchObject({ detail: "HTTP 307: redirects are not followed" });
  }
  expect(other.received).toEqual([]);
});

test("an endpoint that hangs, one that sends for ever and one that sends a byte at a time cost one time limit, not more", async () => {
  const endless: Receiver["answer"] = (_received, response) => {
    response.writeHead(500);
    const more = (): void => {
      while (!response.destroyed && response.write("x".repeat(65_536)));
    };
    response.on("drain", more);
    more();
  };
  const slow: Receiver["answer"] = (_received, response) => {
    response.writeHead(500);
    const timer = setInterval(() => response.write("x"), 20);
    response.on("close", () => clearInterval(timer));
  };
  for (const answer of [() => {}, endless, slow]) {
    const outcome = await post((await receive(answer)).url, { timeoutMs: 500 });
    expect(outcome.kind).toBe("failed");
  }
});

test("a good answer with an endless body is success at once", async () => {
  const receiver = await receive((_received, response) => {
    response.writeHead(200).write("x");
  });
  expect(await post(receiver.url)).toEqual({ kind: "delivered" });
});

test.each([
  ["closes at once", (socket: Socket) => socket.destroy(), /^(ECONNRESET|EPIPE|HPE_\w+) /],
  ["answers what is no HTTP", (socket: Socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n"), /^HPE_/],
  [
    "answers 101",
    (socket: Socket) => socket.end("HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"),
    /^HTTP 101 /,
  ],
])("an endpoint that %s is a failure with a code", async (_, behave, detail) => {
  const port = await listen(
    createServer((socket) => {
      socket.once("data", () => behave(socket));
    }),
  );
  expect(await post(`http://127.0.0.1:${port}/`)).toMatchObject({
    kind: "failed",
    detail: expect.stringMatching(detail),
  });
});

test("a certificate that nobody vouches for, and an address that speaks no TLS, are failures", async () => {
  const pair = makePair(await makeTestFolder(), "server");
  const server = createHttpsServer({ cert: readFileSync(pair.certificate), key: readFileSync(pair.key) });
  const detail = async (port: number) => ((await post(`https://127.0.0.1:${port}/`)) as { detail?: string }).detail;
  expect(await detail(await listen(server))).toMatch(/^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED|UNABLE)\S* before/);
  expect(await detail(await listen(createServer((socket) => socket.end("HTTP/1.1 400 Bad\r\n\r\n"))))).toMatch(
    / before /,
  );
});

test("a name that resolves to this machine is not tried, and nothing connects", async () => {
  const receiver = await receive();
  const url = receiver.url.replace("http://127.0.0.1", "https://localhost");
  const refused = { kind: "failed", detail: "not tried: its host is not in a public network" };
  expect(await post(url, { networks: [] })).toMatchObject(refused);
  expect(receiver.received).toEqual([]);
});

test("an address that the setting allowed once, and does not any more, is not tried", async () => {
  const receiver = await receive();
  const refused = { kind: "failed", detail: "not tried: the address does not begin with https" };
  expect(await post(receiver.url, { networks: [] })).toMatchObject(refused);
  expect(receiver.received).toEqual([]);
});

test("a name that changes its address between look and connection is connected to where it was looked at", async () => {
  const connections: string[] = [];
  const port = await listen(createServer((socket) => connections.push(String(socket.localAddress))));
  const answers = ["127.0.0.2", "127.0.0.1", "127.0.0.1"];
  let asked = 0;
  vi.spyOn(dns.Resolver.prototype, "resolve4").mockImplementation(((
    _host: string,
    callback: (...found: unknown[]) => void,
  ) => {
    callback(null, [answers[Math.min(asked, 2)]]);
    asked += 1;
  }) as never);
  const none = (_host: string, callback: (error: object) => void) => callback({ code: dns.NODATA });
  vi.spyOn(dns.Resolver.prototype, "resolve6").mockImplementation(none as never);
  // Only the first of its addresses is allowed, and nobody listens there.
  const outcome = await post(`https://rebinding.example:${port}/`, { networks: ["127.0.0.2"] });
  expect(outcome).toMatchObject({ kind: "failed", detail: expect.stringMatching(/^ECONNREFUSED before/) });
  expect(asked).toBe(1);
  expect(connections).toEqual([]);
});
