import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SendOutcome } from "#providers/provider.ts";
import { accepted, type CourierBench, openCourierBench, scripted } from "../testing/courier.ts";
import { claim } from "./attempts.ts";

let bench: CourierBench;
beforeEach(async () => {
  bench = await openCourierBench();
});
afterEach(() => bench.close());

const unknown: SendOutcome = { kind: "unknown", detail: "timeout" };

describe("dying and stopping", () => {
  test("an attempt that we died in is unknown after the restart and never sent again", async () => {
    await bench.queue("s");
    expect(await claim(bench.context, 1_000)).toBeDefined();
    const platform = scripted(accepted("img-1"));
    await bench.start(platform.send);
    const row = await bench.reaches("s", "unknown");
    bench.clock.now = row.due_at ?? 0;
    await bench.reaches("s", "held");
    expect(platform.calls).toHaveLength(0);
    expect(await bench.store.selectFrom("attempts").select("outcome").execute()).toEqual([{ outcome: "abandoned" }]);
  });

  test("an answer that comes after its attempt was given up still binds the id", async () => {
    await bench.queue("s");
    const { promise, resolve } = Promise.withResolvers<SendOutcome>();
    await bench.start(() => promise);
    await bench.reaches("s", "sending");
    // Another process starts meanwhile and takes us for dead.
    await bench.start(scripted(accepted("wrong")).send);
    await bench.reaches("s", "unknown");
    resolve(accepted("img-1"));
    expect((await bench.reaches("s", "accepted")).card_image_id).toBe("img-1");
  });

  test("stopping waits for the answer and writes it down", async () => {
    await bench.queue("s");
    const { promise, resolve } = Promise.withResolvers<SendOutcome>();
    const courier = await bench.start(() => promise, { stopWithinMs: 5_000 });
    await bench.reaches("s", "sending");
    const stopped = courier.stop();
    resolve(accepted("img-1"));
    await stopped;
    expect((await bench.rowOf("s")).state).toBe("accepted");
  });

  test("stopping does not wait for ever: the send is aborted and what is known is written down", async () => {
    await bench.queue("s");
    const courier = await bench.start(
      (_picture, signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve(unknown))),
    );
    await bench.reaches("s", "sending");
    await courier.stop();
    expect((await bench.rowOf("s")).state).toBe("unknown");
  });
});
