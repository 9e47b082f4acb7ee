import { newCustomer, openTestSynctera, syncteraAt } from "#providers/synctera/emulator/testing/synctera.ts";
import type { DeliveryPolicy } from "../delivery/policy.ts";
import { openCourierBench } from "./courier.ts";

/** A courier's bench beside Synctera's emulator, to which its pictures go. */
export async function openSyncteraBench(picture: Uint8Array) {
  const bench = await openCourierBench(picture);
  const synctera = await openTestSynctera();
  const platform = syncteraAt(await synctera.app.listen({ port: 0, host: "127.0.0.1" }));
  return {
    bench,
    synctera,
    platform,
    queue: (id: string, customer = newCustomer()) => bench.queue(id, { cardholder_id: customer, provider: "synctera" }),
    start: (policy: Partial<DeliveryPolicy> = {}) =>
      bench.start(platform.send, { quietWindowMs: 80_000, ...policy }, 15_000, platform),
    async close() {
      await bench.close();
      await synctera.close();
    },
  };
}

export type SyncteraBench = Awaited<ReturnType<typeof openSyncteraBench>>;
