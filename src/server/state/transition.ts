import type { FastifyBaseLogger } from "fastify";
import type { Transaction } from "kysely";
import type { SubmissionState } from "#contracts/submission.ts";
import type { Notifier } from "../events/notifier.ts";
import type { Store, SubmissionTable, Tables } from "../store/schema.ts";
import { type Evidence, next } from "./machine.ts";
import { toView } from "./view.ts";

/** What it takes to change a submission. */
export interface Context {
  readonly store: Store;
  readonly notifier: Notifier;
  readonly log: FastifyBaseLogger;
  /** Epoch milliseconds. */
  now(): number;
}

/** `set` is written with the move; `due_at` becomes null unless given. */
export interface Step {
  readonly evidence: Evidence;
  readonly set?: Partial<Pick<SubmissionTable, "card_image_id" | "rejection_code" | "note" | "due_at" | "attempts">>;
}

export interface Transition {
  /** Refused: the state does not take this evidence, and nothing was written. */
  readonly kind: "moved" | "refused";
  /** As it is now. */
  readonly row: SubmissionTable;
  /** The state in which the evidence found it. */
  readonly from: SubmissionState;
}

/** Lost races against other writers before giving up; each loss means that somebody else made progress. */
const maxRaces = 8;

/** Appends the row's view to the events that a stream resumes from. */
export async function recordEvent(trx: Transaction<Tables>, row: SubmissionTable): Promise<void> {
  const view = JSON.stringify(toView(row));
  await trx
    .insertInto("events")
    .values({ submission_id: row.id, sequence: row.sequence, view, created_at: row.updated_at })
    .execute();
}

/** One move inside a transaction of the caller. "overtaken" when the row has changed since it was read. */
export async function moveRow(
  trx: Transaction<Tables>,
  row: SubmissionTable,
  step: Step,
  now: number,
): Promise<SubmissionTable | "refused" | "overtaken"> {
  const state = next(row.state, step.evidence);
  if (state === "refused") return "refused";
  const moved = await trx
    .updateTable("submissions")
    .set({ due_at: null, ...step.set, state, sequence: row.sequence + 1, updated_at: now })
    .where("id", "=", row.id)
    .where("sequence", "=", row.sequence)
    .returningAll()
    .executeTakeFirst();
  if (moved === undefined) return "overtaken";
  await recordEvent(trx, moved);
  return moved;
}

/**
 * Applies one piece of evidence to one submission: state, sequence and event in one transaction, then wakes listeners.
 * `within` runs in the same transaction after the move and may move on. Throws when the submission does not exist.
 */
export async function transition(
  context: Context,
  submissionId: string,
  step: Step,
  within: (trx: Transaction<Tables>, row: SubmissionTable) => Promise<SubmissionTable> = async (_trx, row) => row,
): Promise<Transition> {
  for (let race = 0; race < maxRaces; race += 1) {
    const row = await context.store
      .selectFrom("submissions")
      .selectAll()
      .where("id", "=", submissionId)
      .executeTakeFirstOrThrow();
    // The first statement inside is a write, so that two processes queue for the lock instead of failing on a stale read.
    const moved = await context.store.transaction().execute(async (trx) => {
      const result = await moveRow(trx, row, step, context.now());
      return typeof result === "string" ? result : within(trx, result);
    });
    if (moved === "refused") return { kind: "refused", row, from: row.state };
    if (moved === "overtaken") continue;
    context.notifier.announce(submissionId);
    return { kind: "moved", row: moved, from: row.state };
  }
  throw new Error(`submission ${submissionId} changed under ${maxRaces} attempts to move it`);
}
