import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { noCapabilities, type Provider, type SendOutcome } from "#providers/provider.ts";
import { onlyProvider } from "../testing/app.ts";
import { type CourierBench, openCourierBench, scripted, severalPasses } from "../testing/courier.ts";
import { makeAttemptRow } from "../testing/rows.ts";
import { resolveByHand } from "./by-hand.ts";
import { takeNotification } from "./notifications.ts";

let bench: CourierBench;
beforeEach(async () => {
  bench = await openCourierBench();
});
afterEach(() => bench.close());

const unknown: SendOutcome = { kind: "unknown", detail: "timeout" };

describe("a refusal is the picture's fault once another is known to have arrived with these settings", () => {
  const refused: SendOutcome = { kind: "image-refused", detail: "ImageDataIsInvalid" };
  const word = {
    cardImageId: "img-1",
    state: "pending",
    rejectionCode: null,
    rejectionMemo: null,
    decidedAt: null,
  } as const;
  const able: Partial<Provider> = {
    capabilities: () => ({ ...noCapabilities, reference: true, search: true }),
    find: async ({ reference }) => (reference === "first" ? { kind: "found" } : { kind: "absent", proof: "control" }),
  };
  const byHand = {
    ...able,
    readCardImageId: (id: string) => id,
    getPreview: async () => ({ kind: "not-ready" }) as const,
  };

  const ways: Record<string, () => Promise<unknown>> = {
    "by the search": () => bench.goTo("first", "resolve"),
    "by a notification": () => takeNotification(bench.context, { ...word, reference: "first" }),
    "by hand": () => {
      const decision = { action: "bind", cardImageId: "img-1", reason: "r", confirm: true } as const;
      const providers = onlyProvider({ ...bench.plain, ...byHand });
      return resolveByHand({ ...bench.context, providers }, "first", decision);
    },
  };

  test.each(Object.entries(ways))("%s", async (_how, tell) => {
    await bench.queue("first");
    await bench.start(scripted(unknown, refused).send, {}, 15_000, able);
    await bench.reaches("first", "unknown");
    await tell();
    await expect.poll(async () => (await bench.rowOf("first")).state).not.toBe("unknown");
    await bench.queue("bad");
    await bench.reaches("bad", "rejected-image");
  });

  test("by a notification, although its server had died in the attempt", async () => {
    await bench.queue("first", { state: "accepted", card_image_id: "img-0", attempts: 1 });
    const abandoned = { outcome: "abandoned", begun_seq: 1 };
    await bench.store
      .insertInto("attempts")
      .values(makeAttemptRow(await bench.rowOf("first"), abandoned))
      .execute();
    await bench.queue("bad");
    await bench.start(scripted(refused).send);
    await bench.reaches("bad", "rejected-image");
  });

  test("and not before: one of which nobody knows yet proves nothing", async () => {
    await bench.queue("first");
    await bench.start(scripted(unknown, refused).send);
    await bench.reaches("first", "unknown");
    await bench.queue("bad");
    await expect.poll(() => bench.logged("error").length).toBeGreaterThan(0);
    expect((await bench.rowOf("bad")).state).toBe("queued");
  });

  test.each([
    ["sent again with other settings: nobody knows which of the two it was", "unknown"],
    ["accepted with other settings", "accepted"],
  ])("and not by one that was %s", async (_what, outcome) => {
    await bench.queue("first", { state: "accepted", card_image_id: "img-0", attempts: 2 });
    const row = await bench.rowOf("first");
    const [one, two] = [
      makeAttemptRow(row, { outcome: "unknown", begun_seq: 1 }),
      makeAttemptRow(row, { id: "two", outcome, number: 2, begun_seq: 2, settings: "others" }),
    ];
    await bench.store.insertInto("attempts").values([one, two]).execute();
    await bench.queue("bad");
    await bench.start(scripted(refused).send);
    await expect.poll(() => bench.logged("error").length).toBeGreaterThan(0);
    expect((await bench.rowOf("bad")).state).toBe("queued");
  });

  test("two refusals since then put the settings in doubt again, whatever the clock says", async () => {
    await bench.proveSettings();
    bench.clock.now -= 60 * 60_000;
    for (const id of ["a", "b", "c", "d"]) await bench.queue(id);
    await bench.start(scripted(refused).send, { concurrency: 1 });
    await expect.poll(() => bench.logged("error").some(({ outcome }) => outcome === "misconfigured")).toBe(true);
    await severalPasses();
    const states = await bench.store
      .selectFrom("submissions")
      .select("state")
      .where("id", "in", ["a", "b", "c", "d"])
      .execute();
    expect(states.map(({ state }) => state).sort()).toEqual(["queued", "queued", "rejected-image", "rejected-image"]);
  });
});
