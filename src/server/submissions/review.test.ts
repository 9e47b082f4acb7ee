import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SendOutcome } from "#providers/provider.ts";
import { takeNotification } from "./review.ts";
import { accepted, type CourierBench, openCourierBench } from "../testing/courier.ts";

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
      expect(await takeNotification(bench.ledger, { cardImageId: "img-1", state, rejectionCode })).toBe("kept");
    }
    resolve(accepted("img-1"));
    expect(await bench.reaches("s", "rejected")).toMatchObject({ card_image_id: "img-1", rejection_code: "07" });
    expect(await bench.store.selectFrom("unclaimed_notifications").selectAll().execute()).toEqual([]);
  });

  test("moves the submission; repeated, late and out of order it changes nothing", async () => {
    await bench.queue("s", { state: "accepted", card_image_id: "img-1", due_at: null });
    const tell = (state: "pending" | "accepted" | "rejected") =>
      takeNotification(bench.ledger, {
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
