import { expect, vi } from "vitest";
import type { Store } from "../../store/schema.ts";
import { startReceiver } from "../../testing/webhooks.ts";

type Call = (operation: string, change?: { headers?: Record<string, string>; body?: string }) => Promise<unknown>;

const one = "/v1/webhook-endpoints/{webhookEndpointId}";
const create = "POST /v1/webhook-endpoints";

/** Brings about every answer of the webhook endpoints' routes. `use` is told the endpoint that the operations are about. */
export async function driveWebhookEndpoints(store: Store, call: Call, use: (id: string) => void): Promise<void> {
  for (const path of ["hooks", "other"]) {
    const body = JSON.stringify({ url: `https://bank.example/${path}` });
    await call(create, { headers: { "idempotency-key": "key-1" }, body });
  }
  const { id } = await store.selectFrom("webhook_endpoints").select("id").limit(1).executeTakeFirstOrThrow();
  use(id);
  const silent = await startReceiver(() => {});
  await store.updateTable("webhook_endpoints").set({ url: silent.url }).execute();
  const pings = Array.from({ length: 4 }, () => call(`POST ${one}/ping`));
  await vi.waitFor(() => expect(silent.received).toHaveLength(4), { timeout: 15_000 });
  await call(`POST ${one}/ping`);
  silent.close();
  await Promise.all(pings);
  for (const operation of [`GET ${one}`, `PATCH ${one}`, `POST ${one}/replay`, `POST ${one}/rotate`])
    await call(operation);
  for (let n = 0; n < 5; n += 1) await call(`POST ${one}/rotate`, { body: "{}" });
  await store.updateTable("issuers").set({ last_seq: 20_000 }).execute();
  await call(`POST ${one}/replay`, { body: JSON.stringify({ fromSeq: 1 }) });
  for (let n = 0; n < 20; n += 1) await call(create);
  await call(`DELETE ${one}`);
}
