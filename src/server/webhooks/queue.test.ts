import { expect, onTestFinished, test } from "vitest";
import { openWebhookBench } from "../testing/webhooks.ts";
import { claim, listWaiting, release, repair } from "./queue.ts";

const leaseMs = 15_000;

test("a lease that is let go while a clock that was set back is mended holds up nobody", async () => {
  const bench = await openWebhookBench();
  onTestFinished(() => bench.close());
  const { store, now } = bench.server.parts;
  const { webhookEndpointId: id } = await bench.register("https://hooks.bank.example/");
  await bench.happen(1);
  for (const one of await listWaiting(store)) await claim(store, one, "this server", now(), leaseMs);
  bench.server.advance(-3_600_000);
  const waiting = await listWaiting(store);
  await release(store, id, "this server");
  await repair(store, waiting, now(), leaseMs);
  await repair(store, await listWaiting(store), now(), leaseMs);
  expect(await listWaiting(store)).toMatchObject([
    { locked_by: null, locked_until: null, run_at: now(), scheduled_at: now() },
  ]);
});
