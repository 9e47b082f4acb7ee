import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { noCapabilities, type Provider, type ReviewNotification, type SendOutcome } from "#providers/provider.ts";
import { accepted, type CourierBench, openCourierBench } from "../testing/courier.ts";
import { takeNotification } from "./notifications.ts";

let bench: CourierBench;
beforeEach(async () => {
  bench = await openCourierBench();
});
afterEach(() => bench.close());

const word = { cardImageId: "img-1", reference: null, rejectionMemo: null, decidedAt: null };

describe("what the platform reports", () => {
  test("before its own reply has reached us is kept and applied once the id is known", async () => {
    await bench.queue("s");
    const { promise, resolve } = Promise.withResolvers<SendOutcome>();
    await bench.start(() => promise);
    await bench.reaches("s", "sending");
    for (const state of ["rejected", "pending"] as const) {
      const rejectionCode = state === "rejected" ? "07" : null;
      expect(await takeNotification(bench.context, { ...word, state, rejectionCode })).toBe("kept");
    }
    resolve(accepted("img-1"));
    expect(await bench.reaches("s", "rejected")).toMatchObject({ card_image_id: "img-1", rejection_code: "07" });
    expect(await bench.store.selectFrom("unclaimed_notifications").selectAll().execute()).toEqual([]);
  });

  test("moves the submission; repeated, late and out of order it changes nothing", async () => {
    await bench.queue("s", { state: "accepted", card_image_id: "img-1" });
    const tell = (state: "pending" | "accepted" | "rejected") =>
      takeNotification(bench.context, {
        ...word,
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
    return { cardImageId: "img-1", state, rejectionCode, rejectionMemo: null, reference: null, decidedAt: null };
  };
  const said = (text: string) => {
    const { state, rejectionCode } = told(text);
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
    await bench.queue("s", { state: "accepted", card_image_id: "img-1" });
    await takeNotification(bench.context, told(first));
    const before = bench.logged(level).length;
    await takeNotification(bench.context, told(second));
    const lines = bench.logged(level).slice(before);
    expect(lines).toMatchObject([{ ...ids, ...said(second), known, msg: expect.stringContaining(sentence) }]);
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
    expect(lines[1]).toMatchObject({ ...said(second), ...fields });
  });
});

describe("what the platform reports with our reference", () => {
  const about = (reference: string, change: Partial<ReviewNotification> = {}): ReviewNotification => ({
    ...word,
    reference,
    state: "pending",
    rejectionCode: null,
    ...change,
  });

  test.each(["queued", "sending", "unknown", "held", "accepted-no-id"] as const)(
    "gives a submission that is %s its id, and it goes on from there",
    async (state) => {
      await bench.queue("s", { state, note: "in doubt", attempts: 1 });
      const { reference } = await bench.rowOf("s");
      expect(await takeNotification(bench.context, about(reference))).toBe("moved");
      const row = await bench.rowOf("s");
      expect(row).toMatchObject({ state: "in-review", card_image_id: "img-1", note: null });
      expect(await bench.store.selectFrom("jobs").selectAll().execute()).toEqual([]);
      const events = await bench.store.selectFrom("events").select(["cause", "actor"]).orderBy("seq").execute();
      expect(events).toEqual([
        { cause: "notified", actor: "provider" },
        { cause: "review-pending", actor: "provider" },
      ]);
    },
  );

  test("that has an id by now makes the second one an orphan, to be purged, and changes nothing", async () => {
    await bench.queue("s", { state: "approved", card_image_id: "img-0" });
    const { reference } = await bench.rowOf("s");
    expect(await takeNotification(bench.context, about(reference))).toBe("kept");
    expect(await bench.rowOf("s")).toMatchObject({ state: "approved", card_image_id: "img-0" });
    const orphans = await bench.store.selectFrom("orphan_images").select(["card_image_id", "submission_id"]).execute();
    expect(orphans).toEqual([{ card_image_id: "img-1", submission_id: "s" }]);
    expect(bench.logged("error")).toMatchObject([{ knownCardImageId: "img-0", cardImageId: "img-1" }]);
  });

  test("while it is being sent needs no reply any more: the reply that comes then repeats it", async () => {
    await bench.queue("s");
    const { promise, resolve } = Promise.withResolvers<SendOutcome>();
    await bench.start(() => promise);
    const { reference } = await bench.reaches("s", "sending");
    await takeNotification(bench.context, about(reference, { state: "accepted" }));
    await bench.reaches("s", "approved");
    resolve(accepted("img-1"));
    await expect
      .poll(() => bench.logged("info").some(({ msg }) => String(msg).includes("repeats its answer")))
      .toBe(true);
    expect(await bench.rowOf("s")).toMatchObject({ state: "approved", card_image_id: "img-1" });
    expect(await bench.store.selectFrom("jobs").selectAll().execute()).toEqual([]);
  });

  test("takes an id away from a submission that an answer gave it wrongly: it is in doubt again, and the owner has its id", async () => {
    await bench.queue("owner", { state: "unknown", attempts: 1 });
    await bench.queue("wrong", { state: "approved", card_image_id: "img-1", attempts: 1, decided_at: 5 });
    const { reference } = await bench.rowOf("owner");
    expect(await takeNotification(bench.context, about(reference, { state: "accepted" }))).toBe("moved");
    expect(await bench.rowOf("owner")).toMatchObject({ state: "approved", card_image_id: "img-1" });
    expect(await bench.rowOf("wrong")).toMatchObject({ state: "unknown", card_image_id: null, decided_at: null });
    expect(await bench.jobOf("wrong", "resolve")).toBeDefined();
    expect(bench.logged("error")).toMatchObject([{ submissionId: "wrong", ownerId: "owner" }]);
  });

  test("takes an id away from a submission although its cardholder has sent another meanwhile", async () => {
    await bench.queue("owner", { state: "unknown", attempts: 1 });
    await bench.queue("wrong", { state: "rejected", card_image_id: "img-1", attempts: 1 });
    await bench.queue("another", { state: "in-review", card_image_id: "img-2", cardholder_id: "wrong" });
    const { reference } = await bench.rowOf("owner");
    expect(await takeNotification(bench.context, about(reference, { state: "accepted" }))).toBe("moved");
    expect(await bench.rowOf("owner")).toMatchObject({ state: "approved", card_image_id: "img-1" });
    expect(await bench.rowOf("wrong")).toMatchObject({ state: "unknown", is_double: 1 });
  });

  test("brings a submission that had another's id to where the search tells what became of it", async () => {
    const provider: Partial<Provider> = {
      capabilities: () => ({ ...noCapabilities, reference: true, search: true }),
      find: async () => ({ kind: "found" }),
    };
    await bench.queue("wrong");
    await bench.start(async () => accepted("img-1"), {}, 15_000, provider);
    await bench.reaches("wrong", "accepted");
    await bench.queue("owner", { state: "unknown", attempts: 1 });
    await takeNotification(bench.context, about((await bench.rowOf("owner")).reference));
    await bench.goTo("wrong", "resolve");
    await bench.reaches("wrong", "accepted-no-id");
  });

  test("makes an id that was thought nobody's one that counts: nobody is asked to delete it any more", async () => {
    await bench.queue("s", { state: "approved", card_image_id: "img-0" });
    await bench.queue("owner", { state: "unknown", attempts: 1 });
    await takeNotification(bench.context, about((await bench.rowOf("s")).reference));
    await takeNotification(bench.context, about((await bench.rowOf("owner")).reference));
    expect(await bench.rowOf("owner")).toMatchObject({ card_image_id: "img-1" });
    expect(await bench.store.selectFrom("orphan_images").selectAll().execute()).toEqual([]);
  });

  test("a reference of nobody's is kept like any other word", async () => {
    expect(await takeNotification(bench.context, about("NOBODYSNOBODYSNOBODY"))).toBe("kept");
  });
});

describe("a verdict that the platform changes", () => {
  const at = (state: "accepted" | "rejected", decidedAt: number, rejectionCode: string | null = null) =>
    takeNotification(bench.context, { ...word, state, decidedAt, rejectionCode });

  test.each([
    [
      "an approval taken back",
      [
        ["accepted", 1],
        ["rejected", 2],
      ],
      "rejected",
    ],
    [
      "a rejection taken back",
      [
        ["rejected", 1],
        ["accepted", 2],
      ],
      "approved",
    ],
    [
      "an older word that comes late",
      [
        ["accepted", 2],
        ["rejected", 1],
      ],
      "approved",
    ],
    [
      "an older word between two that agree",
      [
        ["accepted", 1],
        ["accepted", 3],
        ["rejected", 2],
      ],
      "approved",
    ],
    [
      "there and back",
      [
        ["accepted", 1],
        ["rejected", 2],
        ["accepted", 3],
      ],
      "approved",
    ],
  ] as const)("%s: the later word holds", async (_what, words, state) => {
    await bench.queue("s", { state: "accepted", card_image_id: "img-1" });
    for (const [verdict, when] of words) await at(verdict, when, verdict === "rejected" ? "03" : null);
    expect(await bench.rowOf("s")).toMatchObject({ state, rejection_code: state === "rejected" ? "03" : null });
  });

  test("another reason for the same rejection is told; the same one again is not", async () => {
    await bench.queue("s", { state: "accepted", card_image_id: "img-1" });
    expect(await at("rejected", 1, "03")).toBe("moved");
    expect(await at("rejected", 2, "03")).toBe("nothing-new");
    expect(await at("rejected", 3, "07")).toBe("moved");
    expect(await bench.rowOf("s")).toMatchObject({ state: "rejected", rejection_code: "07" });
  });
});
