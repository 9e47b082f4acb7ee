import { channel } from "node:diagnostics_channel";
import { text } from "node:stream/consumers";
import type { FastifyInstance, RouteOptions } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { asIssuer } from "../testing/env.ts";
import { enterSession, type Frame } from "../testing/issuer.ts";
import { makePicture } from "../testing/picture.ts";
import { openConnection } from "../testing/wire.ts";

let server: TestApp;
let url: string;
let frame: Frame;
const routes: { method: string; url: string }[] = [];

beforeAll(async () => {
  const watch = (message: unknown): void => {
    const { fastify } = message as { fastify: FastifyInstance };
    fastify.addHook("onRoute", ({ method, url: path }: RouteOptions) => {
      for (const one of [method].flat()) routes.push({ method: one, url: path });
    });
  };
  channel("fastify.initialization").subscribe(watch);
  server = await openTestApp();
  channel("fastify.initialization").unsubscribe(watch);
  url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  frame = await enterSession(url);
});
afterAll(() => server.close());

type Headers = Readonly<Record<string, unknown>>;

function expectGuarded(headers: Headers, what: string): void {
  const { server: program = null, "x-powered-by": power = null } = headers;
  expect([program, power], what).toEqual([null, null]);
  expect(headers, what).toMatchObject({
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "content-security-policy": expect.stringMatching(/^default-src 'none'; /),
    "cross-origin-resource-policy": expect.stringMatching(/^(same|cross)-origin$/),
    "cache-control": expect.stringMatching(/\S/),
  });
}

const isPublic = (pattern: string): boolean => pattern === "/v1/openapi.json";

test("every route's answers tell browsers to guess, send and keep nothing, whoever asks", async () => {
  expect(routes.length).toBeGreaterThan(50);
  const statuses = new Set<number>();
  // It is ended on the way.
  const used = await enterSession(url);
  for (const { method, url: pattern } of routes) {
    const path = pattern.replace(":sessionId", used.sessionId).replace("*", "assets/worker-1a2b.js");
    for (const headers of [{}, asIssuer, used.show(method, path), { "content-type": "text/csv" }]) {
      const answer = await server.app.inject({ method: method as "GET", url: path, headers: { ...headers } });
      expectGuarded(answer.headers, `${method} ${pattern} ${answer.statusCode}`);
      // Of what is somebody's, nobody on the way keeps anything.
      if (/^\/(?:v1|frame|health)\//.test(pattern) && !isPublic(pattern))
        expect(answer.headers["cache-control"], pattern).toMatch(/^(?:no-store|private, max-age=\d+)$/);
      statuses.add(answer.statusCode);
    }
  }
  for (const status of [200, 400, 401, 404, 415]) expect(statuses).toContain(status);
});

/** The headers of the first answer on a connection, by their names in lower case. */
async function headersOf(...pieces: (string | Buffer)[]): Promise<Headers> {
  const socket = await openConnection(url, ...pieces);
  const [head = ""] = (await text(socket)).split("\r\n\r\n");
  const [status = "", ...lines] = head.split("\r\n");
  const headers = lines.map((line) => [
    line.slice(0, line.indexOf(":")).toLowerCase(),
    line.slice(line.indexOf(":") + 2),
  ]);
  return { status: Number(status.split(" ")[1]), ...Object.fromEntries(headers) };
}

const last = "connection: close\r\n\r\n";

describe("so does the answer to", () => {
  test.each([
    ["what is no HTTP", 400, "canary\r\n\r\n"],
    ["headers that are too large", 400, `GET / HTTP/1.1\r\nhost: x\r\nx-a: ${"a".repeat(20_000)}\r\n\r\n`],
    ["a method that nobody knows", 400, `CANARY / HTTP/1.1\r\nhost: x\r\n${last}`],
    ["a method that no route has", 404, `PROPFIND /v1/sessions HTTP/1.1\r\nhost: x\r\n${last}`],
    ["a request without a host", 400, `GET /health/live HTTP/1.1\r\n${last}`],
    ["an expectation that nobody knows", 200, `GET /health/live HTTP/1.1\r\nhost: x\r\nexpect: canary\r\n${last}`],
    ["an address that cannot be read", 400, `GET /v1/%E0%A4%A HTTP/1.1\r\nhost: x\r\n${last}`],
    ["one with too long a part", 400, `GET /v1/sessions/${"x".repeat(200)} HTTP/1.1\r\nhost: x\r\n${last}`],
    ["an upgrade", 404, `GET /socket HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade, close\r\n\r\n`],
    ["a route that is not there", 404, `GET /nothing HTTP/1.1\r\nhost: x\r\n${last}`],
    [
      "a body that is too large",
      413,
      `POST /v1/sessions/x/tokens HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99999999\r\n${last}`,
    ],
  ])("%s", async (what, status, sent) => {
    const headers = await headersOf(sent);
    expect(headers).toMatchObject({ status });
    expectGuarded(headers, what);
  });

  test("an upload that is refused, one that is taken, and to who follows it", async () => {
    const design = await frame.putDesign();
    const refused = await frame.send(Buffer.from("GIF89a"), design, "key-0");
    expectGuarded(Object.fromEntries(refused.headers), "refused");
    const taken = await frame.send(makePicture(), design);
    expect([refused.status, taken.status]).toEqual([422, 202]);
    expectGuarded(Object.fromEntries(taken.headers), "taken");
    const { submissionId } = (await taken.json()) as { submissionId: string };
    const stream = await frame.get(`/v1/submissions/${submissionId}/events`);
    expect(stream.headers.get("content-type")).toBe("text/event-stream");
    expectGuarded(Object.fromEntries(stream.headers), "stream");
    await stream.body?.cancel();
  });

  test("the designer's page, which only the issuer's pages may frame", async () => {
    const { headers } = await frame.get(`/frame/${frame.sessionId}`);
    expectGuarded(Object.fromEntries(headers), "frame");
    expect(headers.get("content-security-policy")).toContain("frame-ancestors https://bank.example;");
    expect(headers.get("x-frame-options")).toBeNull();
  });
});
