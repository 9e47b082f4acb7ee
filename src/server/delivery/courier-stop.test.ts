import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SendOutcome } from "#providers/provider.ts";
import { claimJob } from "../jobs/jobs.ts";
import {
  accepted,
  type CourierBench,
  openCourierBench,
  type Send,
  scripted,
  severalPasses,
} from "../testing/courier.ts";
import { beginAttempt } from "./attempts.ts";
import { defaultPolicy } from "./policy.ts";

let bench: CourierBench;
beforeEach(async () => {
  bench = await openCourierBench();
});
afterEach(() => bench.close());

const unknown: SendOutcome = { kind: "unknown", detail: "timeout" };

describe("dying and stopping", () => {
  /** What a server leaves that has begun an attempt and is heard of no more. */
  async function dieWhileSending(): Promise<void> {
    const holder = { holder: "dead", leaseMs: 1_000, now: bench.clock.now, except: [] };
    const job = await claimJob(bench.store, "send", holder);
    if (job === undefined) throw new Error("nothing is queued");
    await beginAttempt({ ...bench.context, policy: defaultPolicy, sendTimeoutMs: 1_000 }, job);
  }

  test("an attempt that we died in is taken over when its lease has run out: unknown, and never sent again blindly", async () => {
    await bench.queue("s");
    await dieWhileSending();
    const platform = scripted(accepted("img-1"));
    await bench.start(platform.send);
    await severalPasses();
    expect((await bench.rowOf("s")).state).toBe("sending");
    bench.clock.now += 1_001;
    await bench.reaches("s", "unknown");
    bench.clock.now += 15 * 60_000;
    await bench.reaches("s", "held");
    expect(platform.calls).toHaveLength(0);
    expect(await bench.store.selectFrom("attempts").select("outcome").execute()).toEqual([{ outcome: "abandoned" }]);
  });

  test("what another server is sending is left to it for as long as it is heard of", async () => {
    await bench.queue("s");
    const { promise, resolve } = Promise.withResolvers<SendOutcome>();
    await bench.start(() => promise, { leaseMs: 60 });
    await bench.reaches("s", "sending");
    const other = scripted(accepted("wrong"));
    await bench.start(other.send, { leaseMs: 60 });
    for (let moment = 0; moment < 10; moment += 1) {
      bench.clock.now += 30;
      await severalPasses();
    }
    expect((await bench.rowOf("s")).state).toBe("sending");
    resolve(accepted("img-1"));
    expect((await bench.reaches("s", "accepted")).card_image_id).toBe("img-1");
    expect(other.calls).toHaveLength(0);
  });

  test("an answer that comes after its server was taken for dead still binds the id", async () => {
    await bench.queue("s");
    const { promise, resolve } = Promise.withResolvers<SendOutcome>();
    await bench.start(() => promise);
    await bench.reaches("s", "sending");
    await bench.store.updateTable("jobs").set({ locked_by: "somebody dead", locked_until: bench.clock.now }).execute();
    await bench.start(scripted(accepted("wrong")).send);
    await bench.reaches("s", "unknown");
    resolve(accepted("img-1"));
    expect((await bench.reaches("s", "accepted")).card_image_id).toBe("img-1");
    expect(await bench.store.selectFrom("jobs").selectAll().execute()).toEqual([]);
  });

  test("stopping waits for the answer and writes it down", async () => {
    await bench.queue("s");
    const { promise, resolve } = Promise.withResolvers<SendOutcome>();
    const courier = await bench.start(() => promise);
    await bench.reaches("s", "sending");
    const stopped = courier.stop();
    resolve(accepted("img-1"));
    await stopped;
    expect((await bench.rowOf("s")).state).toBe("accepted");
  });

  test("stopping waits for as long as a send may take, and no longer: then it is aborted and what is known written down", async () => {
    await bench.queue("s");
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const send: Send = (_picture, signal) => {
      begin();
      return new Promise((resolve) => signal.addEventListener("abort", () => resolve(unknown)));
    };
    const courier = await bench.start(send, { graceMs: 10 }, 300);
    await begun;
    await courier.stop();
    expect((await bench.rowOf("s")).state).toBe("unknown");
  });
});
