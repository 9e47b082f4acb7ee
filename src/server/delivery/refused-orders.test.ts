import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makePng } from "#providers/synctera/emulator/testing/synctera.ts";
import { severalPasses } from "../testing/courier.ts";
import { openSyncteraBench, type SyncteraBench } from "../testing/synctera-bench.ts";

const png = await makePng(1036, 664);

let close: SyncteraBench["close"];
let bench: SyncteraBench["bench"];
let synctera: SyncteraBench["synctera"];
let platform: SyncteraBench["platform"];
let queue: SyncteraBench["queue"];
let start: SyncteraBench["start"];
beforeEach(async () => {
  ({ bench, synctera, platform, queue, start, close } = await openSyncteraBench(png));
});
afterEach(() => close());

describe("an order that the platform refuses", () => {
  test("of a customer whom it does not know waits alone, with settings that nothing has proven yet", async () => {
    await synctera.addFault({ method: "Create", fault: "error-422" });
    await queue("s");
    await start();
    await expect.poll(async () => (await bench.rowOf("s")).note).toContain("HTTP 422");
    expect((await bench.rowOf("s")).state).toBe("queued");
    await queue("t");
    await bench.reaches("t", "accepted");
    // Now it is known that it is not the settings.
    await synctera.addFault({ method: "Create", fault: "error-422" });
    await bench.goTo("s", "send");
    await bench.reaches("s", "held");
    expect(await bench.store.selectFrom("breakers").selectAll().execute()).toEqual([]);
  });

  test.each([
    ["unproven", false],
    ["proven", true],
  ] as const)(
    "three times in a row, for three customers, with %s settings: the product waits",
    async (_what, isProven) => {
      if (isProven) await bench.proveSettings(platform.settingsFingerprint("photo-landscape", "cardholder"));
      await synctera.addFault({ method: "Create", fault: "error-422", times: 3 });
      for (const id of ["a", "b", "c"]) await queue(id);
      await start();
      await expect.poll(() => bench.store.selectFrom("breakers").selectAll().execute()).toHaveLength(1);
      await queue("d");
      await severalPasses();
      expect((await bench.rowOf("d")).state).toBe("queued");
      expect((await synctera.ledger()).calls.filter(({ method }) => method === "Create")).toHaveLength(3);
      // The card product is put right there.
      bench.clock.now += 120_000;
      await bench.reaches("d", "accepted");
      const states = async () => (await Promise.all(["a", "b", "c"].map(bench.rowOf))).map(({ state }) => state).sort();
      const both = isProven ? "held" : "accepted";
      await expect.poll(states).toEqual(["accepted", both, both]);
    },
  );

  test("because the cardholder's id can be no customer's is held for itself, however many there are, and the product goes on", async () => {
    for (const id of ["a", "b", "c", "d"]) await bench.queue(id, { cardholder_id: `c-${id}`, provider: "synctera" });
    await start();
    for (const id of ["a", "b", "c", "d"]) expect((await bench.reaches(id, "held")).note).toContain("no customer id");
    await queue("good");
    await bench.reaches("good", "accepted");
  });

  test("of a customer whom it does not know holds that one up and no other, once the settings are proven", async () => {
    await bench.proveSettings(platform.settingsFingerprint("photo-landscape", "cardholder"));
    await synctera.addFault({ method: "Create", fault: "error-422" });
    await queue("s");
    await start();
    const { note } = await bench.reaches("s", "held");
    expect(note).toContain("HTTP 422");
    await queue("t");
    bench.clock.now += 1_000;
    await bench.reaches("t", "accepted");
  });
});
