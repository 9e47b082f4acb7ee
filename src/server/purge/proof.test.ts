import { afterEach, beforeEach, expect, test } from "vitest";
import type { PreviewOutcome } from "#providers/provider.ts";
import { resolveByHand } from "../delivery/by-hand.ts";
import { takeNotification } from "../delivery/notifications.ts";
import { schedule } from "../jobs/jobs.ts";
import { makeAttemptRow } from "../testing/rows.ts";
import { keepTombstone } from "./images.ts";
import { openPurgeBench, type PurgeBench } from "./testing/bench.ts";

const hour = 60 * 60_000;
const nothing: PreviewOutcome = { kind: "not-ready" };

let bench: PurgeBench;
beforeEach(async () => {
  bench = await openPurgeBench();
});
afterEach(() => bench.close());

const stateOf = async (id: string) => {
  const { state, purge_state } = await bench.rowOf(id);
  return [state, purge_state];
};
const proofOf = async (id: string) => {
  const events = bench.store.selectFrom("events").select("detail").where("submission_id", "=", id);
  const last = await events.orderBy("seq", "desc").limit(1).executeTakeFirstOrThrow();
  return (JSON.parse(last.detail ?? "{}") as { proof?: string }).proof;
};
const byHand = () => ({
  ...bench.context,
  providers: { of: () => ({ ...bench.plain, ...bench.platform() }) },
});
/** After the quiet window: what has just arrived would be shown by now. */
async function passQuietWindow(id: string): Promise<void> {
  // Not the other way round: with the clock put on, the job may be done and gone before anybody looks for it.
  await bench.goTo(id, "purge");
  bench.clock.now += hour;
}

test("a preview that shows nothing at all proves nothing: it waits, says so once as an error, and a person may end it", async () => {
  await bench.queueAccepted("s", "img-1");
  await bench.startPurging(undefined, { getPreview: async () => nothing });
  await bench.purge("s");
  await expect.poll(() => bench.ordered).toEqual(["img-1"]);
  await passQuietWindow("s");
  await expect.poll(() => stateOf("s")).toEqual(["purging", "unproven"]);
  for (let again = 0; again < 2; again += 1) {
    const before = (await bench.jobOf("s", "purge"))?.attempt ?? 0;
    await passQuietWindow("s");
    await expect.poll(async () => (await bench.jobOf("s", "purge"))?.attempt ?? 0).toBeGreaterThan(before);
  }
  expect(bench.logged("error")).toMatchObject([
    {
      submissionId: "s",
      detail: expect.stringMatching(/showed nothing even before .*: is the preview address right\?/),
    },
  ]);
  await resolveByHand(byHand(), "s", { action: "abandon", reason: "Thales has looked: it is gone" });
  expect([await stateOf("s"), await proofOf("s")]).toEqual([["purged", "gone"], "a person's word"]);
});

test("once the preview's address is right, it goes on by itself", async () => {
  await bench.queueAccepted("s", "img-1");
  bench.script.answer = () => ({ kind: "taken" });
  let isRight = false;
  const { getPreview = async () => nothing } = bench.platform();
  await bench.startPurging(undefined, {
    getPreview: async (...given) => (isRight ? getPreview(...given) : nothing),
  });
  await bench.purge("s");
  await expect.poll(() => bench.ordered).toEqual(["img-1"]);
  await passQuietWindow("s");
  await expect.poll(() => stateOf("s")).toEqual(["purging", "unproven"]);
  isRight = true;
  await passQuietWindow("s");
  await expect.poll(async () => (await bench.rowOf("s")).note).toContain("still shows it");
  bench.shown.clear();
  await passQuietWindow("s");
  await bench.reaches("s", "purged");
  expect(await proofOf("s")).toContain("showed it before");
});

test("a picture that was never shown is believed to be gone when the same preview shows another", async () => {
  await bench.queueAccepted("s", "img-1");
  await bench.queueAccepted("other", "img-2");
  bench.shown.delete("img-1");
  await bench.startPurging();
  await bench.purge("s");
  await expect.poll(() => bench.ordered).toEqual(["img-1"]);
  expect((await bench.rowOf("s")).state).toBe("purging");
  await passQuietWindow("s");
  await bench.reaches("s", "purged");
  expect(await proofOf("s")).toMatch(/took the order .* does show another picture; gone/);
});

test("a preview that comes later than the order is waited for: the picture is not gone for not being shown yet", async () => {
  await bench.queueAccepted("s", "img-1");
  await bench.queueAccepted("other", "img-2");
  bench.shown.delete("img-1");
  bench.script.answer = () => ({ kind: "taken" });
  await bench.startPurging();
  await bench.purge("s");
  await expect.poll(async () => (await bench.rowOf("s")).note).toContain("has not shown it so far");
  bench.shown.add("img-1");
  await passQuietWindow("s");
  await expect.poll(async () => (await bench.rowOf("s")).note).toContain("still shows it");
  expect((await bench.rowOf("s")).state).toBe("purging");
});

test.each(["elsewhere", "unsupported"] as const)(
  "where this server cannot delete it (%s), a preview that shows nothing is no proof either",
  async (purge) => {
    await bench.queueAccepted("s", "img-1");
    const capabilities = () => ({ ...bench.plain.capabilities("p"), purge });
    await bench.startPurging(undefined, { capabilities, getPreview: async () => nothing });
    await bench.purge("s");
    await passQuietWindow("s");
    await expect.poll(() => stateOf("s")).toEqual(["purging", "unproven"]);
  },
);

test("an id that the platform says it does not know, and shows all the same, is not called taken", async () => {
  await bench.queueAccepted("s", "img-1");
  bench.script.answer = () => ({ kind: "unknown-id", detail: "no such id" });
  await bench.startPurging();
  await bench.purge("s");
  await passQuietWindow("s");
  await expect
    .poll(async () => (await bench.rowOf("s")).note)
    .toBe("the platform answers that it has no such picture, and still shows it");
  const before = bench.ordered.length;
  await bench.goTo("s", "purge");
  await expect.poll(() => bench.ordered.length).toBeGreaterThan(before);
});

test("a person cannot call it purged while the platform shows, or was not told to delete, a picture that is known", async () => {
  await bench.queue("s", { state: "purging", purge_state: "waiting" });
  bench.script.answer = () => ({ kind: "misconfigured", what: "key", detail: "correct the key" });
  bench.shown.add("img-2");
  await bench.startPurging();
  await takeNotification(bench.context, {
    cardImageId: "img-2",
    reference: "s",
    state: "accepted",
    rejectionCode: null,
    rejectionMemo: null,
    decidedAt: null,
  });
  await expect.poll(() => stateOf("s")).toEqual(["purging", "refused"]);
  const abandoned = resolveByHand(byHand(), "s", { action: "abandon", reason: "they have nothing" });
  await expect(abandoned).rejects.toMatchObject({ code: "not-possible" });
  expect(await stateOf("s")).toEqual(["purging", "refused"]);
  bench.script.answer = bench.carry;
  await bench.goTo("s", "purge");
  await bench.reaches("s", "purged");
  expect(bench.shown.size).toBe(0);
});

test("what was decided by hand just before a deletion was asked for does not end the deletion", async () => {
  await bench.queue("s", { state: "held", attempts: 1 });
  let isAsked = false;
  const getPreview = async (): Promise<PreviewOutcome> => {
    if (!isAsked) {
      isAsked = true;
      await bench.purge("s");
    }
    return { kind: "image", bytes: Buffer.from("shown"), mediaType: "image/jpeg" };
  };
  const providers = { of: () => ({ ...bench.plain, ...bench.platform({ getPreview }) }) };
  const decision = { action: "bind", cardImageId: "img-9", reason: "they have it", confirm: false } as const;
  await expect(resolveByHand({ ...bench.context, providers }, "s", decision)).rejects.toMatchObject({
    code: "not-possible",
  });
  expect(await bench.rowOf("s")).toMatchObject({ state: "purging", card_image_id: null });
});

test("an id that is told again and again is not put off each time", async () => {
  await bench.queueAccepted("kept", "img-1");
  const tell = () =>
    takeNotification(bench.context, {
      cardImageId: "img-2",
      reference: "kept",
      state: "pending",
      rejectionCode: null,
      rejectionMemo: null,
      decidedAt: null,
    });
  await tell();
  const first = (await bench.jobOf("kept", "purge"))?.run_at;
  bench.clock.now += 20 * hour;
  await tell();
  expect([(await bench.jobOf("kept", "purge"))?.run_at]).toEqual([first]);
});

test("what the platform says of a picture that is deleted is no contradiction", async () => {
  await bench.queueAccepted("s", "img-1", "rejected");
  await bench.purge("s");
  await takeNotification(bench.context, {
    cardImageId: "img-1",
    reference: null,
    state: "accepted",
    rejectionCode: null,
    rejectionMemo: null,
    decidedAt: null,
  });
  expect(bench.logged("info").at(-1)).toMatchObject({ msg: expect.stringContaining("a picture that is deleted") });
});

test("how long a doubtful picture must be absent is what the settings say, when it is deleted too", async () => {
  await bench.queue("s", { state: "unknown", attempts: 1 });
  await bench.purge("s", { quietWindowMs: 6 * hour });
  expect((await bench.jobOf("s", "purge"))?.ends_at).toBe(bench.clock.now + 6 * hour);
});

test("an id that turns up while it is being looked for is not missed", async () => {
  await bench.queueAccepted("s", "img-1");
  let isTold = false;
  const { getPreview = async () => nothing } = bench.platform();
  bench.shown.add("img-2");
  await bench.startPurging(undefined, {
    async getPreview(...given) {
      if (bench.ordered.length === 1 && !isTold) {
        isTold = true;
        await takeNotification(bench.context, {
          cardImageId: "img-2",
          reference: "s",
          state: "pending",
          rejectionCode: null,
          rejectionMemo: null,
          decidedAt: null,
        });
      }
      return getPreview(...given);
    },
  });
  await bench.purge("s");
  await bench.reaches("s", "purged");
  expect([bench.ordered, bench.shown.size]).toEqual([["img-1", "img-2"], 0]);
});

test("a picture that turned out to be another's says nothing about one that is in doubt", async () => {
  await bench.queue("s", { state: "purging", purge_state: "waiting", attempts: 1 });
  const { rowOf, store } = bench;
  await store
    .insertInto("attempts")
    .values(makeAttemptRow(await rowOf("s"), { outcome: "unknown", ended_at: 1 }))
    .execute();
  const image = { row: await rowOf("s"), cardImageId: "img-2" };
  await keepTombstone(store, image, { shown_at: 1 });
  await bench.queueAccepted("other", "img-2");
  await store.transaction().execute(async (trx) => schedule(trx, "purge", image.row, 0, 0, 0));
  await bench.startPurging();
  await expect.poll(async () => (await rowOf("s")).note).toContain("nobody knows whether the platform has it");
});
