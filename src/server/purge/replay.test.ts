import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readPicture } from "../blobs/pictures.ts";
import { type CourierBench, openCourierBench } from "../testing/courier.ts";
import { purgeSubmission } from "./ask.ts";
import { openPurgeLog, type PurgeEntry, type PurgeLog } from "./log.ts";
import { replayPurges } from "./replay.ts";

const order = { actor: "operator", reason: "ticket 4711", by: null } as const;

let bench: CourierBench;
let purgeLog: PurgeLog;
beforeEach(async () => {
  bench = await openCourierBench();
  purgeLog = await openPurgeLog(path.join(bench.folder, "purges.jsonl"));
});
afterEach(async () => {
  await purgeLog.close();
  await bench.close();
});

const context = () => ({ ...bench.context, blobs: bench.blobs, purgeLog });
const stateOf = async (id: string) => (await bench.rowOf(id)).state;
async function entries(): Promise<PurgeEntry[]> {
  const all = [];
  for await (const entry of purgeLog.read()) all.push(entry);
  return all;
}

test("what was deleted after the backup is deleted again before anybody is answered, and nothing else", async () => {
  await bench.queue("deleted", { state: "approved" });
  await bench.queue("kept", { state: "approved" });
  // As the backup has them: the log alone knows.
  await purgeLog.append({ at: 5, issuerId: "default", submissionId: "deleted" });
  await purgeLog.append({ at: 5, issuerId: "default", submissionId: "of a later backup" });
  expect(await replayPurges(context())).toBe(1);
  expect([await stateOf("deleted"), await stateOf("kept")]).toEqual(["purging", "approved"]);
  expect(await readPicture(bench.store, bench.blobs, await bench.rowOf("deleted"))).toBe("absent");
  expect(await entries()).toHaveLength(2);
  expect(await replayPurges(context())).toBe(0);
});

test("of a cardholder who was deleted, sessions and what was sent by then go again; what came later stays", async () => {
  await bench.queue("before", { state: "queued", cardholder_id: "A1" });
  await bench.store.updateTable("sessions").set({ data_capture: '{"Name":"Ada"}' }).execute();
  await purgeLog.append({ at: bench.clock.now, issuerId: "default", cardholderId: "A1" });
  bench.clock.now += 1_000;
  await bench.queue("after", { state: "approved", cardholder_id: "A1" });
  expect(await replayPurges(context())).toBe(1);
  expect([await stateOf("before"), await stateOf("after")]).toEqual(["purging", "approved"]);
  const sessions = await bench.store.selectFrom("sessions").selectAll().where("id", "=", "ses-before").execute();
  expect(sessions).toMatchObject([{ data_capture: "{}" }]);
});

test("a log that was lost is written anew from the database, and the operator is told", async () => {
  await bench.queue("s", { state: "approved" });
  await purgeSubmission(context(), await bench.rowOf("s"), order);
  await purgeLog.close();
  purgeLog = await openPurgeLog(path.join(bench.folder, "another.jsonl"));
  await replayPurges(context());
  expect(await entries()).toMatchObject([{ submissionId: "s" }]);
  expect(bench.logged("error")).toHaveLength(1);
});
