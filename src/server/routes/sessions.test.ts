import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SessionSecret } from "#contracts/session.ts";
import type { SubmissionState } from "#contracts/submission.ts";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { asIssuer, testEnv } from "../testing/env.ts";
import { createProver } from "../testing/prover.ts";
import { makeSubmissionRow } from "../testing/rows.ts";

const minute = 60_000;
const request = { cardholderId: "A1", productId: "photo-landscape", origins: ["https://bank.example"] };
let server: TestApp;

beforeEach(async () => {
  server = await openTestApp();
});
afterEach(() => server.close());

function post(url: string, payload?: object, headers: Record<string, string> = asIssuer) {
  return server.app.inject({ method: "POST", url, headers, ...(payload === undefined ? {} : { payload }) });
}

async function openSession(change: object = {}): Promise<SessionSecret> {
  const answer = await post("/v1/sessions", { ...request, ...change });
  expect(answer.statusCode, answer.body).toBe(201);
  return answer.json();
}

/** The key of every frame here. */
const prover = createProver();

function exchange({ sessionId, clientSecret }: { sessionId: string; clientSecret: string }) {
  const path = `/v1/sessions/${sessionId}/tokens`;
  return post(path, { clientSecret }, { dpop: prover.prove({ method: "POST", path }) });
}

async function enter(session: { sessionId: string; clientSecret: string }): Promise<string> {
  const answer = await exchange(session);
  expect(answer.statusCode, answer.body).toBe(201);
  return answer.json().token;
}

const show = (method: string, path: string, token: string) =>
  prover.show({ method, path, token, nonce: server.parts.proofs.issueNonce() });

function view(sessionId: string, token: string) {
  const url = `/v1/sessions/${sessionId}`;
  return server.app.inject({ url, headers: show("GET", url, token) });
}

async function insertSubmission(
  sessionId: string,
  id: string,
  state: SubmissionState,
  createdAt: number,
): Promise<void> {
  const moments = { created_at: createdAt, updated_at: createdAt };
  const row = makeSubmissionRow({
    id,
    session_id: sessionId,
    state,
    idempotency_key: id,
    note: "for operators only",
    sequence: 3,
    ...moments,
  });
  await server.parts.store.insertInto("submissions").values(row).execute();
}

describe("the issuer's server opens a session", () => {
  test("and gets an id and a client secret that is good for ten minutes", async () => {
    const session = await openSession();
    expect(session).toEqual({
      sessionId: expect.stringMatching(/^ses_[A-Za-z0-9_-]{22}$/),
      clientSecret: expect.stringMatching(/^cs_[A-Za-z0-9_-]{43}$/),
      clientSecretExpiresAt: server.parts.now() + 10 * minute,
      sessionExpiresAt: server.parts.now() + 240 * minute,
      expiresAt: server.parts.now() + 10 * minute,
    });
  });

  test("and is told when each of the two ends, also with a further client secret", async () => {
    const { sessionId, sessionExpiresAt } = await openSession();
    server.advance(235 * minute);
    const answer = (await post(`/v1/sessions/${sessionId}/client-secrets`)).json();
    // No client secret is good for longer than its session.
    const times = { clientSecretExpiresAt: sessionExpiresAt, sessionExpiresAt, expiresAt: sessionExpiresAt };
    expect(answer).toMatchObject(times);
    expect(sessionExpiresAt).toBe(server.parts.now() + 5 * minute);
  });

  test.each([
    ["no key", {}],
    ["another key", { authorization: `Bearer ${"x".repeat(39)}` }],
    ["the key's beginning", { authorization: `Bearer ${testEnv.FULLBLEED_ISSUER_KEY.slice(0, -1)}` }],
    ["the key as Basic", { authorization: `Basic ${testEnv.FULLBLEED_ISSUER_KEY}` }],
  ])("but not with %s", async (_what, headers) => {
    const answer = await post("/v1/sessions", request, headers);
    expect(answer.statusCode).toBe(401);
    expect(answer.headers["content-type"]).toBe("application/problem+json");
    expect(answer.headers["www-authenticate"]).toBe("Bearer");
    expect(answer.json()).toMatchObject({ code: "not-authenticated", type: "urn:fullbleed:problem:not-authenticated" });
  });

  test("with either of two keys while they are being changed", async () => {
    await server.close();
    server = await openTestApp({ env: { FULLBLEED_ISSUER_KEY: `${"n".repeat(32)},${testEnv.FULLBLEED_ISSUER_KEY}` } });
    await openSession();
    expect((await post("/v1/sessions", request, { authorization: `Bearer ${"n".repeat(32)}` })).statusCode).toBe(201);
  });

  test.each([
    ["cardholderId", { cardholderId: "a b" }, "body.cardholderId: "],
    ["locale", { locale: "x" }, "body.locale: "],
    ["origins", { origins: [] }, "body.origins: "],
    ["an origin with a path", { origins: ["https://bank.example/cards"] }, "body.origins.0: "],
    ["an origin with a slash at its end", { origins: ["http://localhost:8080/"] }, "no path, and no / at its end."],
    [
      "a field that is misspelt",
      { otherProductId: ["photo-portrait"] },
      "body: not known: otherProductId; the fields are ",
    ],
    [
      "one of the hosted page",
      { hosted: { returnUrl: "https://a.example", them: {} } },
      "body.hosted: not known: them; ",
    ],
    ["an origin that would add a directive", { origins: ["https://a.example;script-src"] }, "body.origins.0: "],
    ["an origin that cannot be", { origins: ["https://a.example:99999"] }, "body.origins.0: "],
    ["an origin without TLS", { origins: ["https://a.example", "http://a.example"] }, "body.origins.1: "],
    ["six origins", { origins: Array.from({ length: 6 }, (_, i) => `https://a${i}.example`) }, "body.origins: "],
    ["an unknown product", { productId: "photo-gold" }, "choose one of photo-landscape, photo-portrait."],
    ["another product than those offered", { otherProductIds: ["photo-fine"] }, "body.otherProductIds: choose one of "],
    ["a product that the platform has no key for", { productId: "photo-fine" }, "choose one of photo-landscape, "],
  ])("and is told what is wrong with %s", async (_what, change, sentence) => {
    const answer = await post("/v1/sessions", { ...request, ...change });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: "bad-request", detail: expect.stringContaining(sentence) });
  });

  test("and origins are kept as browsers spell them, each once", async () => {
    const { sessionId } = await openSession({
      origins: ["https://Bank.Example:443", "https://bank.example", "http://localhost:4400"],
    });
    const row = await server.parts.store
      .selectFrom("sessions")
      .select("origins")
      .where("id", "=", sessionId)
      .executeTakeFirstOrThrow();
    expect(JSON.parse(row.origins)).toEqual(["https://bank.example", "http://localhost:4400"]);
  });
});

describe("the frame", () => {
  test("exchanges its client secret for a token and learns about its session", async () => {
    const otherProductIds = ["photo-portrait"];
    const session = await openSession({ locale: "ar", otherProductIds });
    const answer = await exchange(session);
    const known = {
      sessionId: session.sessionId,
      productId: "photo-landscape",
      otherProductIds,
      locale: "ar",
      issuerName: "Test Bank",
      draftScope: expect.stringMatching(/^[\w-]{22}$/),
      hasDraft: false,
      submission: null,
    };
    expect(answer.json()).toEqual({
      token: expect.stringMatching(/^tok_[A-Za-z0-9_-]{43}$/),
      expiresInSeconds: 600,
      session: known,
    });
    const again = await view(session.sessionId, answer.json().token);
    expect(again.statusCode).toBe(200);
    expect(again.json()).toEqual(known);
  });

  test("finds what a browser keeps of one cardholder's card in each of his sessions, and nothing of another's", async () => {
    const scopeIn = async (change: object): Promise<string> =>
      (await exchange(await openSession(change))).json().session.draftScope;
    const own = await scopeIn({});
    expect(await scopeIn({ productId: "photo-portrait" })).toBe(own);
    expect(await scopeIn({ cardholderId: "A2" })).not.toBe(own);
    expect(await scopeIn({ cardholderId: "a-cardholder-of-the-bank" })).not.toContain("cardholder");
  });

  test("hears at once that there is a draft of its card", async () => {
    const session = await openSession();
    const row = await server.parts.store.selectFrom("sessions").selectAll().executeTakeFirstOrThrow();
    const { issuer_id, cardholder_id, product_id } = row;
    const owner = { issuer_id, cardholder_id, product_id };
    const draft = { ...owner, sha256: "a".repeat(64), document: "{}", changed_at: 1, submission_id: null };
    await server.parts.store.insertInto("drafts").values(draft).execute();
    expect((await exchange(session)).json().session.hasDraft).toBe(true);
  });

  test("can use a client secret once, even when two try at the same moment", async () => {
    const session = await openSession();
    const tries = await Promise.all(Array.from({ length: 5 }, () => exchange(session)));
    expect(tries.map((answer) => answer.statusCode).toSorted((a, b) => a - b)).toEqual([201, 401, 401, 401, 401]);
  });

  test("cannot use a client secret after ten minutes, nor that of another session, nor a token as one", async () => {
    const [first, second] = [await openSession(), await openSession()];
    const token = await enter(await openSession());
    const refused = async (sessionId: string, clientSecret: string) => {
      const answer = await exchange({ sessionId, clientSecret });
      expect(answer.json()).toMatchObject({ status: 401, code: "not-authenticated" });
    };
    await refused(first.sessionId, second.clientSecret);
    await refused(first.sessionId, token);
    await refused("ses_unknown", first.clientSecret);
    server.advance(10 * minute);
    await refused(first.sessionId, first.clientSecret);
  });

  test("sees a token run out after ten minutes and gets another through the host", async () => {
    const session = await openSession();
    const token = await enter(session);
    server.advance(10 * minute - 1);
    expect((await view(session.sessionId, token)).statusCode).toBe(200);
    server.advance(1);
    expect((await view(session.sessionId, token)).json()).toMatchObject({ status: 401, code: "token-expired" });
    const more = await post(`/v1/sessions/${session.sessionId}/client-secrets`);
    expect(more.statusCode).toBe(201);
    expect((await view(session.sessionId, await enter(more.json()))).statusCode).toBe(200);
  });

  test("may be framed by the issuer's other pages when those ask for the secret", async () => {
    const { sessionId } = await openSession();
    const framedBy = async () =>
      (await server.app.inject({ url: `/frame/${sessionId}` })).headers["content-security-policy"];
    const renew = (origins: string[]) => post(`/v1/sessions/${sessionId}/client-secrets`, { origins });
    expect((await renew(["https://app.bank.example", "https://m.bank.example"])).statusCode).toBe(201);
    const moved = "frame-ancestors https://app.bank.example https://m.bank.example";
    expect(await framedBy()).toContain(moved);
    for (const wrong of [[], ["http://bank.example"], ["https://bank.example; script-src *"]]) {
      expect((await renew(wrong)).json().code).toBe("bad-request");
    }
    await post(`/v1/sessions/${sessionId}/client-secrets`);
    expect(await framedBy()).toContain(moved);
  });

  test("keeps a token that works when a refresh was answered but never used", async () => {
    const session = await openSession();
    const token = await enter(session);
    await post(`/v1/sessions/${session.sessionId}/client-secrets`);
    expect((await view(session.sessionId, token)).statusCode).toBe(200);
  });

  test("is out after four hours, whatever it holds", async () => {
    const session = await openSession();
    server.advance(4 * 60 * minute - 30_000);
    const another = (await post(`/v1/sessions/${session.sessionId}/client-secrets`)).json();
    const { token, expiresInSeconds } = (await exchange(another)).json();
    expect(expiresInSeconds).toBe(30);
    const late = (await post(`/v1/sessions/${session.sessionId}/client-secrets`)).json();
    server.advance(30_000);
    expect((await view(session.sessionId, token)).json().code).toBe("session-expired");
    expect((await post(`/v1/sessions/${session.sessionId}/client-secrets`)).json().code).toBe("session-expired");
    expect((await exchange(late)).json().code).toBe("session-expired");
  });

  test("cannot look into another session, nor in with the issuer's key or a client secret", async () => {
    const [own, other] = [await openSession(), await openSession()];
    const token = await enter(own);
    expect((await view(other.sessionId, token)).json()).toMatchObject({ status: 403, code: "not-allowed" });
    expect((await view("ses_unknown", token)).statusCode).toBe(403);
    expect((await view(own.sessionId, testEnv.FULLBLEED_ISSUER_KEY)).statusCode).toBe(401);
    expect((await view(other.sessionId, other.clientSecret)).statusCode).toBe(401);
    expect((await server.app.inject({ url: `/v1/sessions/${own.sessionId}` })).statusCode).toBe(401);
  });

  test("cannot ask for client secrets itself", async () => {
    const session = await openSession();
    const path = `/v1/sessions/${session.sessionId}/client-secrets`;
    const token = await enter(session);
    for (const shown of [show("POST", path, token), { authorization: `Bearer ${token}` }])
      expect((await post(path, undefined, shown)).statusCode).toBe(401);
    expect((await post("/v1/sessions/ses_unknown/client-secrets")).json().code).toBe("not-found");
  });

  test("sees the submission that is live, or else the latest that ended", async () => {
    const session = await openSession();
    const token = await enter(session);
    const latest = async () => (await view(session.sessionId, token)).json().submission?.submissionId;
    await insertSubmission(session.sessionId, "sub_1", "rejected", 1);
    await insertSubmission(session.sessionId, "sub_2", "rejected", 2);
    expect(await latest()).toBe("sub_2");
    await insertSubmission(session.sessionId, "sub_3", "queued", 1);
    expect(await latest()).toBe("sub_3");
    expect((await view(session.sessionId, token)).body).not.toContain("for operators only");
  });
});

describe("at rest", () => {
  test("there are hashes of secrets and tokens, never themselves", async () => {
    const session = await openSession();
    const token = await enter(session);
    const rows = await server.parts.store.selectFrom("credentials").selectAll().execute();
    expect(rows).toHaveLength(2);
    const kept = JSON.stringify([rows, await server.parts.store.selectFrom("sessions").selectAll().execute()]);
    for (const secret of [session.clientSecret, token]) {
      expect(kept).not.toContain(secret);
      expect(kept).not.toContain(secret.split("_").slice(1).join("_"));
    }
  });
});
