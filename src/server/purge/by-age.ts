import { setTimeout as sleep } from "node:timers/promises";
import { products } from "#card/products.ts";
import type { SubmissionState } from "#contracts/submission.ts";
import type { Config } from "../config.ts";
import { startLoop } from "../jobs/loop.ts";
import { measureSweep } from "../metrics/metrics.ts";
import type { AppParts } from "../parts.ts";
import { appliedAt } from "../store/migrate.ts";
import { purging } from "../store/purge-migrations.ts";
import { forgetKeys, type PurgeContext, purgeSubmissions } from "./ask.ts";

const dayMs = 24 * 60 * 60_000;
const slice = 50;
const restMs = 60 * 60_000;
const pauseMs = 250;
/** From the upgrade that brings deletion by age until it begins, unless the operator has set the periods. */
const noticeMs = 7 * dayMs;

/** Days for which what has come to a rest is kept: it says what of, in which states. What is still on its way never ages. */
const ages = {
  neverSent: { days: 30, states: ["held", "abandoned", "rejected-image"] },
  rejected: { days: 90, states: ["rejected"] },
  // A card's life and its reissue.
  accepted: { days: 5 * 365, states: ["accepted-no-id", "accepted", "in-review", "approved"] },
} as const satisfies Record<string, { days: number; states: readonly SubmissionState[] }>;
type Age = keyof typeof ages;
const ageNames = Object.keys(ages) as Age[];

export interface ByAgeContext extends PurgeContext, Pick<AppParts, "metrics"> {
  readonly config: Pick<Config, "retentionDays">;
}

function daysOf({ config }: ByAgeContext, productId: string, age: Age): number {
  return config.retentionDays?.[productId as keyof Config["retentionDays"]]?.[age] ?? ages[age].days;
}

/** Those that have been kept for as long as the settings say. */
function oldOf(context: ByAgeContext, productId: string, age: Age) {
  return context.store
    .selectFrom("submissions")
    .where("state", "in", [...ages[age].states])
    .where("product_id", "=", productId)
    .where("updated_at", "<", context.now() - daysOf(context, productId, age) * dayMs);
}

async function purgeOld(
  context: ByAgeContext,
  productId: string,
  age: Age,
  stopped: AbortSignal,
  pause: number,
): Promise<number> {
  const reason = `kept for ${daysOf(context, productId, age)} days (${age})`;
  let count = 0;
  while (!stopped.aborted) {
    const rows = await oldOf(context, productId, age).select(["id", "issuer_id", "state"]).limit(slice).execute();
    count += await purgeSubmissions(context, rows, { actor: "system", reason, by: null });
    if (rows.length < slice) return count;
    await sleep(pause, undefined, { signal: stopped }).catch(() => undefined);
  }
  return count;
}

/** Deletes what has been kept for as long as the settings say, product by product. Gives how many there were. */
export async function purgeByAge(context: ByAgeContext, stopped: AbortSignal, pause = 0): Promise<number> {
  let count = 0;
  for (const { id } of products) for (const age of ageNames) count += await purgeOld(context, id, age, stopped, pause);
  return count;
}

/** How many have been kept for as long as the settings say. */
export async function countOld(context: ByAgeContext): Promise<Record<Age, number>> {
  const counts = { neverSent: 0, rejected: 0, accepted: 0 };
  for (const { id } of products)
    for (const age of ageNames) {
      const found = await oldOf(context, id, age)
        .select(({ fn }) => fn.countAll<number>().as("n"))
        .executeTakeFirst();
      counts[age] += found?.n ?? 0;
    }
  return counts;
}

/**
 * When deletion by age begins (epoch ms). What was kept until an upgrade is not gone for good at its first start. On a database that
 * began with this version nothing is as old as that before the notice is over.
 */
async function beginsAt({ store, config }: ByAgeContext): Promise<number> {
  return config.retentionDays === undefined ? (await appliedAt(store, purging)) + noticeMs : 0;
}

/** Says, once a day, what will be deleted as long as nothing is yet. */
function createNotice(context: ByAgeContext) {
  let saidAt = Number.NEGATIVE_INFINITY;
  return async (begins: number): Promise<void> => {
    if (context.now() - saidAt < dayMs) return;
    saidAt = context.now();
    const counts = await countOld(context);
    const count = Object.values(counts).reduce((sum, n) => sum + n, 0);
    if (count > 0)
      context.log.warn(
        { count, ...counts, deletedFrom: new Date(begins).toISOString() },
        "submissions are past the time for which they are kept: they are deleted for good from then on. FULLBLEED_RETENTION_DAYS sets other times, and acts at once",
      );
  };
}

/** A function that looks once for what is old, deletes it or says that it will, and gives the milliseconds until the next look. */
export function createPass(context: ByAgeContext, stopped: AbortSignal): () => Promise<number> {
  const giveNotice = createNotice(context);
  return async () => {
    const begins = await beginsAt(context);
    if (context.now() >= begins) {
      const count = await purgeByAge(context, stopped, pauseMs);
      if (count > 0) context.log.info({ count }, "submissions were deleted for their age");
    } else await giveNotice(begins);
    // What a crash or a reader has left of what was deleted.
    await forgetKeys(context);
    return restMs;
  };
}

/** Looks for it now, and an hour after each time that it has, until stopped. */
export function startPurgingByAge(context: ByAgeContext): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const pass = measureSweep(context.metrics, "by-age", createPass(context, stopping.signal));
  const loop = startLoop(pass, restMs, (cause) =>
    context.log.error({ err: cause }, "what is old could not be deleted; tried again later"),
  );
  return {
    async stop() {
      stopping.abort();
      await loop.stop();
    },
  };
}
