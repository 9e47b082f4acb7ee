import { expect, vi } from "vitest";
import type { Store } from "../../store/schema.ts";
import { startReceiver } from "../../testing/webhooks.ts";

/** As `POST /v1/sessions`. */
export type Operation = string;
export interface Call {
  readonly ids?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string | Buffer | undefined;
}
export interface Answer {
  readonly operation: Operation;
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** What the description says of each operation's answers, by status. */
export type Described = ReadonlyMap<
  Operation,
  Readonly<Record<string, { readonly description: string; readonly content?: object }>>
>;

export function readDescribed({ paths }: { paths: Record<string, Record<string, { responses: never }>> }): Described {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { responses }]) => [`${method.toUpperCase()} ${path}`, responses] as const),
  );
  return new Map(operations);
}

const one = "/v1/webhook-endpoints/{webhookEndpointId}";
const create = "POST /v1/webhook-endpoints";

/** Brings about every answer of the webhook endpoints' routes. `use` is told the endpoint that the operations are about. */
export async function driveWebhookEndpoints(
  store: Store,
  call: (operation: Operation, change?: Call) => Promise<unknown>,
  use: (id: string) => void,
): Promise<void> {
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
  await store.updateTable("webhook_endpoints").set({ is_listed: 1 }).execute();
  await call(`PATCH ${one}`, { body: JSON.stringify({ url: "https://bank.example/moved" }) });
  for (const operation of [`POST ${one}/rotate`, `DELETE ${one}`]) await call(operation);
  await store.updateTable("webhook_endpoints").set({ is_listed: 0 }).execute();
  await store.updateTable("issuers").set({ last_seq: 20_000 }).execute();
  await call(`POST ${one}/replay`, { body: JSON.stringify({ fromSeq: 1 }) });
  for (let n = 0; n < 20; n += 1) await call(create);
  await call(`DELETE ${one}`);
}
