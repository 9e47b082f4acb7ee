import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { problemDetails } from "#contracts/problem-details.ts";
import type { SessionSecret } from "#contracts/session.ts";
import type { PreviewOutcome } from "#providers/provider.ts";
import type { TestApp } from "../testing/app.ts";
import { asIssuer } from "../testing/env.ts";
import { enterSession, type Frame } from "../testing/issuer.ts";
import { sha256Of } from "../testing/picture.ts";
import { openConnection, readAnswer } from "../testing/wire.ts";
import { writeSha256 } from "../upload/digest.ts";
import {
  type Answer,
  type Call,
  createDescribedThales,
  type Described,
  driveDrafts,
  driveHostedPage,
  driveWebhookEndpoints,
  notification,
  photo,
  type Operation,
  picture,
  readDescribed,
  storeRefused,
  openDescribed,
  usualCall,
} from "./testing/described-calls.ts";

const patience = { timeout: 45_000 };
/** Not so often that the session has asked too much. */
const gently = { ...patience, interval: 500 };

let server: TestApp;
let url: string;
let frame: Frame;
let other: Frame;
/** Of this one the session is ended. */
let spare: Frame;
let submissionId: string;
const cardholderId = "c-described";
let decision: "theirs" | "ours" = "theirs";
let webhookEndpointId = "none";
let outcome: PreviewOutcome = { kind: "not-ready" };
let art: PreviewOutcome = { kind: "not-ready" };
let described: Described;
/** Every answer that any of the calls below was given. */
const given: Answer[] = [];

let calls = 0;

const takesBody = (operation: Operation): boolean => !operation.startsWith("GET ");

function pathOf(operation: Operation, { ids, query = "" }: Call): string {
  const path = operation.replace(/^\w+ /, "");
  const filled = path
    .replace("{sessionId}", ids ?? (operation === "DELETE /v1/sessions/{sessionId}" ? spare : frame).sessionId)
    .replace("{submissionId}", ids ?? submissionId)
    .replace("{webhookEndpointId}", ids ?? webhookEndpointId)
    .replace("{cardholderId}", ids ?? cardholderId)
    .replace("{productId}", "photo-landscape")
    .replace("{sha256}", sha256Of(photo))
    .replace("{issuerId}", ids ?? "default")
    .replace("{provider}", "thales");
  return `${filled}${query}`;
}

/** A stream is left as soon as it has begun. */
async function call(operation: Operation, change: Call = {}): Promise<Answer> {
  const path = pathOf(operation, change);
  const usual = usualCall(operation, frame, path);
  const { headers, body } = { ...usual, ...change };
  calls += 1;
  // Each from an address of its own, unless it says otherwise: one that guesses is told nothing more.
  const from = { "x-forwarded-for": `10.0.${calls >> 8}.${calls & 255}` };
  const all = Object.entries({ ...from, ...usual.headers, ...headers }).filter(([, value]) => value !== undefined);
  const leaving = new AbortController();
  const response = await fetch(url + path, {
    method: operation.split(" ")[0] ?? "",
    headers: all,
    signal: leaving.signal,
    ...(takesBody(operation) && body !== undefined && { body: body as string }),
  });
  const type = response.headers.get("content-type") ?? "";
  const answer = { operation, status: response.status, type, body: response.status < 400 ? "" : await response.text() };
  if (response.status < 400) leaving.abort();
  given.push(answer);
  return answer;
}

function headOf(operation: Operation, more: string): string {
  const { headers } = usualCall(operation, frame, pathOf(operation, {}));
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${operation.split(" ")[0]} ${pathOf(operation, {})} HTTP/1.1\r\nhost: x\r\n${lines.join("")}${more}`;
}

async function talk(operation: Operation, ...pieces: (string | Buffer)[]): Promise<void> {
  given.push({ operation, ...(await readAnswer(await openConnection(url, ...pieces))) });
}

async function driveAnyRoute(operation: Operation): Promise<void> {
  await call(operation);
  await call(operation, { headers: { authorization: undefined, "x-notification-secret": undefined } });
  await call(operation, { headers: { authorization: `Bearer ${"x".repeat(40)}` } });
  const [method = ""] = operation.split(" ");
  const path = pathOf(operation, {});
  await call(operation, { headers: other.show(method, path) });
  await call(operation, { headers: frame.prover.show({ method, path, token: frame.token }) });
  for (const ids of ["nope", "n".repeat(65), "n".repeat(200), "%00"]) await call(operation, { ids });
  await call(operation, { query: "?limit=0&width=1", headers: { "last-event-id": "x" } });
  await call(operation, { headers: { accept: "text/csv" } });
  await talk(operation, headOf(operation, `x-long: ${"x".repeat(20_000)}\r\n\r\n`));
  if (!takesBody(operation)) return;
  await call(operation, { headers: { "content-type": "text/csv" } });
  for (const body of ["{", "{}", "", "[]", Buffer.alloc(5 * 1024 * 1024, " ")]) await call(operation, { body });
  await talk(operation, headOf(operation, "content-length: 100\r\nconnection: close\r\n\r\n"), "{");
}

async function driveSending(): Promise<void> {
  const operation = "POST /v1/sessions/{sessionId}/submissions";
  const design = await other.putDesign();
  const change = (headers: Call["headers"], body = picture): Call => ({
    ids: other.sessionId,
    headers: { ...other.headersFor(picture, design, "key-1"), ...headers },
    body,
  });
  await call(operation, change({ "idempotency-key": undefined }));
  await call(operation, change({ "content-digest": writeSha256("0".repeat(64)) }));
  for (const sha256 of ["0".repeat(64), ...(await storeRefused(server.parts.store, other.sessionId))])
    await call(operation, change({ "design-digest": writeSha256(sha256) }));
  const refused = Buffer.from("no picture");
  await call(operation, change({ "content-digest": writeSha256(sha256Of(refused)) }, refused));
  const upload = { ...other.headersFor(picture, design, "key-slow"), "content-length": String(picture.length) };
  const lines = Object.entries(upload).map(([name, value]) => `${name}: ${value}\r\n`);
  const slow = await openConnection(
    url,
    `POST /v1/sessions/${other.sessionId}/submissions HTTP/1.1\r\nhost: x\r\n${lines.join("")}\r\n`,
    picture.subarray(0, 10),
  );
  await vi.waitFor(
    async () => expect((await call(operation, change({}, refused))).body).toContain("submission-in-flight"),
    gently,
  );
  slow.destroy();
  await vi.waitFor(async () => expect((await call(operation, change({}))).status).toBe(202), gently);
  await call(operation, change({ "idempotency-key": "key-2" }));
  await call(operation, change({ "design-digest": writeSha256("0".repeat(64)) }));
}

/** Two photos of one session at once, of which the first is slow. */
async function drivePhotoInFlight(method: "POST" | "PUT"): Promise<void> {
  const operation = `${method} /v1/sessions/{sessionId}/assets/{sha256}`;
  let tries = 0;
  await vi.waitFor(async () => {
    const { body: bytes = "" } = usualCall(operation, frame, pathOf(operation, {}));
    const head = headOf(operation, `content-length: ${bytes.length}\r\n\r\n`);
    const slow = await openConnection(url, head, bytes.slice(0, 9));
    // The other may overtake it.
    await sleep(100 * (tries += 1));
    const { body } = await call(operation);
    slow.destroy();
    expect(body).toContain("submission-in-flight");
  }, gently);
  await vi.waitFor(async () => expect((await call(operation)).status).toBeLessThan(300), gently);
  await server.parts.store.deleteFrom("assets").execute();
}

async function driveEntering(): Promise<Call> {
  const secrets = `${url}/v1/sessions/${other.sessionId}/client-secrets`;
  const { clientSecret } = (await (
    await fetch(secrets, { method: "POST", headers: asIssuer })
  ).json()) as SessionSecret;
  const entering = { ids: other.sessionId, body: JSON.stringify({ clientSecret }) };
  const operation = "POST /v1/sessions/{sessionId}/tokens";
  const target = { method: "POST", path: pathOf(operation, entering), nonce: "of-another-day" };
  await call(operation, { ...entering, headers: { dpop: other.prover.prove(target) } });
  await call(operation, { ...entering, body: JSON.stringify({ clientSecret, insteadOf: frame.sessionId }) });
  await call(operation, entering);
  return entering;
}

async function driveResolution(): Promise<void> {
  const resolve = "POST /v1/submissions/{submissionId}/resolution";
  await call(resolve);
  await server.parts.store.updateTable("submissions").set({ state: "held" }).where("id", "=", submissionId).execute();
  await call(resolve);
  await call(resolve, { body: JSON.stringify({ action: "resend", reason: "a try", confirm: true }) });
}

async function driveTemplates(): Promise<void> {
  const template = "GET /v1/sessions/{sessionId}/template";
  art = { kind: "unavailable", detail: "down" };
  await call(template);
  art = { kind: "image", bytes: picture, mediaType: "image/png" };
  const { headers } = await frame.get(`/v1/sessions/${frame.sessionId}/template`);
  await call(template);
  await call(template, { headers: { "if-none-match": headers.get("etag") ?? "" } });
}

async function drivePlatform(): Promise<void> {
  const preview = "GET /v1/submissions/{submissionId}/preview";
  await call(preview);
  await server.parts.store
    .updateTable("submissions")
    .set({ state: "accepted", card_image_id: notification.ImageId })
    .where("id", "=", submissionId)
    .execute();
  const decide = "POST /v1/submissions/{submissionId}/decision";
  await call(decide);
  decision = "ours";
  await call(decide);
  outcome = { kind: "unavailable", detail: "down" };
  await call(preview);
  outcome = { kind: "image", bytes: picture, mediaType: "image/png" };
  await call(preview);
  await call("POST /v1/platform/thales/notifications");
  await call("POST /v1/issuers/{issuerId}/platform/{provider}/notifications");
  const streams = await Promise.all(
    Array.from({ length: 6 }, () => frame.get(`/v1/submissions/${submissionId}/events`)),
  );
  await call("GET /v1/submissions/{submissionId}/events");
  for (const stream of streams) await stream.body?.cancel();
}

/** Whatever is asked from one address that asks too much, and of a server that has too much to do. */
async function driveLimits(): Promise<void> {
  const headers = {
    "x-forwarded-for": "198.51.100.7",
    authorization: `Bearer ${"y".repeat(40)}`,
    "x-notification-secret": "wrong",
  };
  // Of a session that nobody needs any more.
  for (const operation of [...described.keys()].filter((one) => !one.includes("/health/")))
    await vi.waitFor(async () => expect((await call(operation, { headers, ids: "none" })).status).toBe(429), patience);
  const memory = process.memoryUsage();
  const full = vi.spyOn(process, "memoryUsage").mockReturnValue({ ...memory, heapUsed: Number.MAX_SAFE_INTEGER });
  const ask = async () => (await call("GET /v1/openapi.json")).status;
  await vi.waitFor(async () => expect(await ask()).toBe(503), patience);
  for (const operation of described.keys()) await call(operation);
  full.mockRestore();
  await vi.waitFor(async () => expect(await ask()).toBe(200), patience);
}

beforeAll(async () => {
  const thales = createDescribedThales();
  const capabilities = (productId: string) => ({ ...thales.capabilities(productId), decision });
  const provider = { ...thales, capabilities, getPreview: async () => outcome, getTemplate: async () => art };
  server = await openDescribed(provider);
  url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  described = readDescribed((await server.app.inject({ url: "/v1/openapi.json" })).json());
  frame = await enterSession(url, undefined, undefined, cardholderId);
  other = await enterSession(url);
  spare = await enterSession(url);
  submissionId = ((await (await frame.send(picture, await frame.putDesign())).json()) as { submissionId: string })
    .submissionId;
  await Promise.all([...described.keys()].map(driveAnyRoute));
  const http = server.app.server;
  const { headersTimeout } = http;
  http.headersTimeout = 500;
  await Promise.all([...described.keys()].map((operation) => talk(operation, headOf(operation, "x-slow: "))));
  http.headersTimeout = headersTimeout;
  const entering = await driveEntering();
  const page = await driveHostedPage(url, call);
  await driveSending();
  for (const method of ["PUT", "POST"] as const) await drivePhotoInFlight(method);
  await driveDrafts(server.parts.store, call);
  await driveResolution();
  await driveTemplates();
  await driveWebhookEndpoints(server.parts.store, call, (id) => void (webhookEndpointId = id));
  await drivePlatform();
  await driveLimits();
  for (const minutes of [11, 300]) {
    server.advance(minutes * 60_000);
    // Otherwise its nonce is what is too old.
    await frame.get(`/v1/sessions/${frame.sessionId}`);
    for (const operation of described.keys()) await call(operation);
    await call("POST /v1/sessions/{sessionId}/tokens", entering);
    await call("POST /v1/hosted-pages", page);
  }
  const full = vi.spyOn(DatabaseSync.prototype, "prepare").mockImplementation(() => {
    throw Object.assign(new Error("full"), { errcode: 13 });
  });
  const driveAll = async () => {
    for (const operation of described.keys()) await call(operation);
    // At the other session too much has been guessed by now.
    await call("POST /v1/sessions/{sessionId}/tokens", { ids: "another" });
  };
  await driveAll();
  full.mockRestore();
  await server.parts.store.destroy();
  await driveAll();
  await vi.waitFor(async () => expect((await call("GET /health/ready")).status).toBe(503), patience);
}, 300_000);
afterAll(() => server.close());

const codeOf = ({ body }: Answer): string => (JSON.parse(body) as { code: string }).code;

test("every answer that a route gives is in the description, with its code", () => {
  expect(new Set(given.map(({ operation }) => operation)).size).toBe(described.size);
  const missing = given.filter((answer) => {
    const response = described.get(answer.operation)?.[answer.status];
    const isProblem = answer.type.startsWith("application/problem+json");
    if (response === undefined) return true;
    return isProblem && !response.description.split(", ").includes(`\`${codeOf(answer)}\``);
  });
  expect(missing.map(({ operation, status, body }) => `${operation} ${status} ${body}`)).toEqual([]);
});

test("every failure is a problem in the form that the description promises", () => {
  const failures = given.filter(({ status, operation }) => status >= 400 && !operation.endsWith("/health/ready"));
  expect(failures.length).toBeGreaterThan(150);
  for (const { operation, status, type, body } of failures) {
    expect(type, `${operation} ${status}`).toMatch(/^application\/problem\+json/);
    expect(problemDetails.parse(JSON.parse(body)).status, `${operation} ${body}`).toBe(status);
    expect(Object.keys(described.get(operation)?.[status]?.content ?? {})).toEqual(["application/problem+json"]);
  }
});

test("nothing is in the description that no call can bring about", () => {
  const seen = new Set(
    given.map((answer) => `${answer.operation} ${answer.type.includes("problem") ? codeOf(answer) : answer.status}`),
  );
  const promised = [...described].flatMap(([operation, responses]) =>
    Object.entries(responses).flatMap(([status, { description, content = {} }]) =>
      "application/problem+json" in content
        ? description.split(", ").map((code) => `${operation} ${code.replaceAll("`", "")}`)
        : [`${operation} ${status}`],
    ),
  );
  expect(promised.filter((one) => !seen.has(one))).toEqual([]);
});
