import { afterEach, beforeEach, expect, test } from "vitest";
import { noCapabilities, type SendOutcome } from "#providers/provider.ts";
import { type CourierBench, openCourierBench, scripted } from "../testing/courier.ts";
import { makeAttemptRow } from "../testing/rows.ts";
import { takeNotification } from "./notifications.ts";

let bench: CourierBench;
beforeEach(async () => {
  bench = await openCourierBench();
});
afterEach(() => bench.close());

const platform = {
  capabilities: () => ({ ...noCapabilities, reference: true, search: true }),
  find: async () => ({ kind: "absent", proof: "control" }) as const,
};
const told = (cardImageId: string, reference: string, state: "pending" | "accepted" = "pending") =>
  ({ cardImageId, reference, state, rejectionCode: null, rejectionMemo: null, decidedAt: null }) as const;
const orphans = () => bench.store.selectFrom("orphan_images").select("card_image_id").execute();

/** Sent once, and answered with this image id. */
async function answered(cardImageId: string): Promise<void> {
  await bench.queue("b", { reference: "B" });
  await bench.start(scripted({ kind: "accepted", cardImageId }).send, {}, 15_000, platform);
  await bench.reaches("b", "accepted");
}

test("what was answered with another picture's id is known by its own as soon as that is told with our reference", async () => {
  await answered("id-of-a");
  // The other's verdict is none on this one.
  await takeNotification(bench.context, { ...told("id-of-a", "", "accepted"), reference: null });
  await bench.reaches("b", "approved");
  await takeNotification(bench.context, told("id-of-b", "B"));
  expect(await bench.rowOf("b")).toMatchObject({ state: "in-review", card_image_id: "id-of-b", note: null });
  expect(await orphans()).toEqual([]);
  expect(bench.logged("error")).toHaveLength(1);
  await takeNotification(bench.context, told("id-of-b", "B", "accepted"));
  expect((await bench.rowOf("b")).state).toBe("approved");
});

test("a second picture of ours on the platform takes nothing from the one that a notification has told with our reference", async () => {
  await answered("id-1");
  await takeNotification(bench.context, told("id-1", "B", "accepted"));
  await takeNotification(bench.context, told("id-2", "B", "accepted"));
  expect(await bench.rowOf("b")).toMatchObject({ state: "approved", card_image_id: "id-1" });
  expect(await orphans()).toEqual([{ card_image_id: "id-2" }]);
  await takeNotification(bench.context, told("id-1", "B", "accepted"));
  expect((await bench.rowOf("b")).card_image_id).toBe("id-1");
});

test("of two pictures that two attempts may have brought, each told with our reference, the first keeps its place", async () => {
  await bench.queue("b", { reference: "B", attempts: 1 });
  const attempt = makeAttemptRow(await bench.rowOf("b"), { outcome: "unknown" });
  await bench.store.insertInto("attempts").values(attempt).execute();
  await bench.start(scripted({ kind: "accepted", cardImageId: "id-2" }).send, {}, 15_000, platform);
  await bench.reaches("b", "accepted");
  await takeNotification(bench.context, told("id-1", "B"));
  expect(await bench.rowOf("b")).toMatchObject({ state: "accepted", card_image_id: "id-2" });
  expect(await orphans()).toEqual([{ card_image_id: "id-1" }]);
});

test("the platform's client id is kept although a notification has told the image id before the answer", async () => {
  await bench.queue("b", { reference: "B" });
  const send = async (): Promise<SendOutcome> => {
    await takeNotification(bench.context, told("id-of-b", "B"));
    return { kind: "accepted", cardImageId: "id-of-b", clientId: "7" };
  };
  await bench.start(send, {}, 15_000, platform);
  await expect.poll(async () => (await bench.rowOf("b")).client_id).toBe("7");
  expect(await bench.rowOf("b")).toMatchObject({ state: "in-review", card_image_id: "id-of-b" });
});
