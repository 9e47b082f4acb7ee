import { randomUUID } from "node:crypto";
import { finishJob, type Hold, hasten, keepJob, postponeJob, schedule, toLane } from "../jobs/jobs.ts";
import type { Providers } from "../providers.ts";
import {
  type Context,
  moveRow,
  type Step,
  type Transition,
  type Trx,
  takeTurn,
  transition,
} from "../state/transition.ts";
import type { AttemptTable, JobTable, SubmissionTable } from "../store/schema.ts";
import { admit, type BreakerChange, endProbe, takeSign } from "./breaker.ts";
import { idBecameKnown, recordOrphan } from "./follow-up.ts";
import { type AttemptOutcome, type Judged, type Judgement, judge } from "./judgement.ts";
import { backOffMs, type DeliveryPolicy, firstLookMs } from "./policy.ts";

export interface AttemptContext extends Context {
  readonly providers: Pick<Providers, "of">;
  readonly policy: DeliveryPolicy;
  /** For one send, answer included. */
  readonly sendTimeoutMs: number;
}

export interface Attempt {
  /** The submission as it was when the attempt began. */
  readonly row: SubmissionTable;
  readonly attempt: AttemptTable;
  readonly job: Hold;
  /** The one picture that is tried while others of its product wait. */
  readonly isProbe: boolean;
}

/** Rolls a transaction back: what it was about is not this server's to do any more, or not now. */
class NotNow extends Error {}

function unlessNotNow(cause: unknown): undefined {
  if (cause instanceof NotNow) return undefined;
  throw cause;
}

/** A send job of a submission that is not in the queue: left by a server that has died in an attempt, or needless by now. */
async function closeAttempt(context: AttemptContext, job: JobTable, seen: SubmissionTable): Promise<void> {
  const { store, policy, log } = context;
  const now = context.now();
  const note = "the server stopped during the attempt";
  const end = async (trx: Trx): Promise<void> => {
    // Whose job it is closes the attempt: a server that has slept meanwhile must not.
    if (!(await finishJob(trx, job))) throw new NotNow();
    await trx
      .updateTable("attempts")
      .set({ outcome: "abandoned", detail: note, ended_at: now })
      .where("submission_id", "=", job.submission_id)
      .where("ended_at", "is", null)
      .execute();
  };
  const result = await transition(
    context,
    job.submission_id,
    ({ sequence, attempts }) =>
      sequence === seen.sequence ? { cause: "unclear", actor: "system", attempt: attempts, set: { note } } : "refused",
    async (trx, moved) => {
      await end(trx);
      await schedule(trx, "resolve", moved, now + firstLookMs(policy), now, now + policy.quietWindowMs);
      return moved;
    },
  ).catch(unlessNotNow);
  if (result === undefined) return;
  const { kind, row } = result;
  if (kind === "moved")
    return log.error(
      { issuerId: row.issuer_id, submissionId: row.id, attempt: row.attempts },
      "a submission was being sent when the server died: nobody knows yet whether it arrived",
    );
  // Its answer has come at this very moment, and has put it back into the queue.
  if (row.state === "queued" || row.state === "sending") return postponeJob(store, job, now, now, job.last_error);
  await store.transaction().execute(end).catch(unlessNotNow);
}

/**
 * Commits the attempt row of a submission whose send is due, before a single byte goes out. Undefined when there is nothing to
 * send: it has moved on, its product rests, the job is another's, the attempt of a server that has died was in the way, or
 * `isReady`, which is asked before anything is written, has said no and put the job off.
 */
export async function beginAttempt(
  context: AttemptContext,
  job: JobTable,
  isReady: (row: SubmissionTable) => Promise<boolean> = async () => true,
): Promise<Attempt | undefined> {
  const { policy } = context;
  const row = await context.store
    .selectFrom("submissions")
    .selectAll()
    .where("id", "=", job.submission_id)
    .executeTakeFirstOrThrow();
  if (row.state !== "queued") {
    await closeAttempt(context, job, row);
    return undefined;
  }
  if (!(await isReady(row))) return undefined;
  const now = context.now();
  const provider = context.providers.of(row);
  const number = row.attempts + 1;
  const { search, mediaType } = provider.capabilities(row.product_id);
  const fresh = {
    id: randomUUID(),
    submission_id: row.id,
    issuer_id: row.issuer_id,
    provider: row.provider,
    product_id: row.product_id,
    number,
    picture_sha256: row.picture_sha256,
    started_at: now,
    outcome: null,
    detail: null,
    ended_at: null,
    settings: provider.settingsFingerprint(row.product_id, row.pixel_origin),
    sent_sha256: mediaType === row.media_type ? row.picture_sha256 : null,
    carried_reference: search ? 1 : 0,
  } as const;
  const step: Step = { cause: "attempt-begun", actor: "system", attempt: number, set: { attempts: number } };
  const begun = await context.store
    .transaction()
    .execute(async (trx) => {
      // First the write that takes the row, so that two processes queue for it.
      const moved = await moveRow(trx, row, step, now);
      if (typeof moved === "string" || !(await keepJob(trx, job))) throw new NotNow();
      const admission = await admit(trx, row, now, context.sendTimeoutMs + policy.graceMs + policy.leaseMs);
      if (admission === "refused") throw new NotNow();
      const attempt: AttemptTable = { ...fresh, begun_seq: moved.seq };
      await trx.insertInto("attempts").values(attempt).execute();
      return { row: moved.row, attempt, job, isProbe: admission === "probe" };
    })
    .catch(unlessNotNow);
  if (begun === undefined) await postponeJob(context.store, job, now + policy.firstBackOffMs, now, job.last_error);
  else context.notifier.announce(row.id);
  return begun;
}

function stepFor(outcome: Judged, number: number): Step {
  const about = { actor: "provider", attempt: number } as const;
  switch (outcome.kind) {
    case "accepted": {
      const { cardImageId, clientId } = outcome;
      const set = { card_image_id: cardImageId, note: null, ...(clientId !== undefined && { client_id: clientId }) };
      return { ...about, cause: "accepted", detail: { cardImageId }, set };
    }
    case "unknown":
      return { ...about, cause: "unclear", detail: { note: outcome.detail }, set: { note: outcome.detail } };
    case "undeliverable":
      return {
        ...about,
        actor: "system",
        cause: "undeliverable",
        detail: { note: outcome.detail },
        set: { note: outcome.detail },
      };
    case "order-refused": {
      const cause = outcome.isFinal ? "undeliverable" : "misconfigured";
      return { ...about, cause, detail: { note: outcome.detail }, set: { note: outcome.detail } };
    }
    default:
      return { ...about, cause: outcome.kind, detail: { note: outcome.detail }, set: { note: outcome.detail } };
  }
}

/** The id may come with the answer to any attempt. Whatever else an earlier one is answered says nothing about the latest. */
function mayApply(current: SubmissionTable, { attempt }: Attempt, outcome: Judged): boolean {
  return outcome.kind === "accepted" || current.attempts === attempt.number;
}

export interface Settlement extends Transition, Judgement {
  readonly breaker: BreakerChange;
  /** The platform has a picture under an id that no submission takes. */
  readonly orphan: string | undefined;
}

/** Writes down how an attempt ended and moves its submission, in one transaction. A late answer that says nothing new only ends the attempt. */
export async function settle(context: AttemptContext, one: Attempt, given: AttemptOutcome): Promise<Settlement> {
  const { attempt, job, isProbe } = one;
  const { policy } = context;
  const { outcome, sign } = await judge(context.store, one.row, attempt.settings, given);
  const now = context.now();
  let breaker: BreakerChange = { kind: "none" };
  const end = async (trx: Trx, row: SubmissionTable, says: "something" | "nothing new"): Promise<void> => {
    const word = { outcome: outcome.kind, detail: "detail" in outcome ? outcome.detail : null, ended_at: now };
    const ours = trx.updateTable("attempts").set(word).where("id", "=", attempt.id);
    const { numUpdatedRows: first } = await ours.where("ended_at", "is", null).executeTakeFirstOrThrow();
    if (first === 0n && says === "something") await ours.execute();
    if (first > 0n && sign !== undefined) breaker = await takeSign(trx, row, sign, { now, isProbe, policy });
    if (first > 0n && sign === undefined && isProbe) await endProbe(trx, row, now);
    if (breaker.kind === "resumed") await hasten(trx, "send", toLane(row), now);
  };
  const result = await transition(
    context,
    one.row.id,
    (current) => (mayApply(current, one, outcome) ? stepFor(outcome, attempt.number) : "refused"),
    async (trx, moved) => {
      await end(trx, moved, "something");
      return planNext(trx, context, moved, job, outcome, breaker);
    },
  );
  if (result.kind === "moved") return { ...result, outcome, sign, breaker, orphan: undefined };
  const orphan =
    outcome.kind === "accepted" && result.row.card_image_id !== outcome.cardImageId ? outcome.cardImageId : undefined;
  const isOrphan = await context.store.transaction().execute(async (trx) => {
    await takeTurn(trx, result.row.issuer_id);
    await end(trx, result.row, "nothing new");
    await finishJob(trx, job);
    await keepClientId(trx, result.row, outcome);
    const why = "a second image id for one submission";
    return orphan !== undefined && recordOrphan(trx, context, orphan, result.row, why);
  });
  return { ...result, outcome, sign, breaker, orphan: isOrphan ? orphan : undefined };
}

/** The answer alone brings it, and a notification may have brought the image id before. */
async function keepClientId(trx: Trx, { id }: SubmissionTable, outcome: Judged): Promise<void> {
  if (outcome.kind !== "accepted" || outcome.clientId === undefined) return;
  await trx
    .updateTable("submissions")
    .set({ client_id: outcome.clientId })
    .where("id", "=", id)
    .where("card_image_id", "=", outcome.cardImageId)
    .where("client_id", "is", null)
    .execute();
}

/** What is to be done next, now that an attempt has moved its submission. */
async function planNext(
  trx: Trx,
  { policy, providers }: AttemptContext,
  row: SubmissionTable,
  job: Hold,
  outcome: Judged,
  breaker: BreakerChange,
): Promise<SubmissionTable> {
  const now = row.updated_at;
  if (row.state === "queued") {
    const backOff = now + backOffMs(row.attempts, policy);
    const runAt =
      breaker.kind === "paused" ? Math.max(breaker.until, outcome.kind === "not-sent" ? backOff : 0) : backOff;
    await postponeJob(trx, job, runAt, now, "detail" in outcome ? outcome.detail : null);
    return row;
  }
  await finishJob(trx, job);
  if (row.state === "accepted") return idBecameKnown(trx, providers.of(row), row, now);
  if (row.state === "unknown")
    await schedule(trx, "resolve", row, now + firstLookMs(policy), now, now + policy.quietWindowMs);
  return row;
}
