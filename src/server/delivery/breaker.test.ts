import { rm } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SendOutcome } from "#providers/provider.ts";
import {
  accepted,
  type CourierBench,
  openCourierBench,
  type Send,
  scripted,
  severalPasses,
} from "../testing/courier.ts";
import { listPaused } from "./breaker.ts";

let bench: CourierBench;
beforeEach(async () => {
  bench = await openCourierBench();
});
afterEach(() => bench.close());

const notSent: SendOutcome = { kind: "not-sent", detail: "refused" };
const unknown: SendOutcome = { kind: "unknown", detail: "timeout" };
const misconfigured: SendOutcome = { kind: "misconfigured", detail: "HandoverKeyInvalid" };
const down: SendOutcome = { kind: "unknown", detail: "HTTP 503", symptom: "down" };
const notFound: SendOutcome = { kind: "unknown", detail: "HTTP 404", symptom: "settings" };

async function queueMany(count: number, change: object = {}): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `s${index}`);
  for (const id of ids) await bench.queue(id, change);
  return ids;
}

async function statesOf(ids: readonly string[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const id of ids) {
    const { state } = await bench.rowOf(id);
    counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
}

test("all that rests is known, of however many issuers, as when the proxy that all of them leave by is down", async () => {
  const ids = Array.from({ length: 1_000 }, (_, index) => `issuer-${index}`);
  const products = ["photo-landscape", "photo-portrait"];
  const now = bench.clock.now;
  const resting = { provider: "thales", failures: 1, pause_ms: 60_000, paused_until: now + 60_000, cause: "down" };
  const rows = ids.flatMap((id) => products.map((product) => ({ ...resting, issuer_id: id, product_id: product })));
  await bench.store
    .insertInto("issuers")
    .values(ids.map((id) => ({ id, last_seq: 0 })))
    .execute();
  for (let at = 0; at < rows.length; at += 500)
    await bench.store
      .insertInto("breakers")
      .values(rows.slice(at, at + 500))
      .execute();
  expect(await listPaused(bench.store, now)).toHaveLength(rows.length);
});

describe("a platform that is not what it should be", () => {
  test.each([misconfigured, down, notFound])(
    "burns one picture at most, and the others wait: $detail",
    async (word) => {
      const ids = await queueMany(8);
      const platform = scripted(word);
      await bench.start(platform.send);
      await expect.poll(() => bench.logged("error").length).toBeGreaterThan(0);
      await severalPasses();
      expect(platform.calls).toHaveLength(1);
      const burnt = word.kind === "unknown" ? { unknown: 1, queued: 7 } : { queued: 8 };
      expect(await statesOf(ids)).toEqual(burnt);
    },
  );

  test("rests longer and longer, with one try after each pause, and then takes all that waited", async () => {
    const ids = await queueMany(8);
    const platform = scripted(down, down, down, ...(ids.map((id) => accepted(id)) as [SendOutcome]));
    await bench.start(platform.send);
    const pauses: number[] = [];
    for (let tries = 1; tries <= 3; tries += 1) {
      await expect.poll(() => platform.calls.length).toBe(tries);
      await expect
        .poll(async () => (await bench.store.selectFrom("breakers").selectAll().executeTakeFirst())?.failures)
        .toBe(tries);
      const breaker = await bench.store.selectFrom("breakers").selectAll().executeTakeFirstOrThrow();
      pauses.push((breaker.paused_until ?? 0) - bench.clock.now);
      bench.clock.now = breaker.paused_until ?? 0;
    }
    expect(pauses).toEqual([60_000, 120_000, 240_000]);
    await expect.poll(() => statesOf(ids)).toEqual({ unknown: 3, accepted: 5 });
    expect(await bench.store.selectFrom("breakers").selectAll().execute()).toEqual([]);
    expect(bench.logged("info").some(({ msg }) => msg === "the platform takes pictures of this product again")).toBe(
      true,
    );
  });

  test("with doubts that say nothing about the next picture, rests after the third in a row", async () => {
    const ids = await queueMany(8);
    const platform = scripted(unknown);
    await bench.start(platform.send);
    await expect.poll(() => platform.calls.length).toBe(3);
    await severalPasses();
    expect(platform.calls).toHaveLength(3);
    expect(await statesOf(ids)).toEqual({ unknown: 3, queued: 5 });
  });

  test("one that takes a picture now and then is not taken for one that is down", async () => {
    const ids = await queueMany(8);
    const mixed = ids.map((id, index) => (index % 3 === 2 ? accepted(id) : unknown)) as [SendOutcome];
    await bench.start(scripted(...mixed).send, { concurrency: 1 });
    await expect.poll(() => statesOf(ids)).toEqual({ unknown: 6, accepted: 2 });
  });

  test("for one product goes on with the others", async () => {
    await bench.queue("a");
    await bench.queue("b", {}, 1);
    await bench.queue("c", { product_id: "photo-portrait" }, 2);
    const platform = scripted(misconfigured, accepted("img-1"), accepted("img-2"), accepted("img-3"));
    await bench.start(platform.send, { concurrency: 1 });
    await expect.poll(() => bench.logged("error").length).toBeGreaterThan(0);
    bench.clock.now += 2;
    await bench.reaches("c", "accepted");
    await severalPasses();
    expect((await bench.rowOf("b")).state).toBe("queued");
    bench.clock.now += 60_000;
    await bench.reaches("a", "accepted");
    await bench.reaches("b", "accepted");
    expect(platform.calls).toHaveLength(4);
  });

  test("holds up no picture of the same product that goes to another platform", async () => {
    await bench.queue("a", { provider: "one" });
    await bench.queue("b", { provider: "two" }, 2);
    const send: Send = async ({ reference }) => (reference === "a" ? misconfigured : accepted("img-2"));
    await bench.start(send, { concurrency: 1 });
    await expect.poll(() => bench.logged("error").length).toBeGreaterThan(0);
    bench.clock.now += 2;
    await bench.reaches("b", "accepted");
    expect((await bench.rowOf("a")).state).toBe("queued");
  });

  test("whose try finds its picture's file gone is tried with the next one at once", async () => {
    await bench.queue("a");
    await bench.queue("b", {}, 1);
    await bench.start(scripted(misconfigured, accepted("img-1")).send);
    await expect.poll(async () => (await bench.jobOf("a", "send"))?.last_error).toBe("HandoverKeyInvalid");
    await rm(await bench.fileOf("a"));
    bench.clock.now += 60_000;
    await bench.store.updateTable("jobs").set({ run_at: 0 }).where("submission_id", "=", "a").execute();
    await bench.reaches("a", "held");
    await bench.reaches("b", "accepted");
  });

  test("is tried again at once after a restart", async () => {
    await bench.queue("a");
    const before = await bench.start(scripted(misconfigured).send);
    await expect.poll(async () => (await bench.jobOf("a", "send"))?.last_error).toBe("HandoverKeyInvalid");
    await before.stop();
    await bench.start(scripted(accepted("img-1")).send);
    await bench.reaches("a", "accepted");
  });

  test("that calls every picture invalid from the first is an alarm, and no cardholder is told that their picture is bad", async () => {
    const ids = await queueMany(3);
    const refused: SendOutcome = { kind: "image-refused", detail: "ImageDataIsInvalid" };
    const platform = scripted(refused, accepted("s-0"), refused, accepted("s-1"));
    await bench.start(platform.send);
    await expect.poll(() => bench.logged("error").length).toBeGreaterThan(0);
    await severalPasses();
    expect(await statesOf(ids)).toEqual({ queued: 3 });
    // Mended; and once a picture has been taken, a refusal is the picture's fault.
    bench.clock.now += 60_000;
    await expect.poll(() => statesOf(ids)).toEqual({ accepted: 2, "rejected-image": 1 });
  });
});

describe("a platform that worked, and then", () => {
  test("calls every picture invalid burns two at most, and takes the others once it is mended", async () => {
    await bench.proveSettings();
    const ids = await queueMany(8);
    let mended = false;
    await bench.start(
      async ({ cardholderId }) => {
        bench.clock.now += 1;
        return mended ? accepted(cardholderId) : { kind: "image-refused", detail: "ImageDataIsInvalid" };
      },
      { concurrency: 1 },
    );
    await expect.poll(() => bench.logged("error").length).toBeGreaterThan(0);
    await severalPasses();
    expect(await statesOf(ids)).toEqual({ "rejected-image": 2, queued: 6 });
    mended = true;
    bench.clock.now += 60_000;
    await expect.poll(() => statesOf(ids)).toEqual({ "rejected-image": 2, accepted: 6 });
  });
});

describe("a clock that is set back", () => {
  const sixHours = 6 * 60 * 60_000;

  test("neither stops the queue nor passes without an alarm", async () => {
    const ids = await queueMany(5);
    bench.clock.now -= sixHours;
    await bench.start(async ({ cardholderId }) => accepted(cardholderId));
    await expect.poll(() => statesOf(ids)).toEqual({ accepted: 5 });
    expect(bench.logged("error")).toMatchObject([{ jumpMs: sixHours, msg: expect.stringContaining("clock") }]);
  });

  test("makes what waits for its back-off wait no longer than it would have", async () => {
    await bench.queue("s");
    const platform = scripted(notSent, accepted("img-1"));
    await bench.start(platform.send);
    await expect.poll(async () => (await bench.jobOf("s", "send"))?.last_error).toBe("refused");
    bench.clock.now -= sixHours;
    await severalPasses();
    expect(platform.calls).toHaveLength(1);
    bench.clock.now += 2_000;
    await bench.reaches("s", "accepted");
  });

  test("makes a product that rests, and a doubt, last no longer", async () => {
    await bench.queue("s0");
    const platform = scripted(down, accepted("img-1"));
    await bench.start(platform.send);
    await bench.reaches("s0", "unknown");
    await bench.queue("s1");
    bench.clock.now -= sixHours;
    await bench.reaches("s1", "accepted");
    await severalPasses();
    bench.clock.now += 15 * 60_000;
    await bench.reaches("s0", "held");
  });
});
