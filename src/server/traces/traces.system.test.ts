import { once } from "node:events";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { SubmissionRecord, SubmissionView } from "#contracts/submission.ts";
import { sql } from "kysely";
import { openStore } from "../store/open.ts";
import { type CollectedSpan, type Collector, startCollector } from "../testing/collector.ts";
import { asIssuer } from "../testing/env.ts";
import { makeTestFolder } from "../testing/folder.ts";
import { enterSession } from "../testing/issuer.ts";
import { makePicture } from "../testing/picture.ts";
import {
  type LedgerPlatform,
  type ServerProcess,
  startLedgerPlatform,
  startServerProcess,
} from "../testing/process.ts";

let folder: string;
let platform: LedgerPlatform;
let collector: Collector;
const running: ServerProcess[] = [];

beforeEach(async () => {
  folder = await makeTestFolder();
  platform = await startLedgerPlatform(0);
  collector = await startCollector();
});
afterEach(async () => {
  for (const server of running.splice(0)) await server.kill();
  platform.close();
  collector.close();
});

async function start(more: Record<string, string> = {}): Promise<ServerProcess> {
  const server = await startServerProcess(folder, platform.url, {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_SERVICE_NAME: "cards",
    OTEL_BSP_SCHEDULE_DELAY: "20",
    ...more,
  });
  running.push(server);
  return server;
}

const browsers = { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7" };

/** As the designer in a browser does, which says which trace it is, and that nobody need keep it. */
async function upload(url: string): Promise<{ view: SubmissionView; requestId: string | null }> {
  const frame = await enterSession(url);
  const picture = makePicture();
  const headers = frame.headersFor(picture, await frame.putDesign());
  const response = await fetch(`${url}/v1/sessions/${frame.sessionId}/submissions`, {
    method: "POST",
    headers: { ...headers, traceparent: `00-${browsers.traceId}-${browsers.spanId}-00` },
    body: new Uint8Array(picture),
  });
  expect(response.status).toBe(202);
  const view = (await response.json()) as SubmissionView;
  return { view, requestId: response.headers.get("x-request-id") };
}

async function untilAccepted(url: string, { submissionId }: SubmissionView): Promise<void> {
  const state = async () => {
    const response = await fetch(`${url}/v1/submissions/${submissionId}`, { headers: asIssuer });
    return ((await response.json()) as SubmissionRecord).state;
  };
  await expect.poll(state).toBe("accepted");
}

/** Every span of the browser's trace, and the names from it up to the one that has no parent here. */
function readTrace(): { find(name: string): CollectedSpan | undefined; pathOf(name: string): string[] } {
  const ours = collector.spans().filter(({ traceId }) => traceId === browsers.traceId);
  const find = (name: string) => ours.find((span) => span.name === name);
  const climb = (span: CollectedSpan | undefined): string[] =>
    span === undefined ? [] : [span.name, ...climb(ours.find(({ spanId }) => spanId === span.parentSpanId))];
  return { find, pathOf: (name) => climb(find(name)).toReversed() };
}

const route = "POST /v1/sessions/:sessionId/submissions";
const way = [route, "commit", "job send", "thales send"];

async function expectWholeWay(): Promise<void> {
  await expect.poll(() => readTrace().pathOf("thales send")).toEqual(way);
  for (const step of ["receive", "validate", "store"])
    await expect.poll(() => readTrace().pathOf(step)).toEqual([route, step]);
  expect(readTrace().find(route)?.parentSpanId).toBe(browsers.spanId);
}

test("a cardholder's upload is one trace, from the browser's request to the platform's call", async () => {
  const heads: unknown[] = [];
  const server = await start();
  platform.onRequest = (headers) => void heads.push(headers);
  const { view, requestId } = await upload(server.url);
  await untilAccepted(server.url, view);
  await expectWholeWay();
  expect(collector.resource()).toMatchObject({ "service.name": "cards" });
  expect(readTrace().find(route)?.attributes).toMatchObject({
    "http.response.status_code": 202,
    "http.route": "/v1/sessions/:sessionId/submissions",
    "fullbleed.request_id": requestId,
  });
  expect(readTrace().find("thales send")?.attributes).toMatchObject({
    "fullbleed.platform": "thales",
    "fullbleed.operation": "send",
    "fullbleed.outcome": "accepted",
  });
  // What traces we write is nothing to the platform.
  expect(heads.length).toBeGreaterThan(0);
  expect(JSON.stringify(heads)).not.toMatch(/traceparent|tracestate|baggage|4bf92f/);
});

test("killed between the acknowledgement and the sending, the next server goes on in the same trace", async () => {
  const before = await start();
  const database = await openStore(before.databasePath);
  const never = "create trigger never before update on jobs begin select raise(fail, 'not now'); end";
  await sql.raw(never).execute(database);
  const { view } = await upload(before.url);
  await expect.poll(() => readTrace().pathOf("commit")).toEqual(way.slice(0, 2));
  await before.kill();
  expect(readTrace().find("job send")).toBeUndefined();
  await sql.raw("drop trigger never").execute(database);
  await database.destroy();
  const after = await start();
  await untilAccepted(after.url, view);
  await expectWholeWay();
});

test("a collector that never answers holds up no request, and the server's end for no more than it says", async () => {
  collector.answer = () => {};
  const server = await start();
  const { view } = await upload(server.url);
  await untilAccepted(server.url, view);
  await expect.poll(() => collector.bodies.length).toBeGreaterThan(0);
  const ended = once(server.child, "exit");
  const begun = performance.now();
  server.child.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
  process.stdout.write(`stopped in ${Math.round(performance.now() - begun)} ms beside a collector that hangs\n`);
});
