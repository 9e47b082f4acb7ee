import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CardholderExport } from "#contracts/purge.ts";
import { createNotifier } from "../events/notifier.ts";
import { buildApp } from "../app.ts";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { asIssuer } from "../testing/env.ts";
import { codeOf, enterSession, type Frame, sendOne } from "../testing/issuer.ts";
import { makePicture } from "../testing/picture.ts";

let server: TestApp;
let url: string;
let frame: Frame;
beforeEach(async () => {
  server = await openTestApp();
  url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  frame = await enterSession(url);
});
afterEach(() => server.close());

const end = (sessionId = frame.sessionId, headers: Record<string, string> = asIssuer) =>
  fetch(`${url}/v1/sessions/${sessionId}`, { method: "DELETE", headers });
const secretOf = (sessionId: string) =>
  fetch(`${url}/v1/sessions/${sessionId}/client-secrets`, { method: "POST", headers: asIssuer });

async function exchange(secret: { sessionId: string; clientSecret: string }, insteadOf?: string): Promise<Response> {
  const path = `/v1/sessions/${secret.sessionId}/tokens`;
  const headers = { "content-type": "application/json", dpop: frame.prover.prove({ method: "POST", path }) };
  const body = JSON.stringify({ clientSecret: secret.clientSecret, ...(insteadOf !== undefined && { insteadOf }) });
  return fetch(url + path, { method: "POST", headers, body });
}

describe("a session that its issuer ends", () => {
  test("is over at once: its token, secrets that were given out, new ones, and its page", async () => {
    const secret = (await (await secretOf(frame.sessionId)).json()) as { sessionId: string; clientSecret: string };
    const answer = await end();
    expect([answer.status, await answer.text()]).toEqual([204, ""]);
    expect(await codeOf(await frame.get(`/v1/sessions/${frame.sessionId}`))).toBe("401 session-expired");
    await expect(frame.putDesign()).rejects.toThrow("session-expired");
    expect(await codeOf(await exchange(secret))).toBe("401 session-expired");
    expect(await codeOf(await secretOf(frame.sessionId))).toBe("401 session-expired");
    expect((await fetch(`${url}/frame/${frame.sessionId}`)).status).toBe(410);
  });

  test("stays ended as of the first time, however often that is asked for", async () => {
    await end();
    const read = () => server.parts.store.selectFrom("sessions").select("revoked_at").executeTakeFirst();
    const first = await read();
    server.advance(1_000);
    expect((await end()).status).toBe(204);
    expect(await read()).toEqual(first);
  });

  test("may be asked for with JSON for a type and no body, as libraries do; so may another secret", async () => {
    const json = { ...asIssuer, "content-type": "application/json" };
    const path = `/v1/sessions/${frame.sessionId}/client-secrets`;
    expect((await fetch(url + path, { method: "POST", headers: json })).status).toBe(201);
    expect((await end(frame.sessionId, json)).status).toBe(204);
    expect(await codeOf(await secretOf(frame.sessionId))).toBe("401 session-expired");
    const open = await fetch(`${url}/v1/sessions`, { method: "POST", headers: json });
    expect(await open.json()).toMatchObject({ status: 400, detail: "The body is empty, and JSON is expected." });
  });

  test("is another issuer's, or none, to whom it does not belong", async () => {
    await server.parts.store.insertInto("issuers").values({ id: "hill", last_seq: 0 }).execute();
    await server.parts.store.updateTable("sessions").set({ issuer_id: "hill" }).execute();
    expect(await codeOf(await end())).toBe("404 not-found");
    expect(await codeOf(await end("ses_none"))).toBe("404 not-found");
    expect(await codeOf(await end(frame.sessionId, {}))).toBe("401 not-authenticated");
    expect(await codeOf(await end(frame.sessionId, frame.show("DELETE", `/v1/sessions/${frame.sessionId}`)))).toBe(
      "401 not-authenticated",
    );
    expect(await server.parts.store.selectFrom("sessions").select("revoked_at").executeTakeFirst()).toEqual({
      revoked_at: null,
    });
  });

  test("keeps what was sent in it, which is delivered and can be followed in another", async () => {
    const { submissionId } = await sendOne(frame, makePicture());
    await end();
    expect(await server.parts.store.selectFrom("jobs").select(["kind", "submission_id"]).execute()).toEqual([
      { kind: "send", submission_id: submissionId },
    ]);
    const record = await fetch(`${url}/v1/submissions/${submissionId}`, { headers: asIssuer });
    expect(await record.json()).toMatchObject({ submissionId, state: "queued" });
    const next = await enterSession(url, undefined, undefined, frame.cardholderId);
    expect((await next.get(`/v1/submissions/${submissionId}`)).status).toBe(200);
  });

  test("is told apart from one that has run out, in what is said about its cardholder", async () => {
    await end();
    const path = `/v1/cardholders/${frame.cardholderId}/export`;
    const { sessions } = (await (await fetch(url + path, { headers: asIssuer })).json()) as CardholderExport;
    const { now } = server.parts;
    expect(sessions).toMatchObject([{ revokedAt: now(), expiresAt: now() + 4 * 60 * 60_000 }]);
  });

  test("takes no picture any more that is on its way", async () => {
    const design = await frame.putDesign();
    const picture = makePicture();
    const path = `/v1/sessions/${frame.sessionId}/submissions`;
    async function* slowly() {
      yield picture.subarray(0, 1_000);
      await end();
      yield picture.subarray(1_000);
    }
    const init = { method: "POST", headers: frame.headersFor(picture, design), body: slowly(), duplex: "half" };
    expect(await codeOf(await fetch(url + path, init as unknown as RequestInit))).toBe("401 session-expired");
    expect(await server.parts.store.selectFrom("submissions").select("id").execute()).toEqual([]);
  });
});

describe("who follows a submission when the session is ended", () => {
  async function follow(at = url): Promise<{ ended: Promise<string> }> {
    const { submissionId } = await sendOne(frame, makePicture());
    const path = `/v1/submissions/${submissionId}/events`;
    const response = await fetch(at + path, { headers: frame.show("GET", path) });
    expect(response.status).toBe(200);
    return { ended: response.text() };
  }

  test("hears nothing more from then on", async () => {
    const { ended } = await follow();
    await end();
    expect(await ended).toContain('"state":"queued"');
  });

  test("in another process too, at the next sign of life", async () => {
    const other = await buildApp({ ...server.parts, notifier: createNotifier() });
    const { ended } = await follow(await other.listen({ host: "127.0.0.1", port: 0 }));
    await end();
    // As the heartbeat does, of which it takes one.
    expect(await ended).toContain('"state":"queued"');
    await other.close();
  });
});

describe("a frame whose session has ended goes on", () => {
  async function openFor(cardholderId: string, productId = "photo-landscape") {
    const body = JSON.stringify({ cardholderId, productId, origins: ["https://bank.example"] });
    const headers = { ...asIssuer, "content-type": "application/json" };
    const answer = await fetch(`${url}/v1/sessions`, { method: "POST", headers, body });
    return (await answer.json()) as { sessionId: string; clientSecret: string };
  }

  test("in another one for the same cardholder and product", async () => {
    await end();
    expect((await exchange(await openFor(frame.cardholderId), frame.sessionId)).status).toBe(201);
  });

  test.each([
    ["another cardholder", () => openFor("somebody-else"), undefined],
    ["another product", () => openFor(frame.cardholderId, "photo-portrait"), undefined],
    ["a cardholder of nobody knows which session", () => openFor(frame.cardholderId), "ses_none"],
  ] as const)("and not in one for %s, whose secret stays good", async (_what, open, insteadOf) => {
    await end();
    const secret = await open();
    expect(await codeOf(await exchange(secret, insteadOf ?? frame.sessionId))).toBe("403 not-allowed");
    expect((await exchange(secret)).status).toBe(201);
  });
});

describe("from before tokens were bound", () => {
  beforeEach(() => server.parts.store.updateTable("sessions").set({ binds_tokens: 0 }).execute());
  const enter = async () => {
    const secret = (await (await secretOf(frame.sessionId)).json()) as { clientSecret: string };
    const headers = { "content-type": "application/json" };
    const path = `/v1/sessions/${frame.sessionId}/tokens`;
    return fetch(url + path, { method: "POST", headers, body: JSON.stringify(secret) });
  };

  test("a session goes on as it was, with tokens that are not", async () => {
    const { token } = (await (await enter()).json()) as { token: string };
    const look = (authorization: string) =>
      fetch(`${url}/v1/sessions/${frame.sessionId}`, { headers: { authorization } });
    expect((await look(`Bearer ${token}`)).status).toBe(200);
    expect(await codeOf(await look(`DPoP ${token}`))).toBe("401 not-authenticated");
    // A page that is loaded anew binds its own.
    expect((await frame.get(`/v1/sessions/${frame.sessionId}`)).status).toBe(200);
    expect(await codeOf(await look(`Bearer ${frame.token}`))).toBe("401 not-authenticated");
  });

  test("there is no session that was opened since", async () => {
    await server.parts.store.updateTable("sessions").set({ binds_tokens: 1 }).execute();
    expect(await codeOf(await enter())).toBe("401 not-authenticated");
  });
});
