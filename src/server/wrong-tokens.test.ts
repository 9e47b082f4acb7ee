import { channel } from "node:diagnostics_channel";
import { once } from "node:events";
import { type IncomingMessage, type OutgoingHttpHeaders, request } from "node:http";
import { text } from "node:stream/consumers";
import type { FastifyInstance, RouteOptions } from "fastify";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { hashSecret } from "./sessions/credentials.ts";
import { makePhoto } from "./testing/drafts.ts";
import { openTenants, type Tenant, type Tenants } from "./testing/issuers.ts";
import { sha256Of } from "./testing/picture.ts";
import { createProver, type ProofChange, type Prover } from "./testing/prover.ts";
import { wrongProofs } from "./testing/wrong-proofs.ts";

interface Operation {
  readonly security?: readonly Record<string, unknown>[];
}
/** As `GET /v1/submissions/{submissionId}`, with who may call it. */
interface Route {
  readonly method: string;
  readonly path: string;
  readonly takes: readonly string[];
}

let all: Tenants;
let river: Tenant;
let hill: Tenant;
let url: string;
let routes: readonly Route[];
/** All that the server answers, as `GET /hosted`: the pages and files too, which its description leaves out. */
const registered: string[] = [];
/** Tokens of sessions of river's that are good for nothing any more, each with its key. */
const ended: Record<"expired" | "revoked" | "deleted", { readonly token: string; readonly prover: Prover }> =
  {} as never;

beforeAll(async () => {
  const watch = (message: unknown): void => {
    const { fastify } = message as { fastify: FastifyInstance };
    fastify.addHook("onRoute", ({ method, url: path }: RouteOptions) => {
      for (const one of [method].flat()) registered.push(`${one} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
    });
  };
  channel("fastify.initialization").subscribe(watch);
  all = await openTenants();
  channel("fastify.initialization").unsubscribe(watch);
  [river, hill] = ["river", "hill"].map((id) => all.tenants.find((one) => one.id === id)) as [Tenant, Tenant];
  url = await all.server.app.listen({ host: "127.0.0.1", port: 0 });
  const described = (await all.server.app.inject({ url: "/v1/openapi.json" })).json<{
    paths: Record<string, Record<string, Operation>>;
  }>();
  const inDescription = Object.entries(described.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  pages = registered.filter((route) => !route.startsWith("HEAD ") && !inDescription.includes(route));
  routes = Object.entries(described.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security = [] }]) => ({
      method: method.toUpperCase(),
      path: fill(path),
      takes: security.flatMap((one) => Object.keys(one)),
    })),
  );
  oldNonce = nonce();
  all.server.advance(5 * 60_000);
  const { store } = all.server.parts;
  for (const name of ["expired", "revoked", "deleted"] as const) {
    const { sessionId, token, prover } = await all.enter(river.key, `c-${name}`);
    ended[name] = { token, prover };
    const session = store.updateTable("sessions").where("id", "=", sessionId);
    if (name === "deleted") await session.set({ expires_at: 0 }).execute();
    else if (name === "expired")
      await store.updateTable("credentials").set({ expires_at: 1 }).where("hash", "=", hashSecret(token)).execute();
    else {
      const headers = { authorization: `Bearer ${river.key}` };
      const path = `/v1/sessions/${sessionId}`;
      expect((await all.server.app.inject({ method: "DELETE", url: path, headers })).statusCode).toBe(204);
    }
  }
});
afterAll(() => all.server.close());
let oldNonce: string;
let pages: readonly string[];

function fill(path: string): string {
  return path
    .replace("{sessionId}", river.sessions.approved.sessionId)
    .replace("{submissionId}", river.submissions.approved)
    .replace("{webhookEndpointId}", river.endpoint.webhookEndpointId)
    .replace("{cardholderId}", "c-approved")
    .replace("{productId}", "photo-landscape")
    .replace("{sha256}", sha256Of(makePhoto()))
    .replace("{issuerId}", "river")
    .replace("{provider}", "thales");
}

let minute = 0;

/** Status and code, such as `401 not-authenticated`. Each a minute after the one before: who guesses too often is told nothing. */
async function ask({ method, path }: Pick<Route, "method" | "path">, headers: OutgoingHttpHeaders): Promise<string> {
  minute += 61_000;
  vi.spyOn(Date, "now").mockReturnValue(minute);
  const isPicture = /\/sessions\/[^/]+\/(?:submissions|assets\/\w+)$/.test(path);
  const type = /^(GET|HEAD|DELETE)$/.test(method)
    ? {}
    : { "content-type": isPicture ? "image/png" : "application/json" };
  const asking = request(url + path, { method, headers: { ...type, ...headers }, agent: false });
  asking.end("content-type" in type ? "{}" : undefined);
  const [answer] = (await once(asking, "response")) as [IncomingMessage];
  const body = await text(answer);
  vi.restoreAllMocks();
  const { code } = (body.startsWith("{") ? JSON.parse(body) : {}) as { code?: string };
  return `${answer.statusCode} ${code ?? ""}`.trim();
}

const nonce = (): string => all.server.parts.proofs.issueNonce();
const none = (): OutgoingHttpHeaders => ({});
type Wrong = (route: Route) => OutgoingHttpHeaders | Promise<OutgoingHttpHeaders>;

/** The right token of the session, with something wrong in its proof. */
function proven(change: ProofChange | ((prover: Prover) => ProofChange), token?: string): Wrong {
  return ({ method, path }) => {
    const own = river.sessions.approved;
    const target = { method, path, token: token ?? own.token, nonce: nonce() };
    return own.prover.show(target, typeof change === "function" ? change(own.prover) : change);
  };
}

/** A key that no token is bound to. */
const stolen = createProver();
const wrongTokens: Readonly<Record<string, readonly [code: string, show: Wrong]>> = {
  "no token": ["401 not-authenticated", none],
  "the token without a proof": [
    "401 not-authenticated",
    () => ({ authorization: `DPoP ${river.sessions.approved.token}` }),
  ],
  "the token as a bearer": [
    "401 not-authenticated",
    () => ({ authorization: `Bearer ${river.sessions.approved.token}` }),
  ],
  "the token as a bearer, with a right proof": [
    "401 not-authenticated",
    async (route) => ({ ...(await proven({})(route)), authorization: `Bearer ${river.sessions.approved.token}` }),
  ],
  "a proof of another key": [
    "401 not-authenticated",
    ({ method, path }) => stolen.show({ method, path, token: river.sessions.approved.token, nonce: nonce() }),
  ],
  // Its own sender's browser does that too, by itself, when a connection breaks before the answer: it makes another.
  "a proof that was used before": [
    "401 proof-outdated",
    async (route) => {
      const jti = `again-${minute}`.padEnd(22, "x");
      const first = { method: "GET", path: `/v1/sessions/${river.sessions.approved.sessionId}`, takes: [] };
      expect(await ask(first, await proven({ claims: { jti } })(first))).toBe("200");
      return proven({ claims: { jti } })(route);
    },
  ],
  "a proof for another token": [
    "401 not-authenticated",
    ({ method, path }) => {
      const { prover, token } = river.sessions.approved;
      const dpop = prover.prove({ method, path, token: river.sessions.rejected.token, nonce: nonce() });
      return { authorization: `DPoP ${token}`, dpop };
    },
  ],
  "a proof for no token": ["401 not-authenticated", proven({ claims: { ath: undefined } })],
  "a proof twice": [
    "401 not-authenticated",
    async (route) => {
      const { dpop, ...shown } = await proven({})(route);
      return { ...shown, dpop: [String(dpop), String(dpop)] };
    },
  ],
  "the token twice": [
    "401 not-authenticated",
    async (route) => {
      const { authorization, ...proof } = await proven({})(route);
      return { ...proof, authorization: [String(authorization), String(authorization)] as never };
    },
  ],
  "a proof with an old nonce": ["401 proof-outdated", (route) => proven({ claims: { nonce: oldNonce } })(route)],
  "a proof with a nonce of its own": ["401 proof-outdated", proven({ claims: { nonce: nonceOfAnother() } })],
  "a proof without a nonce": ["401 proof-outdated", proven({ claims: { nonce: undefined } })],
  "a token that has run out": ["401 token-expired", endedAs("expired")],
  "the token of a session that its issuer has ended": ["401 session-expired", endedAs("revoked")],
  "the token of a session that was deleted": ["401 session-expired", endedAs("deleted")],
  "another cardholder's token": ["403 not-allowed", ({ method, path }) => river.sessions.rejected.show(method, path)],
  "another issuer's token": [
    "403 not-allowed, or 404 not-found",
    ({ method, path }) => hill.sessions.approved.show(method, path),
  ],
  "half of the token": [
    "401 not-authenticated",
    (route) => proven({}, river.sessions.approved.token.slice(0, 20))(route),
  ],
  "a client secret": ["401 not-authenticated", (route) => proven({}, river.sessions.approved.clientSecret)(route)],
  "the issuer's key as a token": ["401 not-authenticated", (route) => proven({}, river.key)(route)],
  ...Object.fromEntries(
    Object.entries(wrongProofs).map(([name, change]) => [
      `a proof ${name}`,
      ["401 not-authenticated", proven(change)] as const,
    ]),
  ),
};

function nonceOfAnother(): string {
  return Buffer.alloc(22, 7).toString("base64url");
}

function endedAs(name: keyof typeof ended): Wrong {
  return ({ method, path }) => {
    const { prover, token } = ended[name];
    return prover.show({ method, path, token, nonce: nonce() });
  };
}

test("every route takes a token, a key, a client secret or a platform's secret, or is for everybody", () => {
  const open = routes.filter(({ takes }) => takes.length === 0).map(({ method, path }) => `${method} ${path}`);
  expect(open.toSorted()).toEqual(
    [
      "GET /health/live",
      "GET /health/ready",
      "GET /v1/openapi.json",
      // With the code of a hosted page's address, which is good once: `routes/hosted.test.ts` has the wrong ones.
      "POST /v1/hosted-pages",
      `POST /v1/sessions/${river.sessions.approved.sessionId}/tokens`,
      "POST /v1/issuers/river/platform/thales/notifications",
      "POST /v1/platform/thales/notifications",
    ].toSorted(),
  );
});

test("what the description leaves out is pages and files, which are for everybody", async () => {
  const others = pages.filter((route) => !/^GET \/[\w-]+\.(png|ico|svg|js|txt|webmanifest)$/.test(route));
  expect([...new Set(others)].toSorted()).toEqual(
    [
      "designer/*",
      "embed/*",
      "filters/{file}",
      "frame/{sessionId}",
      "hosted",
      "hosted/*",
      "logos/{file}",
      "stickers/{file}",
      "templates/{file}",
    ].map((path) => `GET /${path}`),
  );
  expect(await ask({ method: "GET", path: "/hosted" }, {})).toBe("200");
});

/** What each of these routes answers, by route. */
async function askAll(of: readonly Route[], show: Wrong): Promise<Record<string, string>> {
  const answers: Record<string, string> = {};
  for (const route of of) answers[`${route.method} ${route.path}`] = await ask(route, await show(route));
  return answers;
}
/** Where two codes are given, the second is that of what belongs to nobody whom the asker knows. */
const sameOf = (of: readonly Route[], code: string) => {
  const [first = "", second = first] = code.split(", or ");
  const codeAt = (path: string) => (path.startsWith("/v1/submissions/") ? second : first);
  return Object.fromEntries(of.map(({ method, path }) => [`${method} ${path}`, codeAt(path)]));
};

describe("no route that takes a session's token takes", () => {
  test.each(Object.entries(wrongTokens))("%s", async (_what, [code, show]) => {
    const of = routes.filter(({ takes }) => takes.includes("sessionToken"));
    expect(of.length).toBeGreaterThan(6);
    const before = await all.readRows();
    expect(await askAll(of, show)).toEqual(sameOf(of, code));
    expect(await all.readRows()).toBe(before);
  });

  test("the issuer's key, unless it takes both", async () => {
    const of = routes.filter(({ takes }) => takes.join() === "sessionToken");
    const show = () => ({ authorization: `Bearer ${river.key}` });
    expect(await askAll(of, show)).toEqual(sameOf(of, "401 not-authenticated"));
  });

  // Otherwise all that is said above could be said of a server that answers nobody.
  test("less than the token with a right proof, and it takes that", async () => {
    const of = routes.filter(({ takes, method }) => takes.includes("sessionToken") && method === "GET");
    for (const route of of.filter(({ path }) => !path.endsWith("/events")))
      expect(await ask(route, await proven({})(route)), route.path).toBe("200");
  });
});

describe("no route that takes the issuer's key alone takes", () => {
  const wrongKeys: Readonly<Record<string, Wrong>> = {
    "no key": none,
    "half of the key": () => ({ authorization: `Bearer ${river.key.slice(0, -1)}` }),
    "the key twice": () => ({ authorization: [`Bearer ${river.key}`, `Bearer ${river.key}`] as never }),
    "the key as a token": () => ({ authorization: `DPoP ${river.key}` }),
    "a token as a key": () => ({ authorization: `Bearer ${river.sessions.approved.token}` }),
    "a client secret": () => ({ authorization: `Bearer ${river.sessions.approved.clientSecret}` }),
    "a token with its proof": proven({}),
  };
  test.each(Object.entries(wrongKeys))("%s", async (_what, show) => {
    const of = routes.filter(({ takes }) => takes.join() === "issuerKey");
    expect(of.length).toBeGreaterThan(15);
    const before = await all.readRows();
    expect(await askAll(of, show)).toEqual(sameOf(of, "401 not-authenticated"));
    expect(await all.readRows()).toBe(before);
  });
});

describe("a client secret is not exchanged for", () => {
  const exchange = (headers: OutgoingHttpHeaders) => {
    const { sessionId, clientSecret } = river.sessions.queued;
    const path = `/v1/sessions/${sessionId}/tokens`;
    minute += 61_000;
    vi.spyOn(Date, "now").mockReturnValue(minute);
    const asking = all.server.app.inject({ method: "POST", url: path, headers, payload: { clientSecret } });
    return asking.then((answer) => `${answer.statusCode} ${answer.json<{ code?: string }>().code ?? ""}`.trim());
  };
  const prove = (change: ProofChange, more: { nonce?: string } = {}) => ({
    dpop: stolen.prove(
      { method: "POST", path: `/v1/sessions/${river.sessions.queued.sessionId}/tokens`, ...more },
      change,
    ),
  });

  test("any wrong proof, nor for none, and is still good for a right one", async () => {
    expect(await exchange({})).toBe("401 not-authenticated");
    for (const [name, change] of Object.entries(wrongProofs))
      expect(await exchange(prove(typeof change === "function" ? change(stolen) : change)), name).toBe(
        "401 not-authenticated",
      );
    expect(await exchange(prove({}, { nonce: nonceOfAnother() }))).toBe("401 proof-outdated");
    expect(await exchange(prove({}, { nonce: nonce() }))).toBe("201");
    expect(await exchange(prove({}))).toBe("401 not-authenticated");
  });
});
