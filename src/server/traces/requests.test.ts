import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { absentPlatform, onlyProvider, openTestApp, type TestApp } from "../testing/app.ts";
import { type Collector, startCollector } from "../testing/collector.ts";
import { asIssuer } from "../testing/env.ts";
import { enterSession, sendOne } from "../testing/issuer.ts";
import { makePicture } from "../testing/picture.ts";
import { noCapabilities } from "#providers/provider.ts";
import { startTracing, type Tracing } from "./sdk.ts";

let collector: Collector;
let server: TestApp;
let tracing: Tracing | undefined;
let url: string;

beforeEach(async () => {
  collector = await startCollector();
  const capabilities = () => ({ ...noCapabilities, purge: "here" }) as const;
  server = await openTestApp({ parts: { providers: onlyProvider({ ...absentPlatform, capabilities }) } });
  const options = { url: collector.url, headers: {}, serviceName: "cards", resource: {}, share: 1, delayMs: 1 };
  tracing = await startTracing(options, "1.2.3", server.parts.log);
  url = await server.app.listen({ host: "127.0.0.1", port: 0 });
});
afterEach(async () => {
  await server.close();
  await tracing?.stop();
  collector.close();
});

const find = (name: string) => collector.spans().find((span) => span.name === name);

test("a request is a span by its route's pattern, with its problem and the id that its sender was told", async () => {
  const paths = ["/v1/submissions/sub_canary", "/v1/canary?key=canary", "/health/live"];
  const answers = [];
  for (const path of paths) answers.push(await fetch(`${url}${path}`, { headers: asIssuer }));
  await expect.poll(() => collector.spans().length).toBe(2);
  expect(find("GET /v1/submissions/:submissionId")?.attributes).toEqual({
    "fullbleed.request_id": answers[0]?.headers.get("x-request-id"),
    "http.request.method": "GET",
    "http.route": "/v1/submissions/:submissionId",
    "http.response.status_code": 404,
    "fullbleed.problem": "not-found",
  });
  expect(find("unmatched")?.attributes).toMatchObject({ "fullbleed.problem": "not-found" });
  expect(Buffer.concat(collector.bodies).toString()).not.toContain("canary");
});

/** As over a slow line: the body comes when its request has long begun. Gives the answer's status. */
async function sendInTwo(path: string, body: string): Promise<number | undefined> {
  const length = { "content-type": "application/json", "content-length": body.length };
  const begun = once(server.app.server, "request");
  const sending = request(`${url}${path}`, { method: "POST", headers: { ...asIssuer, ...length } });
  sending.flushHeaders();
  await begun;
  await setImmediate();
  const [answer] = (await once(sending.end(body), "response")) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
}

test("the line about a request names its trace, and so does what a request with a body has put off", async () => {
  const { submissionId } = await sendOne(await enterSession(url), makePicture());
  await server.parts.store.updateTable("submissions").set({ state: "accepted", card_image_id: "x" }).execute();
  const body = JSON.stringify({ reason: "asked for", confirm: true });
  expect(await sendInTwo(`/v1/submissions/${submissionId}/purge`, body)).toBe(200);
  const name = "POST /v1/submissions/:submissionId/purge";
  await expect.poll(() => find(name)).toBeDefined();
  const jobs = await server.parts.store.selectFrom("jobs").select(["kind", "trace"]).execute();
  const { traceId, spanId, attributes } = find(name) ?? {};
  expect(jobs).toEqual([{ kind: "purge", trace: `00-${traceId}-${spanId}-01` }]);
  expect(attributes).toMatchObject({ "fullbleed.submission_id": submissionId });
  const line = server.logged.find((one) => one.includes('"answered"') && one.includes("/purge"));
  expect(JSON.parse(line ?? "")).toMatchObject({ traceId });
});

const [traceId, parentSpanId] = ["4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"];
const named = { traceparent: `00-${traceId}-${parentSpanId}-00` };

test("where no traces are written, the line about a request still names the one that its sender has named", async () => {
  await tracing?.stop();
  const send = async (traceparent: string): Promise<unknown> => {
    const response = await fetch(`${url}/v1/submissions`, { headers: { ...asIssuer, traceparent } });
    const id = response.headers.get("x-request-id") ?? "";
    return JSON.parse(server.logged.find((one) => one.includes(id) && one.includes('"answered"')) ?? "");
  };
  expect(await send(named.traceparent)).toMatchObject({ traceId });
  expect(await send("canary")).not.toHaveProperty("traceId");
  const { submissionId } = await sendOne(await enterSession(url), makePicture());
  const jobs = server.parts.store.selectFrom("jobs").select("trace").where("submission_id", "=", submissionId);
  expect(await jobs.execute()).toEqual([{ trace: null }]);
});

test("a server in front that writes traces too is the parent of ours", async () => {
  await fetch(`${url}/v1/submissions`, { headers: { ...asIssuer, ...named } });
  await expect.poll(() => find("GET /v1/submissions")).toMatchObject({ traceId, parentSpanId });
});
