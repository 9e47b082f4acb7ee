import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { onlyProvider } from "../testing/app.ts";
import { accepted, type CourierBench, openCourierBench } from "../testing/courier.ts";
import { makeAttemptRow } from "../testing/rows.ts";
import { resolveByHand } from "./by-hand.ts";
import { createCheckpoint } from "./checkpoint.ts";
import { judge } from "./judgement.ts";
import { type NotificationContext, takeNotification } from "./notifications.ts";

let bench: CourierBench;
beforeEach(async () => {
  bench = await openCourierBench();
  const issuers = ["river", "hill"].map((id) => ({ id, last_seq: 0 }));
  await bench.store.insertInto("issuers").values(issuers).execute();
});
afterEach(() => bench.close());

const word = { cardImageId: "img-1", reference: null, rejectionCode: null, rejectionMemo: null, decidedAt: null };
const approved = { ...word, state: "accepted" } as const;
const toldTo = (issuerId: string): NotificationContext => ({ ...bench.context, issuerId });

/** A submission of each, of the same cardholder, on the same platform; its id is its issuer's. */
async function queueBoth(change: object = {}): Promise<void> {
  for (const id of ["river", "hill"])
    await bench.queue(id, { issuer_id: id, cardholder_id: "A1", idempotency_key: "same", ...change });
}
const statesOf = async () => [(await bench.rowOf("river")).state, (await bench.rowOf("hill")).state];

describe("two issuers with accounts on the same platform", () => {
  test("may be given the same image id for the same cardholder", async () => {
    await queueBoth();
    await bench.start(async () => accepted("img-1"));
    for (const id of ["river", "hill"])
      expect(await bench.reaches(id, "accepted")).toMatchObject({ card_image_id: "img-1", note: null });
  });

  test("are each told of their own pictures, whatever the id", async () => {
    await queueBoth({ state: "accepted", card_image_id: "img-1" });
    expect(await takeNotification(toldTo("river"), approved)).toBe("moved");
    expect(await statesOf()).toEqual(["approved", "accepted"]);
    const rejected = { ...word, state: "rejected", rejectionCode: "12" } as const;
    expect(await takeNotification(toldTo("hill"), rejected)).toBe("moved");
    expect(await statesOf()).toEqual(["approved", "rejected"]);
  });

  test("keep words about an id that is not known yet apart", async () => {
    await queueBoth();
    expect(await takeNotification(toldTo("hill"), approved)).toBe("kept");
    expect(await takeNotification(toldTo("river"), { ...word, state: "pending" })).toBe("kept");
    await bench.start(async () => accepted("img-1"));
    await bench.reaches("hill", "approved");
    await bench.reaches("river", "in-review");
  });

  test("cannot move each other's pictures with a reference", async () => {
    await queueBoth({ state: "unknown", attempts: 1 });
    const { reference } = await bench.rowOf("hill");
    expect(await takeNotification(toldTo("river"), { ...approved, reference })).toBe("kept");
    expect(await statesOf()).toEqual(["unknown", "unknown"]);
    // Nor take an id away.
    await bench.store.updateTable("submissions").set({ state: "accepted", card_image_id: "img-1" }).execute();
    await takeNotification(toldTo("river"), { ...approved, cardImageId: "img-1", reference });
    expect(await bench.rowOf("hill")).toMatchObject({ state: "accepted", card_image_id: "img-1" });
  });

  test("do not drive out each other's words by their number", async () => {
    await takeNotification(toldTo("hill"), approved);
    bench.clock.now += 1;
    const flood = Array.from({ length: 1_000 }, (_, n) => n);
    for (let round = 0; round < 10; round += 1)
      await bench.store
        .insertInto("unclaimed_notifications")
        .values(
          flood.map((n) => ({
            issuer_id: "river",
            provider: "scripted",
            card_image_id: `img-${round}-${n}`,
            state: "pending" as const,
            rejection_code: null,
            rejection_memo: null,
            decided_at: null,
            received_at: bench.clock.now,
          })),
        )
        .execute();
    await takeNotification(toldTo("river"), { ...approved, cardImageId: "img-late" });
    const left = bench.store.selectFrom("unclaimed_notifications").select("issuer_id");
    expect(await left.where("issuer_id", "=", "hill").execute()).toHaveLength(1);
    expect(await left.where("issuer_id", "=", "river").execute()).toHaveLength(10_000);
  });

  test("take the steps towards an id each by itself", async () => {
    await queueBoth();
    const [river, hill] = [await bench.rowOf("river"), await bench.rowOf("hill")].map((row) =>
      createCheckpoint(bench.store, row),
    );
    const begun = [await river?.begin("account-1", "sha"), await hill?.begin("account-1", "sha")];
    for (const one of begun) expect(one).toMatchObject({ cardImageId: null });
    expect([await river?.reach("img-1"), await hill?.reach("img-1")]).toEqual([true, true]);
    await bench.queue("other", { issuer_id: "hill" });
    const other = createCheckpoint(bench.store, await bench.rowOf("other"));
    expect(await other.reach("img-1")).toBe(false);
    expect([...(await other.findTaken(["img-1", "img-2"]))]).toEqual(["img-1"]);
    await bench.queue("third", { issuer_id: "default" });
    const third = createCheckpoint(bench.store, await bench.rowOf("third"));
    expect([...(await third.findTaken(["img-1", "img-2"]))]).toEqual([]);
  });

  test("are not proven right by each other's settings", async () => {
    await queueBoth({ state: "accepted", card_image_id: "img-1" });
    await bench.store
      .insertInto("attempts")
      .values(makeAttemptRow(await bench.rowOf("river"), { begun_seq: 1 }))
      .execute();
    const refused = { kind: "image-refused", detail: "no" } as const;
    const judged = async (id: string) => (await judge(bench.store, await bench.rowOf(id), "settings", refused)).outcome;
    expect(await judged("river")).toEqual(refused);
    expect(await judged("hill")).toMatchObject({ kind: "misconfigured" });
  });

  test("may each be given the same id by hand, and none twice", async () => {
    await queueBoth({ state: "held" });
    await bench.queue("again", { issuer_id: "river", state: "held" });
    const bind = (id: string) =>
      resolveByHand({ ...bench.context, providers: onlyProvider(bench.plain) }, id, {
        action: "bind",
        cardImageId: "img-1",
        reason: "seen there",
        confirm: true,
      });
    for (const id of ["river", "hill"]) expect(await bind(id)).toMatchObject({ state: "accepted" });
    await expect(bind("again")).rejects.toMatchObject({ detail: "Submission river has that image id." });
  });

  test("are not held up by an id that the other's submission has, sends to or has lost", async () => {
    await queueBoth({ state: "held" });
    await bench.queue("owner", { issuer_id: "hill", state: "accepted", card_image_id: "img-1" });
    await createCheckpoint(bench.store, await bench.rowOf("hill")).begin("account-1", "sha");
    expect(await createCheckpoint(bench.store, await bench.rowOf("hill")).reach("img-2")).toBe(true);
    const lost = { issuer_id: "hill", provider: "scripted", submission_id: "hill", reason: "twice", found_at: 0 };
    await bench.store
      .insertInto("orphan_images")
      .values({ ...lost, card_image_id: "img-3" })
      .execute();
    const river = createCheckpoint(bench.store, await bench.rowOf("river"));
    await river.begin("account-1", "sha");
    expect(await river.reach("img-1")).toBe(true);
    await bench.store.deleteFrom("checkpoints").where("submission_id", "=", "river").execute();
    const shown = { kind: "image", bytes: Buffer.from("a picture"), mediaType: "image/jpeg" } as const;
    const providers = onlyProvider({ ...bench.plain, getPreview: async () => shown });
    for (const cardImageId of ["img-1", "img-2", "img-3"]) {
      const decision = { action: "bind", cardImageId, reason: "seen there", confirm: false } as const;
      expect(await resolveByHand({ ...bench.context, providers }, "river", decision)).toMatchObject({
        state: "accepted",
        card_image_id: cardImageId,
      });
      await bench.store
        .updateTable("submissions")
        .set({ state: "held", card_image_id: null })
        .where("id", "=", "river")
        .execute();
    }
    expect(await bench.store.selectFrom("orphan_images").select("issuer_id").execute()).toEqual([
      { issuer_id: "hill" },
    ]);
  });

  test("are named in each line of the log that names a submission", async () => {
    await queueBoth();
    await bench.start(async () => ({ kind: "unknown", detail: "timeout" }), { quietWindowMs: 1_000 });
    await expect
      .poll(() => {
        bench.clock.now += 1_000;
        return statesOf();
      })
      .toEqual(["held", "held"]);
    const decision = { action: "bind", cardImageId: "img-1", reason: "it is there", confirm: true } as const;
    await resolveByHand(bench.context, "river", decision);
    await takeNotification(toldTo("river"), approved);
    const lines = (["info", "warn", "error"] as const).flatMap(bench.logged).filter((line) => "submissionId" in line);
    expect(lines.map(({ msg }) => msg)).toContain("an operator has to look at this submission");
    // Here an issuer and its submission have one name.
    for (const line of lines) expect(line, String(line.msg)).toMatchObject({ issuerId: line.submissionId });
  });

  test("do not wait for each other's platform, however long it takes and however much there is for it", async () => {
    for (const [n, product] of ["photo-landscape", "photo-portrait", "photo-fine"].entries())
      for (const card of ["A", "B"])
        await bench.queue(`${card}${n}`, { issuer_id: "river", cardholder_id: card, product_id: product });
    await bench.queue("hill", { issuer_id: "hill" }, 1);
    const { promise: hang, resolve: end } = Promise.withResolvers<void>();
    let sending = 0;
    await bench.startWith({
      ...onlyProvider(bench.plain),
      of: ({ issuer_id: issuerId }) => ({
        ...bench.plain,
        async send({ reference }) {
          if (issuerId !== "river") return accepted(reference);
          sending += 1;
          await hang;
          return { kind: "not-sent", detail: "closed" };
        },
      }),
    });
    await expect.poll(() => sending).toBe(2);
    bench.clock.now += 1;
    await bench.reaches("hill", "accepted");
    end();
  });

  test("wait each for their own platform: what rests for one goes on for the other", async () => {
    await queueBoth();
    await bench.startWith({
      ...onlyProvider(bench.plain),
      of: ({ issuer_id: issuerId }) => ({
        ...bench.plain,
        send: async ({ reference }) =>
          issuerId === "river" ? { kind: "misconfigured", detail: "the key is wrong" } : accepted(reference),
      }),
    });
    await bench.reaches("hill", "accepted");
    await expect.poll(async () => (await bench.jobOf("river", "send"))?.last_error).toBe("the key is wrong");
    await bench.queue("later", { issuer_id: "hill", cardholder_id: "B2" });
    await bench.reaches("later", "accepted");
    const paused = await bench.store
      .selectFrom("breakers")
      .select("issuer_id")
      .where("paused_until", "is not", null)
      .execute();
    expect(paused).toEqual([{ issuer_id: "river" }]);
  });
});
