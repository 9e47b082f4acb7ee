import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SendOutcome } from "#providers/provider.ts";
import { resolveByHand } from "../delivery/by-hand.ts";
import { takeNotification } from "../delivery/notifications.ts";
import { accepted, severalPasses } from "../testing/courier.ts";
import { openPurgeBench, type PurgeBench } from "./testing/bench.ts";

const hour = 60 * 60_000;

let bench: PurgeBench;
beforeEach(async () => {
  bench = await openPurgeBench();
});
afterEach(() => bench.close());

describe("ids that turn up later", () => {
  test("a send that is under way is ended, and the id that its answer brings all the same is deleted", async () => {
    await bench.queue("s");
    const { promise, resolve } = Promise.withResolvers<SendOutcome>();
    let isEnded = false;
    await bench.startPurging(async (_order, signal) => {
      signal.addEventListener("abort", () => (isEnded = true));
      bench.shown.add("img-late");
      return promise;
    });
    await bench.reaches("s", "sending");
    await bench.purge("s");
    expect(isEnded).toBe(true);
    expect(await bench.read("s")).toBe("absent");
    await severalPasses();
    expect((await bench.rowOf("s")).state).toBe("purging");
    resolve(accepted("img-late"));
    await expect.poll(() => bench.ordered).toEqual(["img-late"]);
    bench.clock.now += hour;
    await bench.reaches("s", "purged");
    expect(bench.shown.size).toBe(0);
  });

  test("what an adapter begins although it was told to end makes no other card of the customer wait", async () => {
    await bench.queue("s");
    const { promise, resolve } = Promise.withResolvers<void>();
    await bench.startPurging(
      async ({ checkpoint }) => {
        await promise;
        await checkpoint.begin("lock", "sha");
        return { kind: "unknown", detail: "ended" };
      },
      {},
      { graceMs: 15_000 },
    );
    await bench.reaches("s", "sending");
    await bench.purge("s");
    await expect.poll(async () => (await bench.rowOf("s")).note).toContain("it was being sent");
    resolve();
    const isOpen = () => bench.store.selectFrom("attempts").select("id").where("ended_at", "is", null).execute();
    await expect.poll(isOpen).toEqual([]);
    const begun = () => bench.store.selectFrom("checkpoints").select("lock").execute();
    expect(await begun()).toEqual([{ lock: "lock" }]);
    await bench.goTo("s", "purge");
    await expect.poll(async () => (await bench.rowOf("s")).note).toContain("nobody knows whether");
    expect([(await bench.rowOf("s")).state, await begun()]).toEqual(["purging", []]);
  });

  test.each(["purging", "purged"] as const)(
    "one that a notification tells of a %s submission is deleted",
    async (state) => {
      await bench.queue("s", { state, purge_state: "waiting" });
      await bench.startPurging();
      bench.shown.add("img-2");
      await takeNotification(bench.context, {
        cardImageId: "img-2",
        reference: "s",
        state: "accepted",
        rejectionCode: null,
        rejectionMemo: null,
        decidedAt: null,
      });
      await expect.poll(() => bench.ordered).toEqual(["img-2"]);
      await expect
        .poll(() => bench.store.selectFrom("purged_images").select(["card_image_id", "gone_at"]).execute())
        .toEqual([{ card_image_id: "img-2", gone_at: bench.clock.now }]);
      for (const table of ["orphan_images", "unclaimed_notifications"] as const)
        expect(await bench.store.selectFrom(table).selectAll().execute()).toEqual([]);
    },
  );

  test.each(["here", "unsupported"] as const)(
    "of a verdict that comes for one of a deleted submission, nothing is kept (the platform deletes: %s)",
    async (purge) => {
      await bench.queueAccepted("s", "img-1");
      bench.shown.add("img-2");
      const capabilities = () => ({ ...bench.plain.capabilities("p"), purge });
      await bench.startPurging(undefined, { capabilities });
      await bench.purge("s");
      const tell = (cardImageId: string, reference: string | null) =>
        takeNotification(bench.context, {
          cardImageId,
          reference,
          state: "rejected",
          rejectionCode: "OTHER",
          rejectionMemo: "that is a face",
          decidedAt: null,
        });
      await tell("img-1", null);
      await tell("img-2", "s");
      await expect.poll(async () => (await bench.rowOf("s")).purge_state).toBe(purge === "here" ? "gone" : purge);
      await expect.poll(() => bench.jobOf("s", "purge")).toBeUndefined();
      for (const reference of ["s", null]) for (const id of ["img-1", "img-2"]) await tell(id, reference);
      expect(await bench.store.selectFrom("unclaimed_notifications").selectAll().execute()).toEqual([]);
      const events = await bench.store.selectFrom("events").selectAll().execute();
      expect(JSON.stringify([events, await bench.rowOf("s")])).not.toContain("face");
    },
  );

  test("a second picture of a submission that is kept is deleted after a day, unless it is somebody's by then", async () => {
    await bench.queueAccepted("kept", "img-1");
    await bench.queueAccepted("other", "img-3");
    for (const id of ["img-2", "img-3"]) {
      bench.shown.add(id);
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
    await bench.startPurging();
    await takeNotification(bench.context, {
      cardImageId: "img-4",
      reference: "kept",
      state: "accepted",
      rejectionCode: null,
      rejectionMemo: null,
      decidedAt: null,
    });
    await severalPasses();
    expect(bench.ordered).toEqual([]);
    bench.clock.now += 24 * hour;
    await expect.poll(() => bench.ordered.toSorted()).toEqual(["img-2", "img-4"]);
    await expect.poll(() => bench.jobOf("kept", "purge")).toBeUndefined();
    expect((await bench.rowOf("kept")).state).toBe("approved");
    expect(bench.shown.has("img-3")).toBe(true);
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
      await bench.purge(id);
      await expect.poll(async () => (await bench.rowOf(id)).note).toContain("nobody knows whether the platform has it");
      expect((await bench.rowOf(id)).state).toBe("purging");
    };
    let sends = 0;
    await bench.startPurging(async () => {
      sends += 1;
      return accepted("never");
    });
    await doubtful("a");
    await doubtful("b");
    bench.shown.add("img-9");
    const context = { ...bench.context, providers: { of: () => ({ ...bench.plain, ...bench.platform() }) } };
    const decision = { reason: "asked there", confirm: false };
    await resolveByHand(context, "a", { action: "bind", cardImageId: "img-9", ...decision });
    bench.wake();
    expect(await bench.reaches("a", "purged")).toMatchObject({ card_image_id: "img-9" });
    await resolveByHand(context, "b", { action: "abandon", reason: "they have nothing" });
    expect(await bench.rowOf("b")).toMatchObject({ state: "purged", purge_state: "gone" });
    expect([bench.ordered, sends]).toEqual([["img-9"], 0]);
  });
});
