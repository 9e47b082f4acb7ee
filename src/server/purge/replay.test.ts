import { appendFile, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readPicture } from "../blobs/pictures.ts";
import { type CourierBench, openCourierBench } from "../testing/courier.ts";
import { listenToStatements } from "../testing/statements.ts";
import { purgeSubmission } from "./ask.ts";
import { purgeCardholder } from "./cardholder.ts";
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
async function entries(): Promise<(PurgeEntry | "unreadable")[]> {
  const all: (PurgeEntry | "unreadable")[] = [];
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

/** The database as a backup from before all deletions has it: of the log it knows nothing yet. */
async function putBackDatabase(): Promise<void> {
  await bench.store.updateTable("applied_purges").set({ log: "", position: 0 }).execute();
}

test("a server that starts again does no deletion twice, whatever its clock says", async () => {
  await bench.queue("before", { state: "approved", cardholder_id: "A1" });
  await purgeCardholder(context(), { issuerId: "default", cardholderId: "A1" }, order);
  // The clock was an hour ahead, and has been corrected.
  bench.clock.now -= 3_600_000;
  await bench.queue("after", { state: "approved", cardholder_id: "A1" });
  expect(await replayPurges(context())).toBe(0);
  expect([await stateOf("after"), await readPicture(bench.store, bench.blobs, await bench.rowOf("after"))]).toEqual([
    "approved",
    Buffer.from("picture"),
  ]);
  expect(bench.logged("error")).toEqual([]);
});

test("however much was deleted before, a start reads no more than what came since", async () => {
  for (let n = 0; n < 20; n += 1)
    await purgeCardholder(context(), { issuerId: "default", cardholderId: `A${n}` }, order);
  const lookedFor = async () => {
    const said = await listenToStatements(() => replayPurges(context()));
    return said.filter((sql) => /from "sessions" where .*"cardholder_id" in/.test(sql)).length;
  };
  expect(await lookedFor()).toBe(0);
  await putBackDatabase();
  expect(await lookedFor()).toBe(1);
});

test("a cardholder whose deletion a crash has cut short is deleted at the next start", async () => {
  for (const id of ["a", "b"]) await bench.queue(id, { state: "approved", cardholder_id: "A1" });
  let calls = 0;
  const dying: PurgeLog = {
    ...purgeLog,
    async during(entry, work) {
      calls += 1;
      if (calls === 3) throw new Error("killed");
      return purgeLog.during(entry, work);
    },
  };
  const of = { issuerId: "default", cardholderId: "A1" };
  await expect(purgeCardholder({ ...context(), purgeLog: dying }, of, order)).rejects.toThrow("killed");
  expect([await stateOf("a"), await stateOf("b")].toSorted()).toEqual(["approved", "purging"]);
  await replayPurges(context());
  expect([await stateOf("a"), await stateOf("b")]).toEqual(["purging", "purging"]);
});

test("a log that was lost is written anew with the cardholders too, so that a backup of before brings no session back", async () => {
  await bench.queue("s", { state: "approved", cardholder_id: "A1" });
  await purgeCardholder(context(), { issuerId: "default", cardholderId: "A1" }, order);
  await purgeLog.close();
  purgeLog = await openPurgeLog(path.join(bench.folder, "another.jsonl"));
  await replayPurges(context());
  expect(await entries()).toMatchObject([{ submissionId: "s" }, { cardholderId: "A1" }]);
  await replayPurges(context());
  expect(await entries()).toHaveLength(2);
  expect(bench.logged("error")).toHaveLength(1);
});

test("a log that was put back from before a deletion is noticed", async () => {
  for (const id of ["a", "b"]) await bench.queue(id, { state: "approved" });
  const file = path.join(bench.folder, "purges.jsonl");
  await purgeSubmission(context(), await bench.rowOf("a"), order);
  const before = await readFile(file);
  await purgeSubmission(context(), await bench.rowOf("b"), order);
  await writeFile(file, before);
  await replayPurges(context());
  expect(
    (await entries()).map((entry) => entry !== "unreadable" && "submissionId" in entry && entry.submissionId),
  ).toEqual(["a", "b"]);
  expect(bench.logged("error")).toHaveLength(1);
});

test("many that are deleted at once hold up the database's writers once, not each time", async () => {
  for (let n = 0; n < 5; n += 1) await bench.queue(`s${n}`, { state: "approved", cardholder_id: "A1" });
  const of = { issuerId: "default", cardholderId: "A1" };
  const said = await listenToStatements(() => purgeCardholder(context(), of, order));
  expect(said.filter((sql) => sql.includes("wal_checkpoint"))).toHaveLength(1);
});

test("cardholders of whom nothing is left cost a start next to nothing, however many were deleted over the years", async () => {
  await bench.queue("s", { state: "approved", cardholder_id: "A1" });
  const at = bench.clock.now;
  const gone = Array.from({ length: 1_200 }, (_, n) => ({ at, issuerId: "default", cardholderId: `c${n}` }));
  await purgeLog.append({ at, issuerId: "default", cardholderId: "A1" }, ...gone);
  await putBackDatabase();
  const first = await listenToStatements(async () => expect(await replayPurges(context())).toBe(1));
  expect(first.length).toBeLessThan(60);
  const next = await listenToStatements(async () => expect(await replayPurges(context())).toBe(0));
  expect(next.length).toBeLessThan(15);
});

test("a deletion of a cardholder that a crash has ended halfway is brought to its end", async () => {
  await bench.queue("s", { state: "approved", cardholder_id: "A1" });
  await bench.store.updateTable("sessions").set({ expires_at: 0 }).execute();
  await purgeLog.append({ at: bench.clock.now, issuerId: "default", cardholderId: "A1" });
  expect(await replayPurges(context())).toBe(1);
  expect(await stateOf("s")).toBe("purging");
});

test("the operator is told of lines that cannot be read, and the others hold", async () => {
  await bench.queue("s", { state: "approved" });
  await appendFile(path.join(bench.folder, "purges.jsonl"), "damaged\n");
  await purgeLog.append({ at: 5, issuerId: "default", submissionId: "s" });
  expect(await replayPurges(context())).toBe(1);
  expect(bench.logged("error")).toMatchObject([{ unreadable: 1 }]);
});

test("a log that was lost is written anew a few hundred lines at a time, not each with a wait for the disk", async () => {
  for (let n = 0; n < 20; n += 1) await bench.queue(`s${n}`, { state: "purged" });
  await bench.store.updateTable("applied_purges").set({ log: "another", position: 5 }).execute();
  let appends = 0;
  const counted: PurgeLog = {
    ...purgeLog,
    append(...all) {
      appends += 1;
      return purgeLog.append(...all);
    },
  };
  await replayPurges({ ...context(), purgeLog: counted });
  expect([appends, (await entries()).length]).toEqual([1, 20]);
});
