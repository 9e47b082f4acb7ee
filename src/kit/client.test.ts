import { createServer, type RequestListener } from "node:http";
import { afterEach, expect, expectTypeOf, test } from "vitest";
import type * as Session from "#contracts/session.ts";
import type * as Submission from "#contracts/submission.ts";
import type * as Webhook from "#contracts/webhook.ts";
import { listenLocally } from "#providers/testing/listen.ts";
import { openTestApp } from "#server/testing/app.ts";
import { testEnv } from "#server/testing/env.ts";
import { addSubmission } from "#server/testing/webhooks.ts";
import {
  createFullbleed,
  type IssuerEvent,
  type SessionRequest,
  type SessionSecret,
  type SubmissionRecord,
} from "./main.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const secretKey = testEnv.FULLBLEED_ISSUER_KEY;
const request = { cardholderId: "c-1", productId: "photo-landscape", origins: ["https://www.bank.example"] } as const;

/** The real server, over HTTP. */
async function openServer() {
  const server = await openTestApp();
  closing.push(() => server.close());
  return { server, baseUrl: await server.app.listen({ port: 0, host: "127.0.0.1" }) };
}

/** Something that answers in the server's place. */
async function openOther(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return listenLocally(server);
}

test("a session is opened, given another secret and ended", async () => {
  const { baseUrl } = await openServer();
  const fullbleed = createFullbleed({ baseUrl: `${baseUrl}/`, secretKey });
  const opened = await fullbleed.openSession({ ...request, locale: "de" });
  expect(opened).toEqual({
    sessionId: expect.any(String),
    clientSecret: expect.any(String),
    clientSecretExpiresAt: expect.any(Number),
    sessionExpiresAt: expect.any(Number),
    expiresAt: opened.clientSecretExpiresAt,
  });
  const renewed = await fullbleed.createClientSecret(opened.sessionId);
  expect(renewed.sessionId).toBe(opened.sessionId);
  expect(renewed.clientSecret).not.toBe(opened.clientSecret);
  const origins = ["https://other.bank.example"];
  expect(await fullbleed.createClientSecret(opened.sessionId, { origins })).toMatchObject({
    sessionId: opened.sessionId,
  });
  for (const _ of [1, 2]) expect(await fullbleed.endSession(opened.sessionId)).toBe(undefined);
  await expect(fullbleed.createClientSecret(opened.sessionId)).rejects.toMatchObject({
    name: "FullbleedError",
    code: "session-expired",
    status: 401,
    retryable: false,
  });
});

test("a submission is read", async () => {
  const { server, baseUrl } = await openServer();
  await addSubmission(server.parts.store);
  const fullbleed = createFullbleed({ baseUrl, secretKey });
  expect(await fullbleed.getSubmission("sub")).toMatchObject({ submissionId: "sub", sessionId: "ses" });
  await expect(fullbleed.getSubmission("none")).rejects.toMatchObject({ code: "not-found", status: 404 });
});

test("ids stay within their part of the address, and new origins are sent along", async () => {
  const asked: string[] = [];
  const baseUrl = await openOther(async (request, response) => {
    asked.push(`${request.method} ${request.url} ${(await request.toArray()).join("")}`);
    response.end('{"submissionId":"a","clientSecret":"b"}');
  });
  const fullbleed = createFullbleed({ baseUrl, secretKey });
  await fullbleed.getSubmission("../sessions");
  await fullbleed.createClientSecret("a/b", { origins: ["https://b.example"] });
  await fullbleed.endSession("a?b");
  expect(asked).toEqual([
    "GET /v1/submissions/..%2Fsessions ",
    'POST /v1/sessions/a%2Fb/client-secrets {"origins":["https://b.example"]}',
    "DELETE /v1/sessions/a%3Fb ",
  ]);
});

test("what the server does not take, it explains", async () => {
  const { baseUrl } = await openServer();
  const fullbleed = createFullbleed({ baseUrl, secretKey });
  await expect(fullbleed.openSession({ ...request, productId: "none" })).rejects.toMatchObject({
    code: "bad-request",
    message: expect.stringContaining("body.productId: choose one of"),
  });
  const stranger = createFullbleed({ baseUrl, secretKey: "another-key-".repeat(3) });
  await expect(stranger.openSession(request)).rejects.toMatchObject({ code: "not-authenticated", status: 401 });
});

test("a server that says nothing is given up after the time", async () => {
  const baseUrl = await openOther(() => {});
  const fullbleed = createFullbleed({ baseUrl, secretKey, timeoutMs: 50 });
  await expect(fullbleed.openSession(request)).rejects.toMatchObject({ code: "timed-out", retryable: true, status: 0 });
});

test("a server that is not there can be tried again, and the error has no key in it", async () => {
  const baseUrl = await openOther((asked) => void asked.socket.destroy());
  const error = await createFullbleed({ baseUrl, secretKey })
    .endSession("s")
    .catch((cause: unknown) => cause);
  expect(error).toMatchObject({ code: "no-connection", retryable: true });
  const said = JSON.stringify(error, (_, value) =>
    value instanceof Error ? [value.message, value.stack, value.cause, Object.entries(value)] : value,
  );
  expect(said).toContain("could not be reached");
  expect(said).not.toContain(secretKey);
});

test.for([
  ["a page of a proxy", 502, "<h1>Bad gateway</h1>", { code: "unexpected-answer", status: 502, retryable: true }],
  ["JSON of somebody else", 404, '{"error":"none"}', { code: "unexpected-answer", status: 404, retryable: false }],
  ["JSON of a busy proxy", 503, "{}", { code: "unexpected-answer", status: 503, retryable: true }],
  ["a session without its secret", 201, '{"sessionId":"s"}', { code: "unexpected-answer", status: 0 }],
  ["nothing", 200, "", { code: "unexpected-answer" }],
  [
    "more than it may",
    200,
    JSON.stringify("x".repeat(1024 * 1024)),
    { code: "unexpected-answer", message: expect.stringContaining("more than") },
  ],
] as const)("%s is no session", async ([, status, body, error]) => {
  const baseUrl = await openOther((_, response) => void response.writeHead(status).end(body));
  await expect(createFullbleed({ baseUrl, secretKey }).openSession(request)).rejects.toMatchObject(error);
});

test("the key follows no redirect", async () => {
  let asked = 0;
  const elsewhere = await openOther((_, response) => {
    asked += 1;
    response.end();
  });
  const baseUrl = await openOther((_, response) => void response.writeHead(307, { location: elsewhere }).end());
  await expect(createFullbleed({ baseUrl, secretKey }).openSession(request)).rejects.toThrow("could not be reached");
  expect(asked).toBe(0);
});

test.for([
  { baseUrl: "cards.example", secretKey },
  { baseUrl: "file:///cards", secretKey },
  { baseUrl: "http://cards.example", secretKey },
  { baseUrl: "http://localhost.cards.example", secretKey },
  { baseUrl: "http://127.0.0.1.cards.example", secretKey },
  { baseUrl: "https://cards.example", secretKey: "" },
  { baseUrl: "https://cards.example", secretKey: `${secretKey}\n${secretKey}` },
  { baseUrl: "https://cards.example", secretKey: `${secretKey}\n` },
  { baseUrl: "https://cards.example", secretKey: `${secretKey}ä` },
  { baseUrl: "https://cards.example", secretKey: "x".repeat(31) },
  { baseUrl: "https://cards.example", secretKey: "x".repeat(201) },
])("an option that cannot be right is refused at once, without the key in the error (%#)", (options) => {
  expect(() => createFullbleed(options)).toThrow(
    expect.objectContaining({ code: "bad-option", message: expect.not.stringContaining(secretKey), cause: undefined }),
  );
});

test.for(["http://localhost:4000", "http://cards.localhost", "http://127.0.0.1:4000", "http://[::1]:4000"])(
  "a server on this machine needs no certificate (%s)",
  (baseUrl) => {
    expect(createFullbleed({ baseUrl, secretKey })).toHaveProperty("openSession");
  },
);

test.for(["", ".", ".."])("the id %j, which would lead to another address, is refused and asked nobody", async (id) => {
  let asked = 0;
  const baseUrl = await openOther((_, response) => {
    asked += 1;
    response.end('{"submissionId":"a","clientSecret":"b"}');
  });
  const fullbleed = createFullbleed({ baseUrl, secretKey });
  for (const call of ["getSubmission", "endSession", "createClientSecret"] as const)
    await expect(fullbleed[call](id), call).rejects.toMatchObject({ code: "bad-option" });
  expect(asked).toBe(0);
});

type Frozen<T> = T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T;

test("the shapes are the server's", () => {
  expectTypeOf<SessionRequest>().toEqualTypeOf<Frozen<Session.SessionRequest>>();
  expectTypeOf<SessionSecret>().toEqualTypeOf<Frozen<Session.SessionSecret>>();
  expectTypeOf<SubmissionRecord>().toEqualTypeOf<Frozen<Submission.SubmissionRecord>>();
  // Narrower than the server's, so that a ping can be told from it.
  expectTypeOf<Omit<IssuerEvent, "type">>().toEqualTypeOf<Frozen<Omit<Webhook.IssuerEvent, "type">>>();
  expectTypeOf<IssuerEvent["type"]>().toExtend<Webhook.IssuerEvent["type"]>();
});
