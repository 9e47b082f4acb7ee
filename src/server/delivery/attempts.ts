import { randomUUID } from "node:crypto";
import type { SendOutcome } from "#providers/provider.ts";
import { next } from "../state/machine.ts";
import { type Context, recordEvent, type Step, type Transition, transition } from "../state/transition.ts";
import type { AttemptTable, SubmissionTable } from "../store/schema.ts";
import { claimKept } from "./notifications.ts";
import type { CourierPolicy } from "./policy.ts";
import { backOffMs } from "./policy.ts";

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
export async function claim(context: Context, leaseMs: number): Promise<Job | undefined> {
  if (sending === "refused") throw new Error("the state machine does not let anything be sent");
  const now = context.now();
  const job = await context.store.transaction().execute(async (trx) => {
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
  if (job !== undefined) context.notifier.announce(job.row.id);
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
  context: Context,
  row: SubmissionTable,
  outcome: AttemptOutcome,
): Promise<AttemptOutcome> {
  if (outcome.kind !== "accepted") return outcome;
  const owner = await context.store
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
  context: Context,
  { row, attempt }: Job,
  given: AttemptOutcome,
  policy: CourierPolicy,
): Promise<Settlement> {
  const outcome = await distrustRepeatedId(context, row, given);
  const ended = { outcome: outcome.kind, ended_at: context.now() };
  const result = await transition(context, row.id, stepFor(outcome, row, context.now(), policy), async (trx, moved) => {
    await trx.updateTable("attempts").set(ended).where("id", "=", attempt.id).execute();
    return outcome.kind === "accepted" ? claimKept(trx, moved, context.now()) : moved;
  });
  if (result.kind === "refused") {
    await context.store
      .updateTable("attempts")
      .set(ended)
      .where("id", "=", attempt.id)
      .where("ended_at", "is", null)
      .execute();
  }
  return { ...result, outcome };
}
