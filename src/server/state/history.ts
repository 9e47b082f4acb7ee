import type { SubmissionHistory } from "#contracts/submission.ts";
import type { Providers } from "../providers.ts";
import type { PurgedImageTable } from "../store/purge-schema.ts";
import type { AttemptTable, Store, SubmissionTable } from "../store/schema.ts";
import { findSubmission } from "./find.ts";
import { toRecord } from "./view.ts";

function describePlatform(
  providers: Pick<Providers, "of">,
  submission: SubmissionTable,
): NonNullable<SubmissionHistory["platform"]> {
  const { decision, rejectionReasons, purge } = providers.of(submission).capabilities(submission.product_id);
  return { name: submission.provider, decision, rejectionReasons: [...rejectionReasons], purge };
}

function toAttempt(attempt: AttemptTable): SubmissionHistory["attempts"][number] {
  return {
    number: attempt.number,
    startedAt: attempt.started_at,
    endedAt: attempt.ended_at,
    outcome: attempt.outcome,
    detail: attempt.detail,
    sentSha256: attempt.sent_sha256,
    carriedReference: attempt.carried_reference === 1,
  };
}

function toPurgedImage(image: PurgedImageTable): SubmissionHistory["purgedImages"][number] {
  return {
    cardImageId: image.card_image_id,
    takenAt: image.answer === "taken" ? image.taken_at : null,
    shownAt: image.shown_at,
    goneAt: image.gone_at,
  };
}

/** What is known of one submission, for the issuer's operators; of each list the latest `most`. Throws Problem("not-found"). */
export async function readHistory(
  store: Store,
  providers: Pick<Providers, "of">,
  submissionId: string,
  most = 200,
): Promise<SubmissionHistory> {
  const submission = await findSubmission(store, submissionId);
  const [events, attempts, jobs, orphans, checkpoint, purged] = await Promise.all([
    store
      .selectFrom("events")
      .selectAll()
      .where("submission_id", "=", submissionId)
      .orderBy("sequence", "desc")
      .limit(most)
      .execute(),
    store
      .selectFrom("attempts")
      .selectAll()
      .where("submission_id", "=", submissionId)
      .orderBy("number", "desc")
      .limit(most)
      .execute(),
    store.selectFrom("jobs").selectAll().where("submission_id", "=", submissionId).limit(most).execute(),
    store.selectFrom("orphan_images").selectAll().where("submission_id", "=", submissionId).limit(most).execute(),
    store.selectFrom("checkpoints").selectAll().where("submission_id", "=", submissionId).executeTakeFirst(),
    store.selectFrom("purged_images").selectAll().where("submission_id", "=", submissionId).limit(most).execute(),
  ]);
  return {
    submission: toRecord(submission),
    platform: describePlatform(providers, submission),
    events: events.toReversed().map((event) => ({
      seq: event.seq,
      sequence: event.sequence,
      from: event.from_state,
      to: event.to_state,
      cause: event.cause,
      actor: event.actor,
      attempt: event.attempt,
      detail: JSON.parse(event.detail ?? "{}") as Record<string, string | number | null>,
      at: event.at,
    })),
    attempts: attempts.toReversed().map(toAttempt),
    jobs: jobs.map((job) => ({
      kind: job.kind,
      runAt: job.run_at,
      tries: job.attempt,
      isRunning: job.locked_by !== null,
      lastError: job.last_error,
    })),
    checkpoint: checkpoint ? { cardImageId: checkpoint.card_image_id, sentSha256: checkpoint.sent_sha256 } : null,
    orphans: orphans.map((orphan) => ({
      cardImageId: orphan.card_image_id,
      reason: orphan.reason,
      foundAt: orphan.found_at,
    })),
    purgedImages: purged.map(toPurgedImage),
  };
}
