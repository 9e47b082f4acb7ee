import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { SubmissionState } from "#contracts/submission.ts";
import { type CourierBench, openCourierBench } from "../testing/courier.ts";
import { purgeByAge, startPurgingByAge } from "./by-age.ts";
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
const context = (retentionDays?: RetentionDays) => ({
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

test("many are deleted in slices by a running server, which stops in between", async () => {
  for (let n = 0; n < 60; n += 1) await queue(`s${n}`, "rejected", 100);
  const ageing = startPurgingByAge(context());
  await expect.poll(async () => (await listPurging()).length, { timeout: 20_000 }).toBe(60);
  await ageing.stop();
  await queue("late", "rejected", 100);
  expect(await purgeByAge(context(), AbortSignal.abort())).toBe(0);
});
