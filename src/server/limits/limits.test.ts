import { channel } from "node:diagnostics_channel";
import { once } from "node:events";
import type { FastifyInstance, RouteOptions } from "fastify";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { asIssuer } from "../testing/env.ts";
import { enterSession } from "../testing/issuer.ts";
import { openConnection, readAnswer } from "../testing/wire.ts";
import { createGuesses, mostKeys, WindowCounts } from "./counts.ts";
import { kindOf } from "./limits.ts";

let server: TestApp;
// However slow the machine is, all happens in one moment.
beforeEach(() => void vi.spyOn(Date, "now").mockReturnValue(Date.now()));
afterEach(async () => {
  vi.restoreAllMocks();
  await server.close();
});

const few = { FULLBLEED_ADDRESS_LIMIT: "1", FULLBLEED_SESSION_LIMIT: "1", FULLBLEED_ISSUER_LIMIT: "1" };
const proxied = { FULLBLEED_TRUSTED_PROXIES: "127.0.0.1" };

async function statusesOf(
  times: number,
  url: string,
  headers: Record<string, string> | (() => Record<string, string>) = {},
): Promise<number[]> {
  const next = typeof headers === "function" ? headers : () => headers;
  const asking = Array.from({ length: times }, () => server.app.inject({ url, headers: next() }));
  const answers = await Promise.all(asking);
  const refused = answers.filter(({ statusCode }) => statusCode === 429);
  for (const answer of refused) {
    expect(answer.json()).toMatchObject({ code: "too-many-requests", retryable: true });
    const wait = Number(answer.headers["retry-after"]);
    expect(wait).toBeGreaterThanOrEqual(1);
    // As long as the designer waits at a time.
    expect(wait).toBeLessThanOrEqual(10);
  }
  return answers.map(({ statusCode }) => statusCode);
}

const count = (statuses: readonly number[], status: number): number => statuses.filter((one) => one === status).length;

test("an issuer that asks too much is refused, and another issuer and its own cardholders are not", async () => {
  server = await openTestApp({ env: { ...few, FULLBLEED_SESSION_LIMIT: "50" } });
  const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  const frame = await enterSession(url);
  expect(count(await statusesOf(30, "/v1/submissions", asIssuer), 429)).toBe(21);
  expect((await frame.get(`/v1/sessions/${frame.sessionId}`)).status).toBe(200);
});

test("a session that asks too much is refused, and others from the same address are not", async () => {
  server = await openTestApp({ env: { ...few, FULLBLEED_ISSUER_LIMIT: "50" } });
  const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  const [one, other] = [await enterSession(url), await enterSession(url)];
  const path = `/v1/sessions/${one.sessionId}`;
  expect(count(await statusesOf(30, path, () => one.show("GET", path)), 200)).toBe(9);
  expect((await other.get(`/v1/sessions/${other.sessionId}`)).status).toBe(200);
});

test("hundreds may enter their sessions from one address in the same moment", async () => {
  server = await openTestApp({ env: { ...few, FULLBLEED_ISSUER_LIMIT: "500" } });
  const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  const entered = await Promise.all(Array.from({ length: 100 }, () => enterSession(url)));
  expect(new Set(entered.map(({ sessionId }) => sessionId)).size).toBe(100);
});

test("an address that asks too much without a secret is refused, and others are not", async () => {
  server = await openTestApp({ env: { ...few, ...proxied } });
  const from = { "x-forwarded-for": "203.0.113.66" };
  expect(count(await statusesOf(30, "/nothing", from), 429)).toBe(20);
  expect(count(await statusesOf(60, "/embed/card-designer.js", from), 429)).toBe(10);
  expect(count(await statusesOf(60, "/health/ready", from), 200)).toBe(60);
  expect(count(await statusesOf(1, "/nothing", { "x-forwarded-for": "203.0.113.7" }), 404)).toBe(1);
});

describe("an address is limited for what it asks in vain as for anything else:", () => {
  const json = { "content-type": "application/json" };
  const tokens = { method: "POST", url: "/v1/sessions/ses_1/tokens", headers: json } as const;
  test.each([
    ["addresses that cannot be read", 400, { url: "/v1/%E0%A4%A" }],
    ["addresses with too long a part", 400, { url: `/v1/sessions/${"x".repeat(200)}` }],
    ["entering without a secret", 400, { ...tokens, payload: "{}" }],
    ["entering with a body that is no JSON", 400, { ...tokens, payload: "{" }],
    ["entering with a body that is too large", 413, { ...tokens, payload: JSON.stringify("x".repeat(20_000)) }],
    ["methods that a route has not", 404, { method: "OPTIONS", url: "/v1/submissions" }],
    ["a path with a slash behind it", 404, { url: "/v1/events/" }],
    ["a path in capitals", 404, { url: "/V1/SUBMISSIONS" }],
    ["HEAD", 401, { method: "HEAD", url: "/v1/submissions" }],
  ] as const)("%s", async (_what, status, asked) => {
    server = await openTestApp({ env: few });
    const answers = await Promise.all(Array.from({ length: 15 }, () => server.app.inject(asked)));
    const statuses = answers.map(({ statusCode }) => statusCode);
    expect([count(statuses, status), count(statuses, 429)]).toEqual([10, 5]);
  });

  test("requests that name no host", async () => {
    server = await openTestApp({ env: few });
    const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
    const statuses: number[] = [];
    for (let n = 0; n < 15; n += 1)
      statuses.push(
        (await readAnswer(await openConnection(url, "GET /v1/submissions HTTP/1.1\r\nconnection: close\r\n\r\n")))
          .status,
      );
    expect([count(statuses, 400), count(statuses, 429)]).toEqual([10, 5]);
  });
});

test("a connection that was lost before its request was looked at is no failure of the server", async () => {
  server = await openTestApp();
  const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  const linesOf = (level: number) => server.logged.filter((line) => line.includes(`"level":${level}`));
  for (let n = 0; n < 20; n += 1) {
    const socket = await openConnection(url);
    // Both are there before the server's turn.
    socket.write("GET /v1/submissions HTTP/1.1\r\nhost: x\r\n\r\n", () => socket.resetAndDestroy());
    await once(socket, "close");
  }
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  expect(linesOf(50)).toEqual([]);
});

test("a proxy that is not trusted is named in the log when all come from it", async () => {
  server = await openTestApp({ env: few });
  await statusesOf(30, "/nothing", { "x-forwarded-for": "203.0.113.66" });
  expect(server.logged.join("")).toContain("FULLBLEED_TRUSTED_PROXIES not set?");
});

test("hundreds of cardholders behind one address do all that they came for", async () => {
  server = await openTestApp();
  const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  const visit = async (): Promise<void> => {
    const frame = await enterSession(url);
    const files = ["/embed/card-designer.js", ...Array.from({ length: 15 }, () => "/designer/assets/worker-1a2b.js")];
    for (const path of [`/frame/${frame.sessionId}`, ...files]) expect((await frame.get(path)).status).toBe(200);
    await frame.putDesign();
    expect((await frame.get(`/v1/sessions/${frame.sessionId}`)).status).toBe(200);
  };
  for (let n = 0; n < 200; n += 50) await Promise.all(Array.from({ length: 50 }, visit));
});

test("every route has the limits of its kind", async () => {
  const kinds: Record<string, string[]> = {};
  const watch = (message: unknown): void => {
    const { fastify } = message as { fastify: FastifyInstance };
    fastify.addHook("onRoute", ({ method, url }: RouteOptions) => {
      for (const one of [method].flat()) (kinds[kindOf({ method: one, url })] ??= []).push(`${one} ${url}`);
    });
  };
  channel("fastify.initialization").subscribe(watch);
  server = await openTestApp();
  channel("fastify.initialization").unsubscribe(watch);
  const { file = [], other = [], ...few } = kinds;
  expect(few).toMatchObject({
    health: ["GET /health/live", "HEAD /health/live", "GET /health/ready", "HEAD /health/ready"],
    entering: ["POST /v1/sessions/:sessionId/tokens", "POST /v1/hosted-pages"],
    upload: ["POST /v1/sessions/:sessionId/submissions"],
    photo: ["POST /v1/sessions/:sessionId/assets/:sha256", "PUT /v1/sessions/:sessionId/assets/:sha256"],
    notification: expect.arrayContaining(["POST /v1/issuers/:issuerId/platform/:provider/notifications"]),
    page: expect.arrayContaining(["GET /frame/:sessionId", "GET /v1/openapi.json"]),
    preview: expect.arrayContaining(["GET /v1/submissions/:submissionId/preview"]),
  });
  expect(file.filter((route) => route.includes("/v1/"))).toEqual([]);
  expect(other.filter((route) => !route.includes(" /v1/"))).toEqual([]);
});

test("a flood of a hundred thousand addresses is counted in little memory, and whoever keeps asking is not forgotten", async () => {
  server = await openTestApp();
  const counts = new WindowCounts();
  const guesses = createGuesses();
  let current = 0;
  for (let n = 0; n < 100_000; n += 1) {
    counts.incr(`address ${n}`, () => {}, 60_000);
    guesses.add(`address ${n}`);
    if (n % 1000 > 0) continue;
    counts.incr("busy", (_error, result) => (current = result?.current ?? 0), 60_000);
    guesses.add("busy");
  }
  expect(current).toBe(100);
  expect(guesses.waitMs("busy")).toBeGreaterThan(0);
  expect([counts.size, guesses.size()]).toEqual([mostKeys, mostKeys]);
});

test("a clock that is set back keeps nobody out", async () => {
  server = await openTestApp({ env: few });
  expect(count(await statusesOf(11, "/nothing"), 429)).toBe(1);
  vi.mocked(Date.now).mockReturnValue(Date.now() - 3_600_000);
  expect(await statusesOf(1, "/nothing")).toEqual([404]);
});
