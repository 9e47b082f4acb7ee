import { afterEach, beforeEach, expect, test } from "vitest";
import { createLog } from "../log.ts";
import { type Collector, startCollector } from "../testing/collector.ts";
import { startTracing, type Tracing } from "./sdk.ts";
import { activeTrace, getTracer, inSpan, readCaller, resumeTrace, storeTrace } from "./spans.ts";

let collector: Collector;
let tracing: Tracing | undefined;
let logged: string[];

beforeEach(async () => {
  collector = await startCollector();
  logged = [];
});
afterEach(async () => {
  collector.close();
  await tracing?.stop();
});

const log = createLog({
  level: "info",
  scrub: (text) => text,
  destination: { write: (line: string) => void logged.push(line) },
  mixin: () => activeTrace(),
});

async function start(more: { share?: number; url?: string } = {}): Promise<void> {
  const usual = { url: `${collector.url}/v1/traces`, headers: { "api-key": "trace-canary" }, serviceName: "cards" };
  tracing = await startTracing({ ...usual, resource: {}, share: 1, delayMs: 1, ...more }, "1.2.3", log);
}

const levels = () => logged.map((line) => (JSON.parse(line) as { level: number }).level);
const nothing = async (): Promise<void> => {};

test("where OpenTelemetry is not installed one sentence says what to install, and the server goes on", async () => {
  const absent = async () => Promise.reject(Object.assign(new Error("canary"), { code: "ERR_MODULE_NOT_FOUND" }));
  const options = { url: collector.url, headers: {}, serviceName: "cards", resource: {}, share: 1, delayMs: 1 };
  expect(await startTracing(options, "1.2.3", log, absent)).toBeUndefined();
  expect(levels()).toEqual([50]);
  expect(logged[0]).toMatch(/there are no traces\. Install it beside the server: npm install .*sdk-trace@\d/);
  expect(logged[0]).not.toContain("canary");
  expect(await inSpan("work", {}, async () => storeTrace())).toBeNull();
});

test("spans come with the headers that were set, inside each other, and lines of the log name their trace", async () => {
  await start();
  await inSpan("outer", { number: 1 }, async () => inSpan("inner", {}, async () => log.info("in between")));
  await expect.poll(() => collector.spans().length).toBe(2);
  const [inner, outer] = ["inner", "outer"].map((name) => collector.spans().find((span) => span.name === name));
  expect(inner).toMatchObject({ traceId: outer?.traceId, parentSpanId: outer?.spanId });
  expect(outer?.attributes).toEqual({ number: 1 });
  expect(JSON.parse(logged[0] ?? "")).toMatchObject({ traceId: outer?.traceId });
  expect(collector.heads[0]).toMatchObject({ "api-key": "trace-canary" });
  expect(collector.resource()).toEqual({ "service.name": "cards", "service.version": "1.2.3" });
});

test("what fails is marked, and of what was thrown nothing is told", async () => {
  await start();
  await expect(inSpan("work", {}, async () => Promise.reject(new Error("canary")))).rejects.toThrow("canary");
  await expect.poll(() => collector.spans()).toMatchObject([{ name: "work", hasFailed: true }]);
  expect(Buffer.concat(collector.bodies).toString()).not.toContain("canary");
});

test("what was stored goes on in its trace, kept or not as it was", async () => {
  await start();
  const stored = await inSpan("before", {}, async () => storeTrace());
  await resumeTrace(stored, () => inSpan("later", {}, nothing));
  await resumeTrace(stored?.replace(/1$/, "0") ?? null, () => inSpan("not kept", {}, nothing));
  await resumeTrace(null, () => inSpan("of its own", {}, nothing));
  await expect.poll(() => collector.spans().map(({ name }) => name)).toEqual(["before", "later", "of its own"]);
  const [before, later, own] = collector.spans();
  expect(later).toMatchObject({ traceId: before?.traceId, parentSpanId: before?.spanId });
  expect(own?.traceId).not.toBe(before?.traceId);
});

const [number, span] = ["4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"];

test("a caller names his trace, and does not say whether it is kept", async () => {
  await start({ share: 0 });
  for (let n = 0; n < 50; n += 1)
    getTracer()
      .startSpan("asked for", {}, readCaller(`00-${number}-${span}-01`))
      .end();
  await tracing?.stop();
  await start();
  getTracer()
    .startSpan("not asked for", {}, readCaller(`00-${number}-${span}-00`))
    .end();
  await expect
    .poll(() => collector.spans())
    .toMatchObject([{ name: "not asked for", traceId: number, parentSpanId: span }]);
});

test.each([
  "",
  "canary",
  `00-${number}-${span}`,
  `ff-${number}-${span}-01`,
  `00-${"0".repeat(32)}-${span}-01`,
  `00-${number}-${"0".repeat(16)}-01`,
  `00-${number.toUpperCase()}-${span}-01`,
  `00-${number}-${span}-01-more`,
  [`00-${number}-${span}-01`],
])("a traceparent of another form is as none: %j", async (header) => {
  await start();
  getTracer().startSpan("request", {}, readCaller(header)).end();
  await expect.poll(() => collector.spans().length).toBe(1);
  expect(collector.spans()[0]).not.toHaveProperty("parentSpanId");
});

test("a collector that refuses, or talks rubbish, is named once, without its words, and once more when it works again", async () => {
  await start();
  const make = async (name: string): Promise<void> => {
    const before = collector.bodies.length;
    await inSpan(name, {}, nothing);
    await expect.poll(() => collector.bodies.length).toBeGreaterThan(before);
  };
  collector.answer = (response) => void response.writeHead(400).end("<canary>");
  await make("first");
  await expect.poll(levels).toEqual([40]);
  await make("second");
  collector.answer = (response) => void response.writeHead(200).end("{rubbish");
  await make("third");
  await expect.poll(levels).toEqual([40, 30]);
  expect(logged[0]).toContain("HTTP 400");
  expect(logged.join()).not.toMatch(/canary|127\.0\.0\.1/);
});

test("while a collector hangs, no more than so many spans wait for it, and the end waits no longer than it says", async () => {
  collector.answer = () => {};
  await start();
  await inSpan("first", {}, nothing);
  await expect.poll(() => collector.bodies.length).toBe(1);
  for (let n = 0; n < 20_000; n += 1) await inSpan("work", {}, nothing);
  await tracing?.stop();
  // The first one, and then all that has waited.
  expect(collector.spans().length).toBeLessThanOrEqual(2048 + 512 + 1);
});
