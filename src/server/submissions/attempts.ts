import { randomUUID } from "node:crypto";
import type { SendOutcome } from "#providers/provider.ts";
import type { AttemptTable, SubmissionTable } from "../store/schema.ts";
import type { CourierPolicy } from "./courier-policy.ts";
import { backOffMs } from "./courier-policy.ts";
import { claimKept } from "./review.ts";
import { next } from "./states.ts";
import { type Ledger, recordEvent, type Step, type Transition, transition } from "./transition.ts";

export interface Job {
  readonly row: SubmissionTable;
  readonly attempt: AttemptTable;
}

/** `SendOutcome`, or that there is nothing to send: the picture's file is gone or damaged. */
export type AttemptOutcome = SendOutcome | { readonly kind: "undeliverable"; readonly detail: string };

const sending = next("queued", "attempt-committed");

/**
 * Takes the submission that has waited longest and commits its attempt row, before a single byte goes out.
 * One UPDATE decides, so two processes never take the same one. Products that are parked are passed over.
 */
export async function claim(ledger: Ledger, leaseMs: number): Promise<Job | undefined> {
  if (sending === "refused") throw new Error("the state machine does not let anything be sent");
  const now = ledger.now();
  const job = await ledger.store.transaction().execute(async (trx) => {
    const parked = trx
      .selectFrom("submissions as blocked")
      .select("blocked.product_id")
      .where("blocked.state", "=", "blocked-config")
      .where("blocked.due_at", ">", now);
    const longestWaiting = trx
      .selectFrom("submissions as waiting")
      .select("waiting.id")
      .where("waiting.state", "=", "queued")
      .where("waiting.due_at", "<=", now)
      .where("waiting.product_id", "not in", parked)
      .orderBy("waiting.due_at")
      .orderBy("waiting.id")
      .limit(1);
    const row = await trx
      .updateTable("submissions")
      .set(({ eb }) => ({
        state: sending,
        sequence: eb("sequence", "+", 1),
        attempts: eb("attempts", "+", 1),
        due_at: null,
        updated_at: now,
      }))
      .where("id", "=", longestWaiting)
      .where("state", "=", "queued")
      .returningAll()
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const attempt: AttemptTable = {
      id: randomUUID(),
      submission_id: row.id,
      number: row.attempts,
      picture_sha256: row.picture_sha256,
      started_at: now,
      deadline_at: now + leaseMs,
      outcome: null,
      ended_at: null,
    };
    await trx.insertInto("attempts").values(attempt).execute();
    await recordEvent(trx, row);
    return { row, attempt };
  });
  if (job !== undefined) ledger.feed.announce(job.row.id);
  return job;
}

function stepFor(outcome: AttemptOutcome, row: SubmissionTable, now: number, policy: CourierPolicy): Step {
  switch (outcome.kind) {
    case "accepted":
      return { evidence: "accepted", set: { card_image_id: outcome.cardImageId, note: null } };
    case "image-refused":
      return { evidence: "image-refused", set: { note: outcome.detail } };
    case "misconfigured":
      return { evidence: "misconfigured", set: { note: outcome.detail, due_at: now + policy.coolDownMs } };
    case "undeliverable":
      return { evidence: "undeliverable", set: { note: outcome.detail } };
    case "unknown":
      return { evidence: "unclear", set: { note: outcome.detail, due_at: now + policy.quietWindowMs } };
    case "not-sent":
      return { evidence: "not-sent", set: { note: outcome.detail, due_at: now + backOffMs(row.attempts, policy) } };
  }
}

/** An outcome whose image id another submission already has says nothing about this one. */
async function distrustRepeatedId(
  ledger: Ledger,
  row: SubmissionTable,
  outcome: AttemptOutcome,
): Promise<AttemptOutcome> {
  if (outcome.kind !== "accepted") return outcome;
  const owner = await ledger.store
    .selectFrom("submissions")
    .select("id")
    .where("card_image_id", "=", outcome.cardImageId)
    .where("id", "!=", row.id)
    .executeTakeFirst();
  if (owner === undefined) return outcome;
  return { kind: "unknown", detail: `the platform answered with the image id of submission ${owner.id}` };
}

export interface Settlement extends Transition {
  /** What the answer was taken for: an id that another submission has is no acceptance. */
  readonly outcome: AttemptOutcome;
}

/** Writes down how an attempt ended and moves its submission, in one transaction. A late answer that says nothing new only ends the attempt. */
export async function settle(
  ledger: Ledger,
  { row, attempt }: Job,
  given: AttemptOutcome,
  policy: CourierPolicy,
): Promise<Settlement> {
  const outcome = await distrustRepeatedId(ledger, row, given);
  const ended = { outcome: outcome.kind, ended_at: ledger.now() };
  const result = await transition(ledger, row.id, stepFor(outcome, row, ledger.now(), policy), async (trx, moved) => {
    await trx.updateTable("attempts").set(ended).where("id", "=", attempt.id).execute();
    return outcome.kind === "accepted" ? claimKept(trx, moved, ledger.now()) : moved;
  });
  if (result.kind === "refused") {
    await ledger.store
      .updateTable("attempts")
      .set(ended)
      .where("id", "=", attempt.id)
      .where("ended_at", "is", null)
      .execute();
  }
  return { ...result, outcome };
}
