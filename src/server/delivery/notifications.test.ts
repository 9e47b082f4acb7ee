import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SendOutcome } from "#providers/provider.ts";
import { accepted, type CourierBench, openCourierBench } from "../testing/courier.ts";
import { takeNotification } from "./notifications.ts";

let bench: CourierBench;
beforeEach(async () => {
  bench = await openCourierBench();
});
afterEach(() => bench.close());

describe("what the platform reports", () => {
  test("before its own reply has reached us is kept and applied once the id is known", async () => {
    await bench.queue("s");
    const { promise, resolve } = Promise.withResolvers<SendOutcome>();
    await bench.start(() => promise);
    await bench.reaches("s", "sending");
    for (const state of ["rejected", "pending"] as const) {
      const rejectionCode = state === "rejected" ? "07" : null;
      expect(await takeNotification(bench.context, { cardImageId: "img-1", state, rejectionCode })).toBe("kept");
    }
    resolve(accepted("img-1"));
    expect(await bench.reaches("s", "rejected")).toMatchObject({ card_image_id: "img-1", rejection_code: "07" });
    expect(await bench.store.selectFrom("unclaimed_notifications").selectAll().execute()).toEqual([]);
  });

  test("moves the submission; repeated, late and out of order it changes nothing", async () => {
    await bench.queue("s", { state: "accepted", card_image_id: "img-1", due_at: null });
    const tell = (state: "pending" | "accepted" | "rejected") =>
      takeNotification(bench.context, {
        cardImageId: "img-1",
        state,
        rejectionCode: state === "rejected" ? "03" : null,
      });
    expect(await tell("pending")).toBe("moved");
    expect(await tell("pending")).toBe("nothing-new");
    expect(await tell("accepted")).toBe("moved");
    expect(await tell("pending")).toBe("nothing-new");
    expect((await bench.rowOf("s")).state).toBe("approved");
    expect(await tell("rejected")).toBe("moved");
    expect(await tell("accepted")).toBe("nothing-new");
    expect(await bench.rowOf("s")).toMatchObject({ state: "rejected", rejection_code: "03", sequence: 5 });
  });
});

describe("what the platform reports leaves a line with both ids, what was known, and what was done", () => {
  const told = (word: string) => {
    const [state, rejectionCode = null] = word.split(" ") as ["pending" | "accepted" | "rejected", string?];
    return { cardImageId: "img-1", state, rejectionCode };
  };
  const ids = { submissionId: "s", cardImageId: "img-1" };

  test.each([
    ["accepted", "rejected 03", "warn", "takes its approval back: now rejected", "approved"],
    ["rejected 03", "accepted", "warn", "contradicts its verdict: nothing changed", "rejected"],
    ["rejected 03", "rejected 07", "warn", "contradicts its verdict: nothing changed", "rejected"],
    ["accepted", "accepted", "info", "repeats its word: nothing changed", "approved"],
    ["rejected 03", "rejected 03", "info", "repeats its word: nothing changed", "rejected"],
    ["pending", "pending", "info", "repeats its word: nothing changed", "in-review"],
    ["accepted", "pending", "info", "comes after its verdict: nothing changed", "approved"],
    ["rejected 03", "pending", "info", "comes after its verdict: nothing changed", "rejected"],
    ["pending", "accepted", "info", "taken", "in-review"],
  ] as const)("%s, then %s", async (first, second, level, sentence, known) => {
    await bench.queue("s", { state: "accepted", card_image_id: "img-1", due_at: null });
    await takeNotification(bench.context, told(first));
    const before = bench.logged(level).length;
    await takeNotification(bench.context, told(second));
    const lines = bench.logged(level).slice(before);
    expect(lines).toMatchObject([{ ...ids, ...told(second), known, msg: expect.stringContaining(sentence) }]);
    if (first.startsWith("rejected")) expect(lines[0]?.knownRejectionCode).toBe("03");
  });

  test.each([
    ["rejected 03", "accepted", { known: "rejected", knownRejectionCode: "03", keptState: "rejected" }],
    ["accepted", "rejected 07", { known: "accepted", keptState: "rejected", keptRejectionCode: "07" }],
    ["rejected 03", "rejected 07", { known: "rejected", knownRejectionCode: "03", keptRejectionCode: "07" }],
  ] as const)("about an image that no submission has: %s, then %s", async (first, second, fields) => {
    for (const word of [first, second]) await takeNotification(bench.context, told(word));
    const lines = bench.logged("warn");
    expect(lines.map(({ msg }) => msg)).toEqual(
      Array(2).fill("a notification for an image that no submission has (yet)"),
    );
    expect(lines[1]).toMatchObject({ ...told(second), ...fields });
  });
});
