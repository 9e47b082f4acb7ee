import { mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SubmissionState } from "#contracts/submission.ts";
import type { PreviewOutcome } from "#providers/provider.ts";
import { accepted } from "../testing/courier.ts";
import { openPurgeBench, type PurgeBench } from "./testing/bench.ts";

const hour = 60 * 60_000;

let bench: PurgeBench;
beforeEach(async () => {
  bench = await openPurgeBench();
});
afterEach(() => bench.close());

describe("a submission that is deleted", () => {
  const states: SubmissionState[] = [
    "stored",
    "queued",
    "sending",
    "unknown",
    "held",
    "accepted-no-id",
    "accepted",
    "in-review",
    "approved",
    "rejected",
    "rejected-image",
    "abandoned",
  ];
  test.each(states)("while it is %s has no picture, design, agreement nor memo from that moment on", async (state) => {
    await bench.queue("s", { state, rejection_memo: "too dark" });
    const file = await bench.fileOf("s");
    expect(await bench.purge("s")).toBe(true);
    expect(await bench.rowOf("s")).toMatchObject({
      state: "purging",
      purge_state: "waiting",
      rejection_memo: null,
      rules_version: null,
      agreed_at: null,
      reference: "s",
    });
    expect([await bench.read("s"), await bench.listFiles()]).toEqual(["absent", []]);
    await expect(readFile(file)).rejects.toThrow("ENOENT");
    expect(await bench.purge("s")).toBe(false);
  });

  test("is purged once the platform shows it no more, and its history says who, why and when", async () => {
    await bench.queueAccepted("s", "img-1");
    await bench.startPurging();
    await bench.purge("s");
    expect(await bench.reaches("s", "purged")).toMatchObject({
      purge_state: "gone",
      card_image_id: "img-1",
      note: null,
    });
    expect(bench.ordered).toEqual(["img-1"]);
    const events = await bench.store.selectFrom("events").selectAll().orderBy("seq").execute();
    expect(events.map(({ to_state, cause, actor, detail }) => [to_state, cause, actor, detail])).toEqual([
      ["purging", "purge-asked", "operator", JSON.stringify({ reason: "ticket 4711", by: "Ada" })],
      ["purged", "purged", "system", expect.stringContaining("its preview showed it before")],
    ]);
    const [tombstone] = await bench.store.selectFrom("purged_images").selectAll().execute();
    expect(tombstone).toMatchObject({ card_image_id: "img-1", submission_id: "s", gone_at: bench.clock.now });
    expect(await bench.store.selectFrom("jobs").selectAll().execute()).toEqual([]);
  });

  test("is not purged while the platform shows it, whatever it has answered", async () => {
    await bench.queueAccepted("s", "img-1");
    bench.script.answer = () => ({ kind: "taken" });
    await bench.startPurging();
    await bench.purge("s");
    await expect.poll(async () => (await bench.rowOf("s")).note).toContain("still shows it");
    expect(await bench.rowOf("s")).toMatchObject({ state: "purging", purge_state: "waiting" });
    expect(bench.ordered).toEqual(["img-1"]);
    bench.shown.clear();
    await bench.goTo("s", "purge");
    await bench.reaches("s", "purged");
    expect(bench.ordered, "the order was taken and is not repeated").toEqual(["img-1"]);
  });

  test("is not purged for a gateway's page that happens to say 404", async () => {
    await bench.queueAccepted("s", "img-1");
    let shows: PreviewOutcome = { kind: "image", bytes: Buffer.from("shown"), mediaType: "image/jpeg" };
    bench.script.answer = () => {
      shows = { kind: "not-ready", isForeign: true };
      return { kind: "taken" };
    };
    await bench.startPurging(undefined, { getPreview: async () => shows });
    await bench.purge("s");
    await expect.poll(async () => (await bench.rowOf("s")).note).toContain("a web page answers");
    expect((await bench.rowOf("s")).state).toBe("purging");
    shows = { kind: "not-ready" };
    await bench.goTo("s", "purge");
    await bench.reaches("s", "purged");
  });

  test("whose order the platform seems to forget is given again after a day", async () => {
    await bench.queueAccepted("s", "img-1");
    bench.script.answer = () => ({ kind: "taken" });
    await bench.startPurging();
    await bench.purge("s");
    await expect.poll(() => bench.ordered.length).toBe(1);
    await bench.goTo("s", "purge");
    bench.clock.now += 24 * hour;
    await expect.poll(() => bench.ordered.length).toBe(2);
  });

  test("that was never sent is purged without a word to the platform", async () => {
    await bench.queue("s");
    await bench.startPurging(async () => accepted("img-1"), {});
    await bench.reaches("s", "accepted");
    await bench.queue("t", {}, hour);
    await bench.purge("t");
    await bench.reaches("t", "purged");
    expect(bench.ordered).toEqual([]);
  });

  test("lets its cardholder send another at once", async () => {
    await bench.queueAccepted("s", "img-1", "in-review");
    await bench.purge("s");
    await bench.queue("t", { cardholder_id: "s" });
    expect((await bench.rowOf("t")).state).toBe("queued");
  });
});

describe("what the platform answers", () => {
  test.each([
    [{ kind: "misconfigured", what: "key", detail: "correct the key" }, "refused", hour],
    [{ kind: "misconfigured", what: "address", detail: "this address may not call" }, "refused", hour],
  ] as const)("%j waits for an operator, is said in the log and the record, and passes", async (outcome, state, ms) => {
    await bench.queueAccepted("s", "img-1");
    bench.script.answer = () => outcome;
    await bench.startPurging();
    await bench.purge("s");
    await expect.poll(async () => (await bench.rowOf("s")).purge_state).toBe(state);
    expect((await bench.rowOf("s")).note).toBe(outcome.detail);
    expect(bench.logged("error")).toMatchObject([{ submissionId: "s", detail: outcome.detail }]);
    expect(((await bench.jobOf("s", "purge"))?.run_at ?? 0) - bench.clock.now).toBe(ms);
    bench.script.answer = bench.carry;
    await bench.goTo("s", "purge");
    await bench.reaches("s", "purged");
  });

  test("an error that may pass is asked again, later and later", async () => {
    await bench.queueAccepted("s", "img-1");
    bench.script.answer = () => ({ kind: "failed", detail: "down" });
    await bench.startPurging();
    await bench.purge("s");
    for (let tries = 1; tries < 4; tries += 1) {
      await expect.poll(() => bench.ordered.length).toBe(tries);
      await bench.goTo("s", "purge");
    }
    expect(await bench.rowOf("s")).toMatchObject({ state: "purging", note: "down" });
  });

  test("an id that it does not know is believed once it has had the time to know it, and shows nothing", async () => {
    await bench.queueAccepted("s", "img-1");
    bench.shown.clear();
    bench.script.answer = () => ({ kind: "unknown-id", detail: "no such id" });
    await bench.startPurging();
    await bench.purge("s");
    await expect.poll(async () => (await bench.rowOf("s")).note).toBe("no such id");
    expect((await bench.rowOf("s")).state).toBe("purging");
    await bench.goTo("s", "purge");
    bench.clock.now += hour;
    await bench.reaches("s", "purged");
  });

  test("that it cannot delete leaves the submission where it is, in plain words, and is not asked again", async () => {
    await bench.queueAccepted("s", "img-1");
    const capabilities = () => ({ ...bench.plain.capabilities("p"), purge: "unsupported" as const });
    await bench.startPurging(undefined, { capabilities });
    await bench.purge("s");
    bench.clock.now += hour;
    await expect.poll(async () => (await bench.rowOf("s")).purge_state).toBe("unsupported");
    expect((await bench.rowOf("s")).note).toBe("the card platform cannot delete a picture that it has");
    await expect.poll(() => bench.jobOf("s", "purge")).toBeUndefined();
    expect([await bench.read("s"), bench.ordered]).toEqual(["absent", []]);
  });

  test("without a key here, it is seen when the issuer has deleted it there", async () => {
    await bench.queueAccepted("s", "img-1");
    const capabilities = () => ({ ...bench.plain.capabilities("p"), purge: "elsewhere" as const });
    await bench.startPurging(undefined, { capabilities });
    await bench.purge("s");
    await expect.poll(async () => (await bench.rowOf("s")).purge_state).toBe("elsewhere");
    bench.shown.clear();
    await bench.goTo("s", "purge");
    await bench.reaches("s", "purged");
    expect(bench.ordered).toEqual([]);
  });
});

test("what cannot be written down in the log is not deleted", async () => {
  await bench.queueAccepted("s", "img-1");
  await rm(bench.logFile);
  await mkdir(bench.logFile);
  await expect(bench.purge("s")).rejects.toThrow();
  expect((await bench.rowOf("s")).state).toBe("approved");
  expect(await bench.read("s")).not.toBe("absent");
});

test("while another program reads the database, the operator is told that what was deleted is in its files still", async () => {
  await bench.queueAccepted("s", "img-1");
  const reader = new DatabaseSync(path.join(bench.folder, "db.sqlite"), { readOnly: true });
  reader.exec("begin; select count(*) from submissions");
  expect(await bench.purge("s")).toBe(true);
  expect(
    bench.logged("warn").filter(({ msg }) => String(msg).includes("another program reads the database")),
  ).toHaveLength(1);
  reader.close();
});
