import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { SessionSecret, TokenAnswer } from "#contracts/session.ts";
import { buildApp } from "../app.ts";
import type { App } from "../parts.ts";
import { createThalesProvider } from "#providers/thales/adapter.ts";
import { createId } from "../sessions/credentials.ts";
import { onlyProvider, openTestApp, type TestApp } from "../testing/app.ts";
import { asIssuer, testEnv } from "../testing/env.ts";
import { createProver } from "../testing/prover.ts";

const attacker = "203.0.113.66";
const other = "203.0.113.7";
const opening = { cardholderId: "A1", productId: "photo-landscape", origins: ["https://bank.example"] };

let server: TestApp;
let app: App;
beforeEach(async () => {
  // However slow the machine is, all happens in one moment.
  vi.spyOn(Date, "now").mockReturnValue(Date.now());
  const thales = createThalesProvider({
    soapUrl: testEnv.FULLBLEED_THALES_SOAP_URL,
    getImageUrl: testEnv.FULLBLEED_THALES_GET_IMAGE_URL,
    handoverKeys: { "photo-landscape": "k" },
    imageDeliveryKey: "k",
    notificationSecret: testEnv.FULLBLEED_THALES_NOTIFICATION_SECRET,
  });
  server = await openTestApp({
    env: { FULLBLEED_TRUSTED_PROXIES: "127.0.0.1" },
    parts: { providers: onlyProvider(thales) },
  });
  ({ app } = server);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await server.close();
});

interface Asked {
  readonly from?: string;
  readonly authorization?: string;
  readonly headers?: Record<string, string>;
  readonly payload?: object;
  readonly method?: "GET" | "POST";
}

function ask(url: string, { from = attacker, authorization, headers = {}, payload, method }: Asked = {}) {
  return app.inject({
    method: method ?? (payload === undefined ? "GET" : "POST"),
    url,
    headers: { "x-forwarded-for": from, ...(authorization !== undefined && { authorization }), ...headers },
    ...(payload && { payload }),
  });
}

const openSession = async (from: string): Promise<SessionSecret> =>
  (await ask("/v1/sessions", { from, ...asIssuer, payload: opening })).json();

/** The key of every frame here. */
const prover = createProver();

function enter({ sessionId, clientSecret }: SessionSecret, from: string) {
  const path = `/v1/sessions/${sessionId}/tokens`;
  return ask(path, { from, headers: { dpop: prover.prove({ method: "POST", path }) }, payload: { clientSecret } });
}

const tokenOf = async (session: SessionSecret): Promise<string> =>
  (await enter(session, other)).json<TokenAnswer>().token;

const show = (path: string, token: string) =>
  prover.show({ method: "GET", path, token, nonce: server.parts.proofs.issueNonce() });

/** One wrong one after the other: the statuses, in order. */
async function guess(times: number, one: () => ReturnType<typeof ask>): Promise<number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < times; n += 1) statuses.push((await one()).statusCode);
  return statuses;
}

const answeredThenRefused = [...Array.from({ length: 10 }, () => 401), 429, 429];

describe("of guesses from one address within a minute the eleventh is refused", () => {
  const guesses = {
    "an issuer's key": () => ask("/v1/submissions", { authorization: `Bearer ${createId("isk")}` }),
    "a session's token": () => ask("/v1/submissions/sub_1", { authorization: `Bearer ${createId("tok")}` }),
    "a key that is none": () => ask("/v1/events", { authorization: "Basic abc" }),
    "a client secret": () =>
      ask(`/v1/sessions/${createId("ses")}/tokens`, { payload: { clientSecret: createId("cs") } }),
    "a platform's secret": () =>
      ask("/v1/platform/thales/notifications", { headers: { "x-notification-secret": createId("isk") }, payload: {} }),
  };

  test.each(Object.entries(guesses))("%s", async (_what, one) => {
    expect(await guess(12, one)).toEqual(answeredThenRefused);
    const refused = await one();
    expect(refused.json()).toMatchObject({ code: "too-many-requests", retryable: true });
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(50);
    expect(Number(refused.headers["retry-after"])).toBeLessThanOrEqual(60);
  });

  test("also when all come at once", async () => {
    const all = await Promise.all(Array.from({ length: 60 }, guesses["a session's token"]));
    expect(all.filter(({ statusCode }) => statusCode === 401)).toHaveLength(10);
    expect(all.filter(({ statusCode }) => statusCode === 429)).toHaveLength(50);
  });

  test("before anything is looked up", async () => {
    await guess(10, guesses["a session's token"]);
    const prepare = vi.spyOn(DatabaseSync.prototype, "prepare");
    expect((await guesses["a session's token"]()).statusCode).toBe(429);
    expect((await guesses["a client secret"]()).statusCode).toBe(429);
    expect(prepare).not.toHaveBeenCalled();
    prepare.mockRestore();
  });

  test("and answered again when a minute is over, and when the clock has been set back", async () => {
    const start = Date.now();
    const clock = vi.mocked(Date.now);
    await guess(10, guesses["an issuer's key"]);
    for (const [ms, status] of [
      [59_999, 429],
      [60_000, 401],
      [-3_600_000, 401],
    ] as const) {
      clock.mockReturnValue(start + ms);
      expect((await guesses["an issuer's key"]()).statusCode).toBe(status);
    }
  });

  test("whatever address it claims to come from, unless a trusted proxy says so", async () => {
    const direct = await openTestApp();
    const forge = (n: number) =>
      direct.app.inject({
        url: "/v1/submissions",
        headers: { authorization: `Bearer ${createId("isk")}`, "x-forwarded-for": `198.51.100.${n}` },
      });
    const statuses: number[] = [];
    for (let n = 0; n < 12; n += 1) statuses.push((await forge(n)).statusCode);
    expect(statuses).toEqual(answeredThenRefused);
    await direct.close();
  });

  test("whichever address of its IPv6 network it uses", async () => {
    let n = 0;
    const one = () => {
      n += 1;
      return ask("/v1/submissions", { from: `2001:db8:0:7::${n}`, authorization: `Bearer ${createId("isk")}` });
    };
    expect(await guess(12, one)).toEqual(answeredThenRefused);
    const neighbour = { from: "2001:db8:0:8::1", authorization: `Bearer ${createId("isk")}` };
    expect((await ask("/v1/submissions", neighbour)).statusCode).toBe(401);
  });
});

describe("a token without a right proof of its key is a guess", () => {
  let path: string;
  let token: string;
  beforeEach(async () => {
    const session = await openSession(other);
    [path, token] = [`/v1/sessions/${session.sessionId}`, await tokenOf(session)];
  });
  const thief = createProver();

  test.each([
    ["shown as a bearer", () => ({ authorization: `Bearer ${token}` })],
    ["shown with no proof", () => ({ authorization: `DPoP ${token}` })],
    [
      "shown with a proof of another key",
      () => thief.show({ method: "GET", path, token, nonce: server.parts.proofs.issueNonce() }),
    ],
  ])("%s, and its cardholder is served all the while", async (_what, wrong) => {
    expect(await guess(12, () => ask(path, { headers: wrong() }))).toEqual(answeredThenRefused);
    expect((await ask(path, { headers: show(path, token) })).statusCode).toBe(200);
  });

  test("and so is a client secret", async () => {
    const session = await openSession(other);
    const at = `/v1/sessions/${session.sessionId}/tokens`;
    const wrong = {
      from: attacker,
      headers: { dpop: "no.such.proof" },
      payload: { clientSecret: session.clientSecret },
    };
    expect(await guess(12, () => ask(at, wrong))).toEqual(answeredThenRefused);
    expect((await enter(session, other)).statusCode).toBe(201);
  });

  test("but one whose nonce is only too old is none", async () => {
    const outdated = () => ask(path, { headers: prover.show({ method: "GET", path, token, nonce: "old" }) });
    expect(await guess(12, outdated)).toEqual(Array.from({ length: 12 }, () => 401));
    const answer = await outdated();
    expect(answer.json()).toMatchObject({ code: "proof-outdated", retryable: true });
    expect(answer.headers["www-authenticate"]).toBe('DPoP error="use_dpop_nonce", algs="ES256"');
    const nonce = String(answer.headers["dpop-nonce"]);
    expect((await ask(path, { headers: prover.show({ method: "GET", path, token, nonce }) })).statusCode).toBe(200);
  });
});

test("guesses at one session are refused from wherever they come, and its cardholder enters it", async () => {
  const session = await openSession(other);
  let n = 0;
  const one = () => {
    n += 1;
    return enter({ ...session, clientSecret: createId("cs") }, `198.51.100.${n}`);
  };
  expect(await guess(12, one)).toEqual(answeredThenRefused);
  expect((await enter(session, other)).statusCode).toBe(201);
});

describe("while an address is refused", () => {
  beforeEach(async () => {
    const one = () => ask("/v1/submissions/sub_1", { authorization: `Bearer ${createId("tok")}` });
    expect((await guess(11, one)).at(-1)).toBe(429);
  });

  test("others are answered", async () => {
    const wrong = { from: other, authorization: `Bearer ${createId("isk")}` };
    expect((await ask("/v1/submissions", wrong)).statusCode).toBe(401);
    expect((await ask("/v1/submissions", { from: other, ...asIssuer })).statusCode).toBe(200);
  });

  test("an issuer's server and cardholders behind the same address are served, old sessions and new ones", async () => {
    const session = await openSession(attacker);
    const entered = await enter(session, attacker);
    expect(entered.statusCode).toBe(201);
    const { token } = entered.json<TokenAnswer>();
    const path = `/v1/sessions/${session.sessionId}`;
    expect((await ask(path, { headers: show(path, token) })).statusCode).toBe(200);
    expect((await ask(`/frame/${session.sessionId}`)).statusCode).toBe(200);
    expect((await ask("/favicon.ico")).statusCode).not.toBe(429);
    // What has run out or is another's is no guess either: the designer has to learn which.
    server.advance(700_000);
    expect((await ask(path, { headers: show(path, token) })).json()).toMatchObject({ code: "token-expired" });
    expect((await enter(session, attacker)).json()).toMatchObject({ code: "not-authenticated" });
    const asToken = { authorization: `Bearer ${token}` };
    expect((await ask("/v1/submissions", asToken)).json()).toMatchObject({ code: "not-authenticated" });
  });

  test("what its platform tells is taken", async () => {
    const headers = { "x-notification-secret": testEnv.FULLBLEED_THALES_NOTIFICATION_SECRET };
    const payload = { ImageId: "6f9619ff-8b86-4011-b42d-00c04fc964ff", ImageState: "Pending" };
    expect((await ask("/v1/platform/thales/notifications", { headers, payload })).statusCode).toBe(202);
  });

  test("health is answered", async () => {
    const wrong = { authorization: `Bearer ${createId("isk")}` };
    expect((await ask("/health/live", wrong)).statusCode).toBe(200);
    expect((await ask("/health/ready", wrong)).statusCode).toBe(200);
  });
});

test("a token from before a restart is served from an address that guesses", async () => {
  const session = await openSession(other);
  const token = await tokenOf(session);
  app = await buildApp(server.parts);
  await guess(11, () => ask("/v1/submissions", { authorization: `Bearer ${createId("isk")}` }));
  const path = `/v1/sessions/${session.sessionId}`;
  expect((await ask(path, { headers: show(path, token) })).statusCode).toBe(200);
  await app.close();
});

test("the log says once that somebody guesses, and from where", async () => {
  await guess(30, () => ask("/v1/submissions", { authorization: `Bearer ${createId("isk")}` }));
  const lines = server.logged.map((line) => JSON.parse(line)).filter(({ msg }) => /wrong secrets/.test(msg));
  expect(lines).toMatchObject([{ level: 40, address: attacker }]);
});
