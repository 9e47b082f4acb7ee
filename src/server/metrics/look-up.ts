import { sql } from "kysely";
import { listPaused } from "../delivery/breaker.ts";
import type { Issuer } from "../issuers.ts";
import type { Store } from "../store/schema.ts";
import type { Metrics } from "./metrics.ts";

const jobKinds = ["send", "resolve", "annotate", "decide", "poll", "purge"] as const;
/** Those in which a submission should not stay. */
const waitingStates = ["queued", "unknown", "held"] as const;
const purgeStates = ["waiting", "refused", "elsewhere", "unsupported", "unproven"] as const;

export interface Source {
  readonly store: Store;
  readonly issuers: readonly Issuer[];
  now(): number;
}

const sinceSeconds = (now: number, at: number | null): number => (at === null ? 0 : Math.max(0, now - at) / 1000);

async function lookAtSubmissions({ store, now }: Source, { oldest }: Metrics): Promise<void> {
  for (const state of waitingStates) {
    const rows = await store
      .selectFrom("issuers")
      .select(({ selectFrom }) => [
        "issuers.id as issuer",
        selectFrom("submissions")
          .select(({ fn }) => fn.min("created_at").as("at"))
          .whereRef("submissions.issuer_id", "=", "issuers.id")
          .where("submissions.state", "=", state)
          .as("at"),
      ])
      .execute();
    for (const { issuer, at } of rows) oldest.set({ issuer, state }, sinceSeconds(now(), at));
  }
}

/** As readiness has it. */
async function lookAtPauses({ store, now, issuers }: Source, { paused }: Metrics): Promise<void> {
  for (const { id: issuer, products } of issuers)
    for (const [product, { provider: platform }] of Object.entries(products))
      paused.set({ issuer, platform, product }, 0);
  for (const { issuer_id: issuer, provider: platform, product_id: product } of await listPaused(store, now()))
    paused.set({ issuer, platform, product }, 1);
}

async function lookAtJobs({ store, now }: Source, { jobsDue, jobsOverdue }: Metrics): Promise<void> {
  for (const kind of jobKinds) {
    const { count, at } = await store
      .selectFrom("jobs")
      .select(({ fn }) => [fn.countAll<number>().as("count"), fn.min("run_at").as("at")])
      .where("kind", "=", kind)
      .where("run_at", "<=", now())
      .executeTakeFirstOrThrow();
    jobsDue.set({ kind }, count);
    jobsOverdue.set({ kind }, sinceSeconds(now(), at));
  }
}

async function lookAtPurges({ store, now }: Source, { purges, purgesOldest }: Metrics): Promise<void> {
  for (const state of purgeStates) {
    const { count, at } = await store
      .selectFrom("submissions")
      .select(({ fn }) => [fn.countAll<number>().as("count"), fn.min("updated_at").as("at")])
      .where("state", "=", sql.lit("purging"))
      .where("purge_state", "=", state)
      .executeTakeFirstOrThrow();
    purges.set({ state }, count);
    purgesOldest.set({ state }, sinceSeconds(now(), at));
  }
}

async function lookAtWebhooks(
  { store, now, issuers }: Source,
  { endpoints, webhookLag, webhookLagSeconds }: Metrics,
): Promise<void> {
  const rows = await store
    .selectFrom("webhook_endpoints")
    .innerJoin("issuers", "issuers.id", "webhook_endpoints.issuer_id")
    .select(({ selectFrom }) => [
      "issuers.id as issuer",
      "attempt",
      "disabled_because",
      "delivered_seq",
      "last_seq",
      selectFrom("events")
        .select("at")
        .whereRef("events.issuer_id", "=", "webhook_endpoints.issuer_id")
        .whereRef("events.seq", ">", "webhook_endpoints.delivered_seq")
        .orderBy("events.seq")
        .limit(1)
        .as("at"),
    ])
    .execute();
  const ofIssuers = new Map<string, { events: number; seconds: number }>(
    issuers.map(({ id }) => [id, { events: 0, seconds: 0 }]),
  );
  for (const { issuer, attempt, disabled_because: why, delivered_seq: seq, last_seq: last, at } of rows) {
    endpoints.inc({ issuer, state: why ?? (attempt > 0 ? "trying" : "ok") });
    const known = ofIssuers.get(issuer);
    if (why !== null || known === undefined) continue;
    known.events = Math.max(known.events, last - seq);
    known.seconds = Math.max(known.seconds, sinceSeconds(now(), at));
  }
  for (const [issuer, { events, seconds }] of ofIssuers) {
    webhookLag.set({ issuer }, events);
    webhookLagSeconds.set({ issuer }, seconds);
  }
}

/** What the database knows, read by indexes and from small tables: it takes no longer when more was ever sent. */
export function lookUp(source: Source, metrics: Metrics): void {
  for (const look of [lookAtSubmissions, lookAtPauses, lookAtJobs, lookAtPurges, lookAtWebhooks])
    metrics.onCollect(() => look(source, metrics));
}
