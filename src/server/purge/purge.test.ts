import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SubmissionState } from "#contracts/submission.ts";
import type { PreviewOutcome, Provider, PurgeOutcome, SendOutcome } from "#providers/provider.ts";
import { resolveByHand } from "../delivery/by-hand.ts";
import { takeNotification } from "../delivery/notifications.ts";
import { readPicture } from "../blobs/pictures.ts";
import type { Courier } from "../delivery/courier.ts";
import { accepted, type CourierBench, openCourierBench, severalPasses } from "../testing/courier.ts";
import { openPurgeLog, type PurgeLog } from "./log.ts";
import { purgeSubmission } from "./ask.ts";

const hour = 60 * 60_000;
const image: PreviewOutcome = { kind: "image", bytes: Buffer.from("shown"), mediaType: "image/jpeg" };
const notReady: PreviewOutcome = { kind: "not-ready" };
const order = { actor: "operator", reason: "ticket 4711", by: "Ada" } as const;

let bench: CourierBench;
let purgeLog: PurgeLog;
let courier: Courier | undefined;
/** Ids that the platform was told to delete, in order. */
let ordered: string[];
/** Ids that the platform shows. */
let shown: Set<string>;
let answer: (cardImageId: string) => PurgeOutcome;

beforeEach(async () => {
  bench = await openCourierBench(Buffer.from("a picture of a person"));
  purgeLog = await openPurgeLog(path.join(bench.folder, "purges.jsonl"));
  courier = undefined;
  ordered = [];
  shown = new Set();
  answer = (id) => {
    shown.delete(id);
    return { kind: "taken" };
  };
});
afterEach(async () => {
  await purgeLog.close();
  await bench.close();
});

/** A platform that deletes what it is told to, unless a test says otherwise. */
const platform = (change: Partial<Provider> = {}): Partial<Provider> => ({
  capabilities: () => ({ ...bench.plain.capabilities("photo-landscape"), purge: "here" }),
  async purge(id) {
    ordered.push(id);
    return answer(id);
  },
  getPreview: async (picture) => ("cardImageId" in picture && shown.has(picture.cardImageId) ? image : notReady),
  ...change,
});

async function start(
  send: Parameters<CourierBench["start"]>[0] = async () => ({ kind: "not-sent", detail: "no" }),
  change: Partial<Provider> = {},
): Promise<Courier> {
  courier = await bench.start(send, {}, 15_000, platform(change));
  return courier;
}

async function purge(id: string): Promise<boolean> {
  const row = await bench.rowOf(id);
  return purgeSubmission({ ...bench.context, blobs: bench.blobs, purgeLog, ...(courier && { courier }) }, row, order);
}

const read = async (id: string) => readPicture(bench.store, bench.blobs, await bench.rowOf(id));
const files = async () =>
  (await readdir(path.join(bench.folder, "pictures"), { recursive: true, withFileTypes: true })).filter((one) =>
    one.isFile(),
  );

/** One that the platform has accepted under this id. */
async function queueAccepted(id: string, cardImageId: string, state: SubmissionState = "approved"): Promise<void> {
  await bench.queue(id, { state, card_image_id: cardImageId, rejection_memo: "dark", attempts: 1 });
  shown.add(cardImageId);
}

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
    expect(await purge("s")).toBe(true);
    expect(await bench.rowOf("s")).toMatchObject({
      state: "purging",
      purge_state: "waiting",
      rejection_memo: null,
      rules_version: null,
      agreed_at: null,
      reference: "s",
    });
    expect([await read("s"), await files()]).toEqual(["absent", []]);
    await expect(readFile(file)).rejects.toThrow("ENOENT");
    expect(await purge("s")).toBe(false);
  });

  test("is purged once the platform shows it no more, and its history says who, why and when", async () => {
    await queueAccepted("s", "img-1");
    await start();
    await purge("s");
    expect(await bench.reaches("s", "purged")).toMatchObject({
      purge_state: "gone",
      card_image_id: "img-1",
      note: null,
    });
    expect(ordered).toEqual(["img-1"]);
    const events = await bench.store.selectFrom("events").selectAll().orderBy("seq").execute();
    expect(events.map(({ to_state, cause, actor, detail }) => [to_state, cause, actor, detail])).toEqual([
      ["purging", "purge-asked", "operator", JSON.stringify({ reason: "ticket 4711", by: "Ada" })],
      ["purged", "purged", "system", null],
    ]);
    const [tombstone] = await bench.store.selectFrom("purged_images").selectAll().execute();
    expect(tombstone).toMatchObject({ card_image_id: "img-1", submission_id: "s", gone_at: bench.clock.now });
    expect(await bench.store.selectFrom("jobs").selectAll().execute()).toEqual([]);
  });

  test("is not purged while the platform shows it, whatever it has answered", async () => {
    await queueAccepted("s", "img-1");
    answer = () => ({ kind: "taken" });
    await start();
    await purge("s");
    await expect.poll(async () => (await bench.rowOf("s")).note).toContain("still shows it");
    expect(await bench.rowOf("s")).toMatchObject({ state: "purging", purge_state: "waiting" });
    expect(ordered).toEqual(["img-1"]);
    shown.clear();
    await bench.goTo("s", "purge");
    await bench.reaches("s", "purged");
    expect(ordered, "the order was taken and is not repeated").toEqual(["img-1"]);
  });

  test("whose order the platform seems to forget is ordered again after a day", async () => {
    await queueAccepted("s", "img-1");
    answer = () => ({ kind: "taken" });
    await start();
    await purge("s");
    await expect.poll(() => ordered.length).toBe(1);
    await bench.goTo("s", "purge");
    bench.clock.now += 24 * hour;
    await expect.poll(() => ordered.length).toBe(2);
  });

  test("that was never sent is purged without a word to the platform", async () => {
    await bench.queue("s");
    await start(async () => accepted("img-1"), {});
    await bench.reaches("s", "accepted");
    await bench.queue("t", {}, hour);
    await purge("t");
    await bench.reaches("t", "purged");
    expect(ordered).toEqual([]);
  });

  test("lets its cardholder send another at once", async () => {
    await queueAccepted("s", "img-1", "in-review");
    await purge("s");
    await bench.queue("t", { cardholder_id: "s" });
    expect((await bench.rowOf("t")).state).toBe("queued");
  });
});

describe("what the platform answers", () => {
  test.each([
    [{ kind: "misconfigured", what: "key", detail: "correct the key" }, "refused", hour],
    [{ kind: "misconfigured", what: "address", detail: "this address may not call" }, "refused", hour],
  ] as const)("%j waits for an operator, is said in the log and the record, and passes", async (outcome, state, ms) => {
    await queueAccepted("s", "img-1");
    answer = () => outcome;
    await start();
    await purge("s");
    await expect.poll(async () => (await bench.rowOf("s")).purge_state).toBe(state);
    expect((await bench.rowOf("s")).note).toBe(outcome.detail);
    expect(bench.logged("error")).toMatchObject([{ submissionId: "s", detail: outcome.detail }]);
    expect(((await bench.jobOf("s", "purge"))?.run_at ?? 0) - bench.clock.now).toBe(ms);
    answer = (id) => (shown.delete(id), { kind: "taken" });
    await bench.goTo("s", "purge");
    await bench.reaches("s", "purged");
  });

  test("an error that may pass is asked again, later and later", async () => {
    await queueAccepted("s", "img-1");
    answer = () => ({ kind: "failed", detail: "down" });
    await start();
    await purge("s");
    for (let tries = 1; tries < 4; tries += 1) {
      await expect.poll(() => ordered.length).toBe(tries);
      await bench.goTo("s", "purge");
    }
    expect(await bench.rowOf("s")).toMatchObject({ state: "purging", note: "down" });
  });

  test("an id that it does not know is believed once it has had the time to know it, and shows nothing", async () => {
    await queueAccepted("s", "img-1");
    shown.clear();
    answer = () => ({ kind: "unknown-id", detail: "no such id" });
    await start();
    await purge("s");
    await expect.poll(async () => (await bench.rowOf("s")).note).toBe("no such id");
    expect((await bench.rowOf("s")).state).toBe("purging");
    bench.clock.now += hour;
    await bench.reaches("s", "purged");
  });

  test("that it cannot delete leaves the submission where it is, in plain words, and is not asked again", async () => {
    await queueAccepted("s", "img-1");
    const capabilities = () => ({ ...bench.plain.capabilities("p"), purge: "unsupported" as const });
    await start(undefined, { capabilities });
    await purge("s");
    bench.clock.now += hour;
    await expect.poll(async () => (await bench.rowOf("s")).purge_state).toBe("unsupported");
    expect((await bench.rowOf("s")).note).toBe("the card platform cannot delete a picture that it has");
    await expect.poll(() => bench.jobOf("s", "purge")).toBeUndefined();
    expect([await read("s"), ordered]).toEqual(["absent", []]);
  });

  test("without a key here, it is seen when the issuer has deleted it there", async () => {
    await queueAccepted("s", "img-1");
    const capabilities = () => ({ ...bench.plain.capabilities("p"), purge: "elsewhere" as const });
    await start(undefined, { capabilities });
    await purge("s");
    await expect.poll(async () => (await bench.rowOf("s")).purge_state).toBe("elsewhere");
    shown.clear();
    await bench.goTo("s", "purge");
    await bench.reaches("s", "purged");
    expect(ordered).toEqual([]);
  });
});

describe("ids that turn up later", () => {
  test("a send that is under way is ended, and the id that its answer brings all the same is deleted", async () => {
    await bench.queue("s");
    const { promise, resolve } = Promise.withResolvers<SendOutcome>();
    let isEnded = false;
    await start(async (_order, signal) => {
      signal.addEventListener("abort", () => (isEnded = true));
      shown.add("img-late");
      return promise;
    });
    await bench.reaches("s", "sending");
    await purge("s");
    await expect.poll(() => isEnded).toBe(true);
    expect(await read("s")).toBe("absent");
    await severalPasses();
    expect((await bench.rowOf("s")).state).toBe("purging");
    resolve(accepted("img-late"));
    await expect.poll(() => ordered).toEqual(["img-late"]);
    bench.clock.now += hour;
    await bench.reaches("s", "purged");
    expect(shown.size).toBe(0);
  });

  test.each(["purging", "purged"] as const)(
    "one that a notification tells of a %s submission is deleted",
    async (state) => {
      await bench.queue("s", { state, purge_state: "waiting" });
      await start();
      shown.add("img-2");
      await takeNotification(bench.context, {
        cardImageId: "img-2",
        reference: "s",
        state: "accepted",
        rejectionCode: null,
        rejectionMemo: null,
        decidedAt: null,
      });
      await expect.poll(() => ordered).toEqual(["img-2"]);
      await expect
        .poll(() => bench.store.selectFrom("purged_images").select(["card_image_id", "gone_at"]).execute())
        .toEqual([{ card_image_id: "img-2", gone_at: bench.clock.now }]);
      for (const table of ["orphan_images", "unclaimed_notifications"] as const)
        expect(await bench.store.selectFrom(table).selectAll().execute()).toEqual([]);
    },
  );

  test("a second picture of a submission that is kept is deleted after a day, unless it is somebody's by then", async () => {
    await queueAccepted("kept", "img-1");
    await queueAccepted("other", "img-3");
    for (const id of ["img-2", "img-3"]) {
      shown.add(id);
      await bench.store
        .insertInto("orphan_images")
        .values({
          issuer_id: "default",
          provider: "scripted",
          card_image_id: id,
          submission_id: "kept",
          reason: "a second id",
          found_at: 0,
        })
        .execute();
    }
    await start();
    await takeNotification(bench.context, {
      cardImageId: "img-4",
      reference: "kept",
      state: "accepted",
      rejectionCode: null,
      rejectionMemo: null,
      decidedAt: null,
    });
    await severalPasses();
    expect(ordered).toEqual([]);
    bench.clock.now += 24 * hour;
    await expect.poll(() => ordered.toSorted()).toEqual(["img-2", "img-4"]);
    await expect.poll(() => bench.jobOf("kept", "purge")).toBeUndefined();
    expect((await bench.rowOf("kept")).state).toBe("approved");
    expect(shown.has("img-3")).toBe(true);
  });

  test("a picture in doubt is looked for; nothing is sent again, and a person can give its id or say that there is none", async () => {
    const doubtful = async (id: string) => {
      await bench.queue(id, { state: "unknown", attempts: 1 });
      await bench.store
        .insertInto("attempts")
        .values({
          id: `attempt of ${id}`,
          submission_id: id,
          issuer_id: "default",
          provider: "scripted",
          product_id: "photo-landscape",
          number: 1,
          begun_seq: null,
          picture_sha256: "",
          started_at: 0,
          outcome: "unknown",
          detail: null,
          ended_at: 0,
          settings: null,
          sent_sha256: null,
          carried_reference: 0,
        })
        .execute();
      await purge(id);
      await expect.poll(async () => (await bench.rowOf(id)).note).toContain("nobody knows whether the platform has it");
      expect((await bench.rowOf(id)).state).toBe("purging");
    };
    let sends = 0;
    await start(async () => {
      sends += 1;
      return accepted("never");
    });
    await doubtful("a");
    await doubtful("b");
    shown.add("img-9");
    const context = { ...bench.context, providers: { of: () => ({ ...bench.plain, ...platform() }) } };
    const decision = { reason: "asked there", confirm: false };
    await resolveByHand(context, "a", { action: "bind", cardImageId: "img-9", ...decision });
    courier?.wake();
    expect(await bench.reaches("a", "purged")).toMatchObject({ card_image_id: "img-9" });
    await resolveByHand(context, "b", { action: "abandon", reason: "they have nothing" });
    expect(await bench.rowOf("b")).toMatchObject({ state: "purged", purge_state: "gone" });
    expect([ordered, sends]).toEqual([["img-9"], 0]);
  });
});

test("what cannot be written down in the log is not deleted", async () => {
  await queueAccepted("s", "img-1");
  await purgeLog.close();
  await expect(purge("s")).rejects.toThrow();
  expect((await bench.rowOf("s")).state).toBe("approved");
  expect(await read("s")).not.toBe("absent");
  purgeLog = await openPurgeLog(path.join(bench.folder, "purges.jsonl"));
});
