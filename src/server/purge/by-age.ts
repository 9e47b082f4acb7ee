import { setTimeout as sleep } from "node:timers/promises";
import { products } from "#card/products.ts";
import type { SubmissionState } from "#contracts/submission.ts";
import type { Config } from "../config.ts";
import { startLoop } from "../jobs/loop.ts";
import { measureSweep } from "../metrics/metrics.ts";
import type { AppParts } from "../parts.ts";
import { emptyLog } from "../store/open.ts";
import { type PurgeContext, purgeSubmission } from "./ask.ts";

const dayMs = 24 * 60 * 60_000;
const slice = 50;
const restMs = 60 * 60_000;
const pauseMs = 250;

/** Days for which what has come to a rest is kept: it says what of, in which states. What is still on its way never ages. */
const ages = {
  neverSent: { days: 30, states: ["held", "abandoned", "rejected-image"] },
  rejected: { days: 90, states: ["rejected"] },
  // A card's life and its reissue.
  accepted: { days: 5 * 365, states: ["accepted-no-id", "accepted", "in-review", "approved"] },
} as const satisfies Record<string, { days: number; states: readonly SubmissionState[] }>;
type Age = keyof typeof ages;

export interface ByAgeContext extends PurgeContext, Pick<AppParts, "metrics"> {
  readonly config: Pick<Config, "retentionDays">;
}

async function purgeOld(
  context: ByAgeContext,
  productId: string,
  age: Age,
  stopped: AbortSignal,
  pause: number,
): Promise<number> {
  const days = context.config.retentionDays?.[productId as keyof Config["retentionDays"]]?.[age] ?? ages[age].days;
  const order = { actor: "system", reason: `kept for ${days} days (${age})`, by: null } as const;
  let count = 0;
  for (;;) {
    const rows = await context.store
      .selectFrom("submissions")
      .select(["id", "issuer_id", "state"])
      .where("state", "in", [...ages[age].states])
      .where("product_id", "=", productId)
      .where("updated_at", "<", context.now() - days * dayMs)
      .limit(slice)
      .execute();
    for (const row of rows) {
      if (stopped.aborted) return count;
      if (await purgeSubmission(context, row, order)) count += 1;
    }
    if (rows.length < slice) return count;
    await sleep(pause, undefined, { signal: stopped }).catch(() => undefined);
  }
}

/** Deletes what has been kept for as long as the settings say, product by product. Gives how many there were. */
export async function purgeByAge(context: ByAgeContext, stopped: AbortSignal, pause = 0): Promise<number> {
  let count = 0;
  for (const { id } of products)
    for (const age of Object.keys(ages) as Age[]) count += await purgeOld(context, id, age, stopped, pause);
  return count;
}

/** Looks for it now, and an hour after each time that it has, until stopped. */
export function startPurgingByAge(context: ByAgeContext): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const pass = async (): Promise<number> => {
    const count = await purgeByAge(context, stopping.signal, pauseMs);
    if (count > 0) context.log.info({ count }, "submissions were deleted for their age");
    // What a crash or a reader has left of what was deleted.
    await emptyLog(context.store);
    return restMs;
  };
  const loop = startLoop(measureSweep(context.metrics, "by-age", pass), restMs, (cause) =>
    context.log.error({ err: cause }, "what is old could not be deleted; tried again later"),
  );
  return {
    async stop() {
      stopping.abort();
      await loop.stop();
    },
  };
}
