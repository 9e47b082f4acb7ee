import type { Review, ReviewOutcome } from "#providers/provider.ts";
import { finishJob, postponeJob, whose } from "../jobs/jobs.ts";
import type { Providers } from "../providers.ts";
import { findSubmission } from "../state/find.ts";
import type { Context } from "../state/transition.ts";
import type { JobTable, SubmissionTable } from "../store/schema.ts";
import { takeNotification } from "./notifications.ts";
import { type DeliveryPolicy, nextAskAt } from "./policy.ts";

export interface PollContext extends Context {
  readonly providers: Pick<Providers, "of">;
  readonly policy: DeliveryPolicy;
}

const timeoutMs = 30_000;

function isKnown({ state }: SubmissionTable, review: Review): boolean {
  return review.state === "pending" ? state === "in-review" : review.state === "accepted" && state === "approved";
}

/**
 * Asks the platform for the review of one picture. A verdict takes the way of a notification. Asked again rarer and rarer while it
 * waits, a few times more once it is approved, since an approval can be taken back, and no more once it is rejected.
 */
export async function poll(context: PollContext, job: JobTable): Promise<void> {
  const { store, providers, policy, log } = context;
  const before = await findSubmission(store, job.submission_id);
  const { card_image_id: cardImageId, provider: name } = before;
  const provider = providers.of(before);
  const canTell = provider.capabilities(before.product_id).review;
  if (cardImageId === null || !canTell || !["accepted", "in-review", "approved"].includes(before.state))
    return void (await finishJob(store, job));
  const answer: ReviewOutcome = await provider
    .getReview(cardImageId, AbortSignal.timeout(timeoutMs))
    .catch(() => ({ kind: "cannot-tell", detail: "the adapter failed" }) as const);
  if (answer.kind === "known" && !isKnown(before, answer.review))
    await takeNotification(
      { ...context, issuerId: before.issuer_id, provider: name },
      { ...answer.review, cardImageId, reference: null },
    );
  const row = await findSubmission(store, job.submission_id);
  const now = context.now();
  const at = nextAskAt(row, now, policy);
  if (at !== null) return postponeJob(store, job, at, now, answer.kind === "cannot-tell" ? answer.detail : null);
  await finishJob(store, job);
  if (row.state === "accepted" || row.state === "in-review")
    log.error(
      { ...whose(job), cardImageId, platform: name },
      "nobody has decided about this picture in all this time: the platform is not asked any more",
    );
}
