import type { FastifyBaseLogger } from "fastify";
import type { Transaction } from "kysely";
import type { SubmissionState } from "#contracts/submission.ts";
import { forgetDraftOf } from "../drafts/forget.ts";
import type { Notifier } from "../events/notifier.ts";
import type { Actor, Store, SubmissionTable, Tables } from "../store/schema.ts";
import { type Cause, next } from "./machine.ts";

/** What it takes to change a submission. */
export interface Context {
  readonly store: Store;
  readonly notifier: Notifier;
  readonly log: FastifyBaseLogger;
  /** Epoch milliseconds. */
  now(): number;
}

export type Trx = Transaction<Tables>;

export interface Step {
  readonly cause: Cause;
  readonly actor: Actor;
  /** Number of the attempt that it is about. */
  readonly attempt?: number;
  /** Kept in the event: no secret. */
  readonly detail?: Readonly<Record<string, string | number | null>>;
  /** Written with the move. */
  readonly set?: Partial<
    Pick<
      SubmissionTable,
      | "card_image_id"
      | "client_id"
      | "rejection_code"
      | "rejection_memo"
      | "decided_at"
      | "note"
      | "attempts"
      | "is_double"
      | "purge_state"
      | "rules_version"
      | "agreed_at"
    >
  >;
}

export interface Transition {
  /** Refused: the state does not take this cause, and nothing was written. */
  readonly kind: "moved" | "refused";
  /** As it is now. */
  readonly row: SubmissionTable;
  /** The state in which the cause found it. */
  readonly from: SubmissionState;
}

/** Lost races against other writers before giving up; each loss means that somebody else made progress. */
const maxRaces = 8;

/**
 * Takes the issuer's turn until the transaction ends, which every transition takes with its number: what is read from here on, no
 * transition changes meanwhile. For a transaction that is none itself, and decides by what it reads; SQLite alone would let one
 * write at a time anyway. Without an issuer it takes the turns of all, for what may concern any of them.
 */
export async function takeTurn(trx: Trx, issuerId?: string): Promise<void> {
  await trx
    .updateTable("issuers")
    .set(({ ref }) => ({ last_seq: ref("last_seq") }))
    .$if(issuerId !== undefined, (query) => query.where("id", "=", issuerId ?? ""))
    .execute();
}

/** The issuer's next number, under its row's lock: no later one can be committed before it. */
async function takeSeq(trx: Trx, issuerId: string): Promise<number> {
  const { last_seq: seq } = await trx
    .updateTable("issuers")
    .set(({ eb }) => ({ last_seq: eb("last_seq", "+", 1) }))
    .where("id", "=", issuerId)
    .returning("last_seq")
    .executeTakeFirstOrThrow();
  return seq;
}

/** Writes down that the row has come to its state, in the transaction that has brought it there. Gives the event's number. */
export async function recordEvent(
  trx: Trx,
  row: SubmissionTable,
  from: SubmissionState | null,
  step: Pick<Step, "actor" | "attempt" | "detail"> & { readonly cause: Cause | "stored" },
): Promise<number> {
  const seq = await takeSeq(trx, row.issuer_id);
  await trx
    .insertInto("events")
    .values({
      issuer_id: row.issuer_id,
      seq,
      submission_id: row.id,
      sequence: row.sequence,
      from_state: from,
      to_state: row.state,
      cause: step.cause,
      actor: step.actor,
      attempt: step.attempt ?? null,
      detail: step.detail === undefined ? null : JSON.stringify(step.detail),
      at: row.updated_at,
      card_image_id: row.card_image_id,
      client_id: row.client_id,
      note: row.note,
    })
    .execute();
  return seq;
}

export interface Moved {
  readonly row: SubmissionTable;
  /** Of the event that says so. */
  readonly seq: number;
}

/** One move inside a transaction of the caller. "overtaken" when the row has changed since it was read. */
export async function moveRow(
  trx: Trx,
  row: SubmissionTable,
  step: Step,
  now: number,
): Promise<Moved | "refused" | "overtaken"> {
  const state = next(row.state, step.cause);
  if (state === "refused") return "refused";
  const moved = await trx
    .updateTable("submissions")
    .set({ ...step.set, state, sequence: row.sequence + 1, updated_at: now })
    .where("id", "=", row.id)
    .where("sequence", "=", row.sequence)
    .returningAll()
    .executeTakeFirst();
  if (moved === undefined) return "overtaken";
  // What is on a card is not worked on any more.
  if (state === "approved") await forgetDraftOf(trx, moved);
  return { row: moved, seq: await recordEvent(trx, moved, row.state, step) };
}

/** What to do with a submission as it is now: a step, or nothing ("refused"). */
type Decide = (row: SubmissionTable) => Step | "refused";
type Within = (trx: Trx, row: SubmissionTable) => Promise<SubmissionTable>;

/**
 * Applies one cause to one submission: state, sequence and event in one transaction, then wakes listeners.
 * `within` runs in the same transaction after the move and may move on. Throws when the submission does not exist.
 */
export async function transition(
  context: Context,
  submissionId: string,
  step: Step | Decide,
  within: Within = async (_trx, row) => row,
): Promise<Transition> {
  for (let race = 0; race < maxRaces; race += 1) {
    const row = await context.store
      .selectFrom("submissions")
      .selectAll()
      .where("id", "=", submissionId)
      .executeTakeFirstOrThrow();
    const wanted = typeof step === "function" ? step(row) : step;
    if (wanted === "refused" || next(row.state, wanted.cause) === "refused")
      return { kind: "refused", row, from: row.state };
    // The first statement inside is a write, so that two processes queue for the lock instead of failing on a stale read.
    const moved = await context.store.transaction().execute(async (trx) => {
      const result = await moveRow(trx, row, wanted, context.now());
      return typeof result === "string" ? result : within(trx, result.row);
    });
    if (typeof moved === "string") continue;
    context.notifier.announce(submissionId);
    return { kind: "moved", row: moved, from: row.state };
  }
  throw new Error(`submission ${submissionId} changed under ${maxRaces} attempts to move it`);
}
