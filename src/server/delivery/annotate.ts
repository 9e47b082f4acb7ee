import { finishJob, postponeJob, whose } from "../jobs/jobs.ts";
import type { Providers } from "../providers.ts";
import type { Context } from "../state/transition.ts";
import type { JobTable } from "../store/schema.ts";
import { backOffMs, type DeliveryPolicy, isWorthAlarm } from "./policy.ts";

export interface AnnotateContext extends Context {
  readonly providers: Pick<Providers, "of">;
  readonly policy: DeliveryPolicy;
}

const timeoutMs = 30_000;
/** What the platform refuses waits for an operator: it is tried again every hour, for a week. */
const refusedPauseMs = 60 * 60_000;
const maxAttempts = 7 * 24;

/** Writes our reference, and what the issuer has given with the session, beside a picture that was accepted. Safe to repeat, and never in the way of the picture itself. */
export async function annotate(context: AnnotateContext, job: JobTable): Promise<void> {
  const { store, providers, policy, log } = context;
  const row = await store
    .selectFrom("submissions")
    .selectAll()
    .where("id", "=", job.submission_id)
    .executeTakeFirstOrThrow();
  if (row.card_image_id === null) return void (await finishJob(store, job));
  const session = await store
    .selectFrom("sessions")
    .select("data_capture")
    .where("id", "=", row.session_id)
    .executeTakeFirst();
  const values = JSON.parse(session?.data_capture ?? "{}") as Record<string, string>;
  const outcome = await providers
    .of(row)
    .annotate(row.card_image_id, row.product_id, row.reference, values, AbortSignal.timeout(timeoutMs))
    .catch(() => ({ kind: "failed", detail: "the adapter failed" }) as const);
  const fields = { ...whose(job), cardImageId: row.card_image_id, attempt: job.attempt };
  if (outcome.kind === "done") {
    log.info(fields, "the data stands beside the picture");
    return void (await finishJob(store, job));
  }
  const isLast = job.attempt >= maxAttempts;
  if (outcome.kind === "refused" || isWorthAlarm(job.attempt) || isLast)
    log.error({ ...fields, detail: outcome.detail, isLast }, "the data could not be written beside a picture");
  if (isLast) return void (await finishJob(store, job));
  const pauseMs = outcome.kind === "refused" ? refusedPauseMs : backOffMs(job.attempt, policy);
  await postponeJob(store, job, context.now() + pauseMs, context.now(), outcome.detail);
}
