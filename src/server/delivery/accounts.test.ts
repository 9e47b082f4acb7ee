import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { onlyProvider } from "../testing/app.ts";
import { accepted, type CourierBench, openCourierBench } from "../testing/courier.ts";
import { resolveByHand } from "./by-hand.ts";
import { createCheckpoint } from "./checkpoint.ts";
import { type NotificationContext, takeNotification } from "./notifications.ts";

const word = { cardImageId: "img-1", reference: null, rejectionCode: null, rejectionMemo: null, decidedAt: null };
const approved = { ...word, state: "accepted" } as const;

let bench: CourierBench;
beforeEach(async () => {
  bench = await openCourierBench();
  const issuers = ["river", "hill"].map((id) => ({ id, last_seq: 0 }));
  await bench.store.insertInto("issuers").values(issuers).execute();
});
afterEach(() => bench.close());

describe.each([
  ["two issuers at one platform", ["river", "scripted"], ["hill", "scripted"]],
  ["one issuer at two platforms", ["river", "one"], ["river", "two"]],
] as const)("the same image id, of %s", (_whose, first, second) => {
  const rowOf = ([issuer_id, provider]: typeof first | typeof second) => ({ issuer_id, provider });
  const toldTo = ([issuerId, provider]: typeof first | typeof second): NotificationContext => ({
    ...bench.context,
    issuerId,
    provider,
  });
  const states = async () => [(await bench.rowOf("a")).state, (await bench.rowOf("b")).state];
  async function queueBoth(a: object = {}, b: object = {}): Promise<void> {
    await bench.queue("a", { ...rowOf(first), ...a });
    await bench.queue("b", { ...rowOf(second), ...b });
  }
  const known = { state: "accepted", card_image_id: "img-1" } as const;

  test("is given to both, and each is told of its own", async () => {
    await queueBoth();
    await bench.start(async () => accepted("img-1"));
    for (const id of ["a", "b"]) await bench.reaches(id, "accepted");
    expect(await takeNotification(toldTo(second), approved)).toBe("moved");
    expect(await states()).toEqual(["accepted", "approved"]);
  });

  test("has words kept for each, and each takes its own", async () => {
    await queueBoth();
    expect(await takeNotification(toldTo(second), approved)).toBe("kept");
    expect(await takeNotification(toldTo(first), { ...word, state: "pending" })).toBe("kept");
    await bench.start(async () => accepted("img-1"));
    await bench.reaches("a", "in-review");
    await bench.reaches("b", "approved");
  });

  test("binds no submission of the other by its reference, and is taken from none", async () => {
    await queueBoth({ state: "unknown" }, known);
    const { reference } = await bench.rowOf("a");
    expect(await takeNotification(toldTo(second), { ...approved, cardImageId: "img-2", reference })).toBe("kept");
    expect(await states()).toEqual(["unknown", "accepted"]);
    expect(await takeNotification(toldTo(first), { ...approved, reference })).toBe("moved");
    expect(await states()).toEqual(["approved", "accepted"]);
  });

  test("is a step on the way of each", async () => {
    await queueBoth({ state: "held" }, known);
    const a = createCheckpoint(bench.store, await bench.rowOf("a"));
    await a.begin("lock", "sha");
    expect([...(await a.findTaken(["img-1"]))]).toEqual([]);
    expect(await a.reach("img-1")).toBe(true);
  });

  test("is bound by hand although the other has it, sends to it, or has heard of it", async () => {
    await queueBoth({ state: "held" }, known);
    await bench.queue("c", { ...rowOf(second), state: "held" });
    const c = createCheckpoint(bench.store, await bench.rowOf("c"));
    await c.begin("lock", "sha");
    await bench.store.updateTable("checkpoints").set({ card_image_id: "img-1" }).execute();
    const orphan = { ...rowOf(second), card_image_id: "img-1", submission_id: "c", reason: "a second id", found_at: 1 };
    await bench.store.insertInto("orphan_images").values(orphan).execute();
    const image = { kind: "image", bytes: bench.picture, mediaType: "image/png" } as const;
    const platform = { ...bench.plain, readCardImageId: (text: string) => text, getPreview: async () => image };
    const context = { ...bench.context, providers: onlyProvider(platform) };
    const decision = { action: "bind", cardImageId: "img-1", reason: "it is there", confirm: false } as const;
    expect((await resolveByHand(context, "a", decision)).state).toBe("accepted");
    // What the other has heard of is still nobody's there.
    expect(await bench.store.selectFrom("orphan_images").selectAll().execute()).toEqual([orphan]);
  });

  test("rests for one while the other goes on, and what goes on does not end that rest", async () => {
    await queueBoth();
    await bench.startWith({
      ...onlyProvider(bench.plain),
      of: ({ issuer_id, provider }) => ({
        ...bench.plain,
        send: async ({ reference }) =>
          issuer_id === first[0] && provider === first[1]
            ? { kind: "misconfigured", detail: "the key is wrong" }
            : accepted(`img-${reference}`),
      }),
    });
    const paused = () => bench.store.selectFrom("breakers").select(["issuer_id", "provider"]).execute();
    await expect.poll(paused).toEqual([rowOf(first)]);
    await bench.reaches("b", "accepted");
    await bench.queue("d", { ...rowOf(second), state: "queued" });
    await bench.reaches("d", "accepted");
    expect(await paused()).toEqual([rowOf(first)]);
  });
});
