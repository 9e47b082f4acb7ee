import { afterEach, expect, test, vi } from "vitest";
import { submissionState } from "#contracts/submission.ts";
import { Problem } from "#contracts/problem.ts";
import type { Provider } from "#providers/provider.ts";
import { createLog } from "../log.ts";
import { absentPlatform, type TestApp } from "../testing/app.ts";
import { accepted, openCourierBench } from "../testing/courier.ts";
import { asIssuer } from "../testing/env.ts";
import { enterSession, sendOne } from "../testing/issuer.ts";
import { makePicture } from "../testing/picture.ts";
import { makeSessionRow, makeSubmissionRow } from "../testing/rows.ts";
import { openWebhookBench } from "../testing/webhooks.ts";
import { followHistory } from "./history.ts";
import { shareCollections } from "./listener.ts";
import { lookUp } from "./look-up.ts";
import { createMetrics, measureSweep } from "./metrics.ts";
import { measureCalls } from "./platform-calls.ts";
import { openMeasured } from "./testing/measured-app.ts";
import { readSeries } from "./testing/numbers.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function listenTo({ app }: TestApp): Promise<string> {
  return app.listen({ port: 0, host: "127.0.0.1" });
}

test("submissions are counted once, and from then on as they move: what was there before, and what comes", async () => {
  const bench = await openCourierBench();
  closing.push(bench.close);
  await bench.queue("old", { state: "held", created_at: 400_000 });
  const metrics = createMetrics();
  const issuers = [{ id: "default", products: { "photo-landscape": { provider: "scripted" } } }] as never;
  metrics.onCollect(await followHistory(bench.store, issuers, metrics));
  lookUp({ store: bench.store, issuers, now: bench.context.now }, metrics);
  const read = async (series: string) => readSeries(await metrics.collect(), series);
  const of = (state: string) => read(`fullbleed_submissions{issuer="default",state="${state}"}`);
  expect([await of("held"), await of("accepted"), await of("purged")]).toEqual([1, 0, 0]);
  expect(await read('fullbleed_submissions_oldest_seconds{issuer="default",state="held"}')).toBe(600);
  const sends = (outcome: string) =>
    `fullbleed_sends_total{issuer="default",platform="scripted",product="photo-landscape",outcome="${outcome}"}`;
  expect(await read(sends("unknown"))).toBe(0);

  const outcomes = [{ kind: "unknown", detail: "" }, accepted("img-1")] as const;
  for (const [n, outcome] of outcomes.entries()) {
    await bench.queue(`new-${n}`);
    // As `receivePicture` does; the bench puts rows in the queue without their history.
    metrics.submissions.inc({ issuer: "default", state: "queued" });
    const courier = await bench.start(async () => outcome);
    await bench.reaches(`new-${n}`, n === 0 ? "unknown" : "accepted");
    await courier.stop();
  }
  expect([await of("queued"), await of("sending"), await of("unknown"), await of("accepted")]).toEqual([0, 0, 1, 1]);
  expect([await read(sends("unknown")), await read(sends("accepted"))]).toEqual([1, 1]);
  expect(await read('fullbleed_state_changes_total{platform="scripted",state="unknown",cause="unclear"}')).toBe(1);
  const took = 'fullbleed_acceptance_duration_seconds_count{platform="scripted",product="photo-landscape"}';
  expect(await read(took)).toBe(1);
});

test("what was kept agrees with the table, whatever has happened to the submissions", async () => {
  const { server, metrics } = await openMeasured();
  const url = await listenTo(server);
  for (let n = 0; n < 3; n += 1) {
    const frame = await enterSession(url);
    const { submissionId } = await sendOne(frame, makePicture());
    const path = `/v1/submissions/${submissionId}`;
    const payload = { reason: "a try", by: "Ada" };
    if (n === 1)
      await server.app.inject({
        method: "POST",
        url: `${path}/resolution`,
        headers: asIssuer,
        payload: { ...payload, action: "abandon" },
      });
    if (n === 2)
      await server.app.inject({
        method: "POST",
        url: `${path}/purge`,
        headers: asIssuer,
        payload: { ...payload, confirm: true },
      });
  }
  const text = await metrics.collect();
  const rows = await server.parts.store.selectFrom("submissions").select("state").execute();
  expect(new Set(rows.map(({ state }) => state)).size).toBe(3);
  for (const state of submissionState.options)
    expect(readSeries(text, `fullbleed_submissions{issuer="default",state="${state}"}`), state).toBe(
      rows.filter((row) => row.state === state).length,
    );
  expect(readSeries(text, 'fullbleed_purges{state="waiting"}')).toBe(1);
  expect(readSeries(text, 'fullbleed_jobs_due{kind="purge"}')).toBe(1);
});

test("a paused product, a job that is overdue and a check that fails are told as readiness and the queue have them", async () => {
  const { server, read } = await openMeasured();
  const lane = { issuer_id: "default", provider: "thales", product_id: "photo-portrait" };
  const { store, now } = server.parts;
  const paused = (product: string) =>
    `fullbleed_sending_paused{issuer="default",platform="thales",product="${product}"}`;
  expect([await read(paused("photo-portrait")), await read(paused("photo-landscape"))]).toEqual([0, 0]);
  const pause = { failures: 3, pause_ms: 60_000, paused_until: now() + 60_000, cause: "" };
  await store
    .insertInto("breakers")
    .values({ ...lane, ...pause })
    .execute();
  expect([await read(paused("photo-portrait")), await read(paused("photo-landscape"))]).toEqual([1, 0]);
  await sendOne(await enterSession(await listenTo(server)), makePicture());
  server.advance(90_000);
  expect(await read('fullbleed_jobs_overdue_seconds{kind="send"}')).toBe(90);
  expect(await read('fullbleed_submissions_oldest_seconds{issuer="default",state="queued"}')).toBe(90);
  expect(await read('fullbleed_ready{check="database"}')).toBe(1);
});

test("calls of the platform are counted by operation and outcome, those that throw too", async () => {
  const metrics = createMetrics();
  const send: Provider["send"] = async () => Promise.reject(new Error("canary"));
  const { getPreview, send: sending, ...others } = measureCalls({ ...absentPlatform, send }, metrics);
  expect(others.findImageFault).toBeUndefined();
  await getPreview(
    { cardImageId: "x" },
    { format: "png", corner: "round", designType: "print" },
    AbortSignal.timeout(1_000),
  );
  await expect(sending({} as never, AbortSignal.timeout(1_000))).rejects.toThrow("canary");
  const text = await metrics.collect();
  const of = (operation: string, outcome: string) =>
    readSeries(
      text,
      `fullbleed_platform_call_duration_seconds_count{platform="absent",operation="${operation}",outcome="${outcome}"}`,
    );
  expect(of("preview", "unavailable")).toBe(1);
  expect(of("send", "threw")).toBe(1);
  expect(text).not.toContain("canary");
});

test("a preview whose readers have left is no failure of the platform, and one whose time is over is", async () => {
  const metrics = createMetrics();
  const { getPreview } = measureCalls(absentPlatform, metrics);
  const asked = { format: "png", corner: "round", designType: "print" } as const;
  const timeOver = new DOMException("late", "TimeoutError");
  for (const reason of [new Problem("bad-request"), timeOver])
    await getPreview({ cardImageId: "x" }, asked, AbortSignal.abort(reason));
  const text = await metrics.collect();
  const labels = 'platform="absent",operation="preview"';
  for (const outcome of ["abandoned", "unavailable"])
    expect(
      readSeries(text, `fullbleed_platform_call_duration_seconds_count{${labels},outcome="${outcome}"}`),
      outcome,
    ).toBe(1);
});

test("a webhook that is not taken, and how far its endpoint is behind, can be seen", async () => {
  const bench = await openWebhookBench();
  closing.push(bench.close);
  const metrics = createMetrics();
  const { config, store, now } = bench.server.parts;
  lookUp({ store, issuers: config.issuers, now }, metrics);
  const receiver = await bench.receive((_received, response) => void response.writeHead(500).end());
  await bench.register(receiver.url);
  await bench.happen(2);
  bench.server.advance(60_000);
  bench.start({}, { ...bench.server.parts, metrics });
  const read = async (series: string) => readSeries(await metrics.collect(), series);
  const issuer = 'issuer="default"';
  await expect.poll(() => read(`fullbleed_webhook_tries_total{${issuer},outcome="again"}`)).toBe(1);
  expect(await read(`fullbleed_webhook_lag_events{${issuer}}`)).toBe(2);
  expect(await read(`fullbleed_webhook_lag_seconds{${issuer}}`)).toBe(60);
  await expect.poll(() => read(`fullbleed_webhook_endpoints{${issuer},state="trying"}`)).toBe(1);
});

test("a pass of what tidies is counted, whether it is done or fails", async () => {
  const metrics = createMetrics();
  await measureSweep(metrics, "orphans", async () => 5)();
  await expect(measureSweep(metrics, "orphans", async () => Promise.reject(new Error("no")))()).rejects.toThrow("no");
  const text = await metrics.collect();
  for (const outcome of ["done", "failed"])
    expect(readSeries(text, `fullbleed_sweeps_total{sweep="orphans",outcome="${outcome}"}`)).toBe(1);
});

test("each line of the log is counted by its level", () => {
  const levels: string[] = [];
  const log = createLog({
    level: "info",
    scrub: (text) => text,
    destination: { write: () => {} },
    count: (level) => void levels.push(level),
  });
  log.error("one");
  log.child({}).warn("two");
  log.debug("not written");
  expect(levels).toEqual(["error", "warn"]);
});

test("those who ask at the same time, or within a second, share one collection", async () => {
  const coming = Promise.withResolvers<string>();
  const collect = vi.fn(() => coming.promise);
  const share = shareCollections(collect);
  const both = Promise.all([share(), share()]);
  coming.resolve("numbers");
  expect([...(await both), await share()]).toEqual(["numbers", "numbers", "numbers"]);
  expect(collect).toHaveBeenCalledTimes(1);
});

test("a collection that fails is tried again by the next who asks", async () => {
  const share = shareCollections(vi.fn(async () => "numbers").mockRejectedValueOnce(new Error("no")));
  await expect(share()).rejects.toThrow("no");
  await expect(share()).resolves.toBe("numbers");
});

test("the numbers are at a socket of their own, and nowhere on the one that a proxy leads to", async () => {
  const { server, url } = await openMeasured();
  const answer = await fetch(url);
  expect(answer.headers.get("content-type")).toContain("text/plain");
  const text = await answer.text();
  expect(text).toMatch(/^fullbleed_build_info\{version="\d+\.\d+\.\d+"\} 1$/m);
  expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
  expect((await fetch(new URL("/", url))).status).toBe(404);
  expect((await server.app.inject({ url: "/metrics" })).statusCode).toBe(404);
});

test("while the database cannot be read, what it would tell is absent and all else is there", async () => {
  const { server, metrics, read } = await openMeasured();
  expect(await read('fullbleed_jobs_due{kind="send"}')).toBe(0);
  const store = server.parts.store;
  vi.spyOn(store, "selectFrom").mockImplementation(() => {
    throw new Error("disk I/O error");
  });
  const text = await metrics.collect();
  vi.restoreAllMocks();
  expect(readSeries(text, 'fullbleed_jobs_due{kind="send"}')).toBeUndefined();
  expect(readSeries(text, 'fullbleed_ready{check="data"}')).toBe(1);
});

test("nobody's id is in the numbers, however many have sent something", async () => {
  const { server, metrics } = await openMeasured();
  const url = await listenTo(server);
  const frame = await enterSession(url, undefined, undefined, "cardholder-canary");
  const { submissionId } = await sendOne(frame, makePicture());
  const { store } = server.parts;
  await store
    .insertInto("sessions")
    .values(makeSessionRow({ id: "ses-canary" }))
    .execute();
  await store
    .insertInto("submissions")
    .values(makeSubmissionRow({ id: "sub-canary", session_id: "ses-canary", state: "purging", purge_state: "refused" }))
    .execute();
  const text = await metrics.collect();
  for (const id of ["canary", submissionId, frame.sessionId, server.parts.config.dataFolder])
    expect(text).not.toContain(id);
  const labels = new Set([...text.matchAll(/[{,](\w+)="/g)].map(([, label]) => label));
  const bounded = [
    "cause",
    "check",
    "code",
    "issuer",
    "kind",
    "le",
    "level",
    "line",
    "method",
    "outcome",
    "operation",
    "platform",
    "product",
    "route",
    "state",
    "status",
    "sweep",
    "version",
  ];
  const ofNode = ["major", "minor", "patch", "space", "type"];
  expect([...labels].filter((label) => ![...bounded, ...ofNode].includes(label ?? ""))).toEqual([]);
});
