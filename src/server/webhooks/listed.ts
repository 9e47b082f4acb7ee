import type { FastifyBaseLogger } from "fastify";
import { Problem } from "#contracts/problem.ts";
import type { Config } from "../config.ts";
import type { Issuer, IssuerWebhook } from "../issuers.ts";
import { takeTurn } from "../state/transition.ts";
import type { Store, WebhookEndpointTable } from "../store/schema.ts";
import { insertEndpoint } from "./endpoints.ts";
import { addSecret, createSecret, describeSecrets } from "./secrets.ts";

interface Listing {
  readonly store: Store;
  readonly log: FastifyBaseLogger;
  readonly config: Pick<Config, "issuers" | "webhookOverlapSeconds">;
  now(): number;
}

/** With the file's secret before those of before, which are good for a while; or alone when they are too many. */
function withSecret(row: WebhookEndpointTable, secret: string, now: number, overlapMs: number): string {
  try {
    return addSecret(row, now, overlapMs, secret).secrets;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return addSecret(row, now, 0, secret).secrets;
  }
}

/** What the file changes about an endpoint that there is; undefined for nothing. */
function planFor(row: WebhookEndpointTable, listed: IssuerWebhook | undefined, now: number, overlapMs: number) {
  if (row.is_listed === 1 && listed === undefined) {
    // Its issuer's word is kept, for when it is back.
    const isKept = row.disabled_because === "unlisted" || row.disabled_because === "issuer";
    return isKept ? undefined : { disabled_because: "unlisted" as const };
  }
  const isBack = row.disabled_because === "unlisted";
  const hasOther = listed !== undefined && describeSecrets(row, now).secret !== listed.secret;
  if (!isBack && !hasOther) return undefined;
  return {
    ...(isBack && { disabled_because: null, attempt: 0, run_at: now, scheduled_at: now }),
    ...(hasOther && { secrets: withSecret(row, listed.secret, now, overlapMs) }),
  };
}

/** Brings one issuer's endpoints to what the file says. Gives how many were changed. */
async function listOne({ store, config, now }: Listing, { id, webhooks }: Issuer): Promise<number> {
  const overlapMs = config.webhookOverlapSeconds * 1000;
  return store.transaction().execute(async (trx) => {
    await takeTurn(trx, id);
    const rows = await trx.selectFrom("webhook_endpoints").selectAll().where("issuer_id", "=", id).execute();
    const known = new Set(rows.filter((row) => row.is_listed === 1).map(({ url }) => url));
    const missing = webhooks.filter(({ url }) => !known.has(url));
    for (const { url, secret } of missing) {
      const { secrets } = createSecret(secret);
      await insertEndpoint(trx, { issuerId: id, url, secrets, idempotencyKey: null, isListed: true }, now());
    }
    let changed = missing.length;
    for (const row of rows) {
      const listed = row.is_listed === 1 ? webhooks.find(({ url }) => url === row.url) : undefined;
      const plan = planFor(row, listed, now(), overlapMs);
      if (plan === undefined) continue;
      changed += 1;
      const change = { ...plan, revision: row.revision + 1 };
      await trx.updateTable("webhook_endpoints").set(change).where("id", "=", row.id).execute();
    }
    return changed;
  });
}

/**
 * Makes, changes and disables the endpoints that the file of issuers has, had, or has again: what happens while one is out of it
 * waits. Nothing is posted to those of issuers who are in the configuration no more. Before the webhooks' courier starts.
 */
export async function keepListedEndpoints(listing: Listing): Promise<void> {
  const { store, config, log } = listing;
  for (const issuer of config.issuers) {
    const changed = await listOne(listing, issuer);
    if (changed > 0)
      log.info({ issuerId: issuer.id, changed }, "webhook endpoints are as the file of issuers has them");
  }
  const ids = config.issuers.map(({ id }) => id);
  await store
    .updateTable("webhook_endpoints")
    .set(({ eb }) => ({ disabled_because: "unlisted", revision: eb("revision", "+", 1) }))
    .where("issuer_id", "not in", ids)
    .where("disabled_because", "is", null)
    .execute();
}
