import path from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SubmissionState } from "#contracts/submission.ts";
import { type CourierBench, openCourierBench } from "../testing/courier.ts";
import { type ByAgeContext, createPass, purgeByAge, startPurgingByAge } from "./by-age.ts";
import { purging } from "../store/purge-migrations.ts";
import { openPurgeLog, type PurgeLog } from "./log.ts";

const dayMs = 24 * 60 * 60_000;
const goOn = new AbortController().signal;

let bench: CourierBench;
let purgeLog: PurgeLog;
beforeEach(async () => {
  bench = await openCourierBench();
  bench.clock.now = 3_000 * dayMs;
  purgeLog = await openPurgeLog(path.join(bench.folder, "purges.jsonl"));
});
afterEach(async () => {
  await purgeLog.close();
  await bench.close();
});

type RetentionDays = Parameters<typeof purgeByAge>[0]["config"]["retentionDays"];
const context = (retentionDays?: RetentionDays): ByAgeContext => ({
  ...bench.context,
  blobs: bench.blobs,
  purgeLog,
  config: { retentionDays },
});
const queue = (id: string, state: SubmissionState, days: number, productId = "photo-landscape") =>
  bench.queue(id, { state, product_id: productId, updated_at: bench.clock.now - days * dayMs - 1 }, 1e12);

async function listPurging(): Promise<string[]> {
  const rows = bench.store.selectFrom("submissions").select("id").where("state", "=", "purging").orderBy("id");
  return (await rows.execute()).map(({ id }) => id);
}

test("what was never taken is kept for 30 days, what was rejected for 90, what was accepted for five years", async () => {
  const kept: [SubmissionState, number][] = [
    ["held", 30],
    ["abandoned", 30],
    ["rejected-image", 30],
    ["rejected", 90],
    ["approved", 1825],
    ["accepted", 1825],
    ["in-review", 1825],
    ["accepted-no-id", 1825],
  ];
  for (const [state, days] of kept) {
    await queue(`old ${state}`, state, days);
    await queue(`young ${state}`, state, days - 1);
  }
  expect(await purgeByAge(context(), goOn)).toBe(kept.length);
  expect(await listPurging()).toEqual(kept.map(([state]) => `old ${state}`).toSorted());
  const event = await bench.store.selectFrom("events").selectAll().limit(1).executeTakeFirst();
  expect(event).toMatchObject({ cause: "purge-asked", actor: "system", detail: expect.stringContaining("kept for") });
});

test("what is still on its way is kept, however old it is", async () => {
  for (const state of ["stored", "queued", "sending", "unknown"] as const) await queue(state, state, 2_900);
  expect(await purgeByAge(context(), goOn)).toBe(0);
});

test("each product may have periods of its own", async () => {
  await queue("a", "rejected", 10);
  await queue("b", "rejected", 10, "photo-portrait");
  expect(await purgeByAge(context({ "photo-portrait": { rejected: 10 } }), goOn)).toBe(1);
  expect(await listPurging()).toEqual(["b"]);
});

/** As if the version that deletes by age had come so long ago. */
async function upgradeAgo(ms: number): Promise<void> {
  const at = new Date(bench.clock.now - ms).toISOString();
  await sql`update kysely_migration set timestamp = ${at} where name = ${purging.name}`.execute(bench.store);
}

test("many are deleted in slices by a running server, which stops in between", async () => {
  await upgradeAgo(7 * dayMs);
  for (let n = 0; n < 60; n += 1) await queue(`s${n}`, "rejected", 100);
  const ageing = startPurgingByAge(context());
  await expect.poll(async () => (await listPurging()).length).toBe(60);
  await ageing.stop();
  await queue("late", "rejected", 100);
  expect(await purgeByAge(context(), AbortSignal.abort())).toBe(0);
});

describe("after the upgrade that brings deletion by age", () => {
  test("nothing is deleted for a week: the log says each day how much will be, from when on, and what changes that", async () => {
    await upgradeAgo(dayMs);
    await queue("a", "rejected", 100);
    await queue("b", "approved", 2_000);
    await queue("young", "approved", 100);
    for (const restart of [1, 2]) {
      const ageing = startPurgingByAge(context());
      await expect.poll(() => bench.logged("warn").length).toBe(restart);
      await ageing.stop();
    }
    expect(await listPurging()).toEqual([]);
    expect(bench.logged("warn")[0]).toMatchObject({
      count: 2,
      rejected: 1,
      accepted: 1,
      neverSent: 0,
      deletedFrom: new Date(bench.clock.now + 6 * dayMs).toISOString(),
      msg: expect.stringContaining("FULLBLEED_RETENTION_DAYS"),
    });
  });

  test("one that keeps running says so once a day, and deletes once the week is over", async () => {
    await upgradeAgo(5.5 * dayMs);
    await queue("a", "rejected", 100);
    const pass = createPass(context(), goOn);
    for (const hours of [0, 1, 23, 1]) {
      bench.clock.now += hours * 3_600_000;
      await pass();
    }
    expect([bench.logged("warn").length, await listPurging()]).toEqual([2, []]);
    bench.clock.now += dayMs;
    await pass();
    expect(await listPurging()).toEqual(["a"]);
  });

  test("periods that the operator has set act at once", async () => {
    await upgradeAgo(0);
    await queue("a", "rejected", 100);
    await createPass(context({ "photo-landscape": { rejected: 90 } }), goOn)();
    expect(await listPurging()).toEqual(["a"]);
  });
});
