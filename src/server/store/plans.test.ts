import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { beforeAll, expect, test, vi } from "vitest";
import { shortReference } from "#contracts/short-reference.ts";
import { noCapabilities } from "#providers/provider.ts";
import { judge } from "../delivery/judgement.ts";
import { takeNotification } from "../delivery/notifications.ts";
import { resolve } from "../delivery/resolve.ts";
import { schedule } from "../jobs/jobs.ts";
import { followHistory } from "../metrics/history.ts";
import { lookUp } from "../metrics/look-up.ts";
import { createMetrics } from "../metrics/metrics.ts";
import { createDraftSweep } from "../retention/drafts.ts";
import { removeOrphans } from "../retention/orphans.ts";
import { countOld, purgeByAge } from "../purge/by-age.ts";
import { purgeCardholder, reportCardholder } from "../purge/cardholder.ts";
import { exportCardholder } from "../purge/export.ts";
import { replayPurges } from "../purge/replay.ts";
import { openPurgeBench } from "../purge/testing/bench.ts";
import { createSweep } from "../retention/sweep.ts";
import { listSubmissions } from "../state/list.ts";
import { recordEvent } from "../state/transition.ts";
import { absentPlatform, onlyProvider, openTestApp } from "../testing/app.ts";
import { asIssuer } from "../testing/env.ts";
import { accepted, type CourierBench, openCourierBench } from "../testing/courier.ts";
import { leaveDraft } from "../testing/drafts.ts";
import { enterSession, sendOne } from "../testing/issuer.ts";
import { makePicture } from "../testing/picture.ts";
import { makeAttemptRow } from "../testing/rows.ts";
import { listenToStatements } from "../testing/statements.ts";
import { openWebhookBench } from "../testing/webhooks.ts";
import { listEvents } from "../webhooks/events.ts";

interface Plan {
  readonly sql: string;
  readonly steps: readonly string[];
}

async function serveOneCardholder(): Promise<void> {
  const server = await openTestApp();
  const url = await server.app.listen({ port: 0, host: "127.0.0.1" });
  const frame = await enterSession(url);
  const { submissionId } = await sendOne(frame, makePicture());
  await frame.get(`/v1/sessions/${frame.sessionId}`);
  await frame.get(`/v1/submissions/${submissionId}`);
  const heard = encodeURIComponent(shortReference(submissionId));
  await fetch(`${url}/v1/submissions/${heard}`, { headers: asIssuer });
  for (const state of [undefined, "held"] as const)
    for (const after of [undefined, submissionId])
      await listSubmissions(server.parts.store, "default", { state, after, limit: 2 });
  await createSweep(server.parts)();
  await leaveDraft(frame);
  await frame.ask("GET draft");
  server.advance(90 * 24 * 3_600_000);
  await createDraftSweep(server.parts)();
  await server.parts.blobs.put(Buffer.from("an orphan"));
  await removeOrphans({ ...server.parts, now: () => Date.now() + 3_600_000 }, new AbortController().signal);
  await server.close();
}

/** What is asked about pictures that were sent: one in doubt beside many that came later, and one that the platform refuses. */
async function askAboutSent({ store, context, queue, rowOf, jobOf, clock }: CourierBench): Promise<void> {
  for (const id of ["doubtful", "later"]) await queue(id, { state: "unknown", attempts: 1 });
  const [row, later] = [await rowOf("doubtful"), await rowOf("later")];
  const doubt = { outcome: "unknown", settings: "doubtful", begun_seq: 1 };
  const accepted = Array.from({ length: 40 }, (_, n) =>
    makeAttemptRow(later, { id: `later ${n}`, number: n + 1, begun_seq: n + 1_000 }),
  );
  await store
    .insertInto("attempts")
    .values([makeAttemptRow(row, doubt), ...accepted])
    .execute();
  await store.transaction().execute(async (trx) => {
    await recordEvent(trx, row, "sending", { cause: "unclear", actor: "provider", attempt: 1 });
    await schedule(trx, "resolve", row, clock.now, clock.now, clock.now);
  });
  const capabilities = () => ({ ...noCapabilities, reference: true, search: true });
  const find = async () => ({ kind: "absent", proof: "control" }) as const;
  const job = await jobOf("doubtful", "resolve");
  if (job === undefined) throw new Error("nothing looks for it");
  await resolve({ ...context, providers: onlyProvider({ ...absentPlatform, capabilities, find }) }, job);
  expect(await judge(store, row, "doubtful", { kind: "image-refused", detail: "" })).toMatchObject({
    outcome: { kind: "misconfigured" },
  });
  expect(await judge(store, row, "doubtful", { kind: "order-refused", detail: "" })).toMatchObject({
    outcome: { kind: "order-refused" },
  });
}

async function lookAtNumbers({ store, context }: CourierBench): Promise<void> {
  const metrics = createMetrics();
  const follow = await followHistory(store, [], metrics);
  await store.updateTable("issuers").set({ last_seq: 1_000 }).execute();
  await follow();
  lookUp({ store, issuers: [], now: context.now }, metrics);
  await metrics.collect();
}

/** An endpoint that is told, looked at, changed and set back. */
async function useWebhooks(): Promise<void> {
  const bench = await openWebhookBench();
  const receiver = await bench.receive();
  const { webhookEndpointId: id } = await bench.register(receiver.url);
  bench.start({ leaseMs: 30 });
  await bench.happen(2);
  await vi.waitFor(async () => expect((await bench.look(id)).deliveredSeq).toBe(2), { timeout: 45_000 });
  await bench.call("GET", `?after=${id}`);
  await bench.call("PATCH", `/${id}`, { enabled: true });
  await bench.call("POST", `/${id}/replay`, { since: 0 });
  await listEvents(bench.server.parts.store, "default", 1, 10);
  await bench.call("DELETE", `/${id}`);
  await bench.close();
}

/** Deleting, by hand and by age, of what is there, and of what the platform has. */
async function deleteAll(): Promise<void> {
  const bench = await openPurgeBench();
  const parts = {
    ...bench.context,
    blobs: bench.blobs,
    purgeLog: bench.purgeLog,
    config: { retentionDays: undefined },
  };
  const of = { issuerId: "default", cardholderId: "a" };
  const isPurged = (id: string) =>
    vi.waitFor(async () => expect((await bench.rowOf(id)).state).toBe("purged"), { timeout: 45_000 });
  await bench.queueAccepted("a", "img-1");
  await bench.startPurging();
  await reportCardholder(parts, of);
  await exportCardholder(parts, of);
  await purgeCardholder(parts, of, { actor: "system", reason: "a try", by: null });
  await isPurged("a");
  await bench.queueAccepted("b", "img-2");
  bench.clock.now += 6 * 365 * 24 * 3_600_000;
  await purgeByAge(parts, new AbortController().signal);
  await isPurged("b");
  await countOld(parts);
  await bench.store.updateTable("applied_purges").set({ log: "another" }).execute();
  await replayPurges(parts);
  await bench.close();
}

let plans: Plan[];
beforeAll(async () => {
  const bench = await openCourierBench();
  const said = await listenToStatements(async () => {
    await serveOneCardholder();
    await bench.queue("s");
    await bench.start(async () => accepted("img-1"));
    await vi.waitFor(async () => expect((await bench.rowOf("s")).state).toBe("accepted"), { timeout: 45_000 });
    await takeNotification(bench.context, {
      cardImageId: "img-2",
      reference: "R",
      state: "accepted",
      rejectionCode: null,
      rejectionMemo: null,
      decidedAt: null,
    });
    await askAboutSent(bench);
    await lookAtNumbers(bench);
    await useWebhooks();
    await deleteAll();
  });
  const database = new DatabaseSync(path.join(bench.folder, "db.sqlite"));
  const ours = [...new Set(said)].filter(
    (sql) => /^(select|update|delete) /.test(sql) && !/kysely_|sqlite_|pragma/.test(sql),
  );
  plans = ours.map((sql) => {
    const steps = database.prepare(`explain query plan ${sql}`).all() as unknown as { detail: string }[];
    return { sql, steps: steps.map((step) => step.detail) };
  });
  database.close();
  await bench.close();
});

/** The steps of what holds this text. */
function stepsOf(text: string): readonly string[] {
  const found = plans.filter(({ sql }) => sql.includes(text));
  expect(found, text).toHaveLength(1);
  return found[0]?.steps ?? [];
}

test("nothing that the server asks walks through a whole table", () => {
  expect(plans.length).toBeGreaterThan(20);
  // There is a row for each product whose pictures wait, one for each issuer, twenty webhook endpoints of each at most, and one that says how
  // much of the log of deletions has been done: a few.
  const small = ["SCAN breakers", "SCAN issuers", "SCAN webhook_endpoints", "SCAN applied_purges"];
  const isWalk = (step: string): boolean => /^SCAN (?!.* USING )/.test(step) && !small.includes(step);
  const walking = plans.filter(({ steps }) => steps.some(isWalk));
  expect(walking).toEqual([]);
});

test("nothing is sorted but the few rows of one session or cardholder", () => {
  const sorting = plans.filter(({ steps }) => steps.some((step) => step === "USE TEMP B-TREE FOR ORDER BY"));
  const many = sorting.filter(({ steps }) => !steps.some((step) => /session_id=|cardholder_id=/.test(step)));
  expect(many).toEqual([]);
});

test("the courier finds its next job by the time it is due", () => {
  const claims = plans.filter(({ sql }) =>
    sql.startsWith('update "jobs" set "locked_by" = ?, "locked_until" = ?, "attempt"'),
  );
  expect(claims.length).toBeGreaterThan(0);
  for (const { steps } of claims) expect(steps).toContain("SEARCH jobs USING INDEX jobs_by_time (kind=? AND run_at<?)");
});

test("what proves that a search is up to date, and that settings are right, is read from one end of a range", () => {
  const ofProduct = "issuer_id=? AND provider=? AND product_id=? AND carried_reference=? AND outcome=? AND begun_seq>?";
  const controls = plans.filter(({ sql }) => /from "attempts" inner join "submissions"/.test(sql));
  expect(controls.length).toBeGreaterThan(1);
  for (const { sql, steps } of controls) {
    expect(sql).toMatch(/limit \?$/);
    expect(steps).toEqual([
      `SEARCH attempts USING INDEX attempts_by_product (${ofProduct})`,
      "CORRELATED SCALAR SUBQUERY 1",
      "SEARCH other USING INDEX sqlite_autoindex_attempts_2 (submission_id=?)",
      "SEARCH submissions USING INDEX sqlite_autoindex_submissions_1 (id=?)",
    ]);
  }
  const settings = plans.filter(({ sql }) => /from "attempts" where "issuer_id" = \? and "settings"/.test(sql));
  expect(settings.length).toBeGreaterThan(2);
  for (const { sql, steps } of settings) {
    expect(sql).toMatch(/limit \?$/);
    expect(steps).toEqual([
      expect.stringMatching(
        /^SEARCH attempts USING (COVERING )?INDEX attempts_by_settings \(issuer_id=\? AND settings=\? AND outcome=\?/,
      ),
    ]);
  }
});

test("what the numbers are made of is read from indexes alone, or from as many rows as there is something to tell", () => {
  expect(stepsOf(`select count(*) as "count", min("updated_at") as "at" from "submissions"`)).toEqual([
    "SEARCH submissions USING COVERING INDEX submissions_purging (purge_state=?)",
  ]);
  expect(stepsOf(`select count(*) as "count", min("run_at") as "at" from "jobs"`)).toEqual([
    "SEARCH jobs USING COVERING INDEX jobs_by_time (kind=? AND run_at<?)",
  ]);
  expect(stepsOf(`(select min("created_at") as "at" from "submissions"`)).toContain(
    "SEARCH submissions USING COVERING INDEX submissions_by_state (issuer_id=? AND state=?)",
  );
  const counted = `count(*) as "count" from "submissions" group by "issuer_id", "state"`;
  expect(stepsOf(counted)).toEqual(["SCAN submissions USING COVERING INDEX submissions_by_state"]);
});

test("what a cardholder reads out is looked for among the ids that begin so, not among all of the issuer's", () => {
  expect(stepsOf(`"id" >= ? and "id" < ?`)).toEqual([
    "SEARCH submissions USING INDEX sqlite_autoindex_submissions_1 (id>? AND id<?)",
  ]);
});

test("a page of submissions begins where the one before ended", () => {
  const page = '("created_at", "id") > (?, ?) order by "created_at", "id" limit ?';
  expect(stepsOf(`from "submissions" where "issuer_id" = ? and ${page}`)).toEqual([
    "SEARCH submissions USING INDEX submissions_by_age (issuer_id=? AND (created_at,id)>(?,?))",
  ]);
  expect(stepsOf(`where "issuer_id" = ? and "state" = ? and ${page}`)).toEqual([
    "SEARCH submissions USING INDEX submissions_by_state (issuer_id=? AND state=? AND (created_at,id)>(?,?))",
  ]);
});
