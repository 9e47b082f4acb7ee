import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Trx } from "../state/transition.ts";
import type { JobKind, JobTable, Store, SubmissionTable } from "../store/schema.ts";
import { storeTrace } from "../traces/spans.ts";

/** Who holds a job, and which time it is that it is held: what a holder that is thought dead still writes is recognised by it. */
export type Hold = Pick<JobTable, "id" | "locked_by" | "attempt">;

/** What pauses together. */
export function toLane(row: Pick<SubmissionTable, "issuer_id" | "provider" | "product_id">): string {
  return `${row.issuer_id}/${row.provider}/${row.product_id}`;
}

/** Whose work is in a lane: no issuer's id has a slash. */
export function issuerOf(lane: string): string {
  return lane.slice(0, lane.indexOf("/"));
}

/** For the log: what a job is about, and whose it is. */
export function whose({ lane, submission_id: submissionId }: Pick<JobTable, "lane" | "submission_id">) {
  return { issuerId: issuerOf(lane), submissionId };
}

/** Puts a job into the queue; one of the same kind for the same submission makes way for it. `endsAt`, `payload`: see `JobTable`. */
export async function schedule(
  trx: Trx,
  kind: JobKind,
  submission: Pick<SubmissionTable, "id" | "issuer_id" | "provider" | "product_id">,
  runAt: number,
  now: number,
  endsAt: number | null = null,
  payload: object | null = null,
): Promise<void> {
  await trx.deleteFrom("jobs").where("submission_id", "=", submission.id).where("kind", "=", kind).execute();
  const job: JobTable = {
    id: `job_${randomUUID()}`,
    kind,
    submission_id: submission.id,
    lane: toLane(submission),
    run_at: runAt,
    scheduled_at: now,
    ends_at: endsAt,
    attempt: 0,
    locked_by: null,
    locked_until: null,
    last_error: null,
    payload: payload && JSON.stringify(payload),
    trace: storeTrace(),
  };
  await trx.insertInto("jobs").values(job).execute();
}

export interface ClaimOptions {
  readonly holder: string;
  readonly leaseMs: number;
  readonly now: number;
  /** Lanes whose work waits. */
  readonly except: readonly string[];
  /** Issuers whose work waits. */
  readonly busy?: readonly string[];
  /** Ids of the jobs that this process is doing: it does not take itself for dead, however the clock jumps. */
  readonly running?: readonly string[];
}

/** Takes the job of this kind that has been due for longest, or whose holder's lease has run out. One UPDATE decides. */
export async function claimJob(
  store: Store,
  kind: JobKind,
  { holder, leaseMs, now, except, busy = [], running = [] }: ClaimOptions,
): Promise<JobTable | undefined> {
  const due = store
    .selectFrom("jobs")
    .select("id")
    .where("kind", "=", kind)
    .where("run_at", "<=", now)
    .where(({ eb, or }) => or([eb("locked_until", "is", null), eb("locked_until", "<=", now)]))
    .$if(except.length > 0, (query) => query.where("lane", "not in", except))
    .$if(busy.length > 0, (query) =>
      query.where(({ eb, and }) => and(busy.map((id) => eb("lane", "not like", `${id}/%`)))),
    )
    .$if(running.length > 0, (query) => query.where("id", "not in", running))
    .orderBy("run_at")
    .orderBy("id")
    .limit(1);
  return store
    .updateTable("jobs")
    .set(({ eb }) => ({ locked_by: holder, locked_until: now + leaseMs, attempt: eb("attempt", "+", 1) }))
    .where("id", "=", due)
    .where(({ eb, or }) => or([eb("locked_until", "is", null), eb("locked_until", "<=", now)]))
    .returningAll()
    .executeTakeFirst();
}

/** Prolongs the leases of these jobs, as far as this holder still has them. */
export async function renewLeases(
  store: Store,
  holder: string,
  jobIds: readonly string[],
  until: number,
): Promise<void> {
  await store
    .updateTable("jobs")
    .set({ locked_until: until })
    .where("id", "in", jobIds)
    .where("locked_by", "=", holder)
    .execute();
}

/** Whether the job is still this holder's: if so, nobody takes it up before the transaction ends. */
export async function keepJob(trx: Trx, { id, locked_by, attempt }: Hold): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("jobs")
    .set({ locked_by })
    .where("id", "=", id)
    .where("locked_by", "=", locked_by)
    .where("attempt", "=", attempt)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** The job is done. False when it was another's by now. */
export async function finishJob(store: Store, { id, locked_by, attempt }: Hold): Promise<boolean> {
  const { numDeletedRows } = await store
    .deleteFrom("jobs")
    .where("id", "=", id)
    .where("locked_by", "=", locked_by)
    .where("attempt", "=", attempt)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** The job is to be done again at `runAt`, unless it is another's by now. */
export async function postponeJob(
  store: Store,
  { id, locked_by, attempt }: Hold,
  runAt: number,
  now: number,
  lastError: string | null = null,
): Promise<void> {
  await store
    .updateTable("jobs")
    .set({ locked_by: null, locked_until: null, run_at: runAt, scheduled_at: now, last_error: lastError })
    .where("id", "=", id)
    .where("locked_by", "=", locked_by)
    .where("attempt", "=", attempt)
    .execute();
}

/** Jobs of this kind and lane that wait for a later time are due now. */
export async function hasten(store: Store, kind: JobKind, lane: string, now: number): Promise<void> {
  await store
    .updateTable("jobs")
    .set({ run_at: now, scheduled_at: now })
    .where("kind", "=", kind)
    .where("lane", "=", lane)
    .where("run_at", ">", now)
    .where("locked_by", "is", null)
    .execute();
}

/** When the next job that nobody holds becomes due after `now`; undefined when none does. */
export async function nextJobAt(store: Store, kinds: readonly JobKind[], now: number): Promise<number | undefined> {
  const times = await Promise.all(
    kinds.map((kind) =>
      store
        .selectFrom("jobs")
        .select(({ fn }) => fn.min("run_at").as("at"))
        .where("kind", "=", kind)
        .where("run_at", ">", now)
        .executeTakeFirst(),
    ),
  );
  const known = times.flatMap((time) => (time?.at === null || time?.at === undefined ? [] : [time.at]));
  return known.length === 0 ? undefined : Math.min(...known);
}

/** A clock is never read twice at the same moment, and is corrected by a little now and then. */
const toleranceMs = 2_000;

/**
 * Undoes what a clock that has been set back does to the queue: what was put into it "in the future" keeps its waiting time from
 * now on, and no lease lasts longer than a lease does. Gives the jump in milliseconds; 0 when there was none.
 */
export async function repairClock(store: Store, now: number, leaseMs: number): Promise<number> {
  const latest = await store
    .selectFrom("jobs")
    .select(({ fn }) => fn.max("scheduled_at").as("at"))
    .executeTakeFirst();
  const jumpMs = (latest?.at ?? now) - now;
  if (jumpMs <= toleranceMs) return 0;
  await store
    .updateTable("jobs")
    .set({
      run_at: sql<number>`run_at - (scheduled_at - ${now})`,
      ends_at: sql<number>`ends_at - (scheduled_at - ${now})`,
      scheduled_at: now,
    })
    .where("scheduled_at", ">", now)
    .execute();
  await store
    .updateTable("jobs")
    .set({ locked_until: now + leaseMs })
    .where("locked_by", "is not", null)
    .where("locked_until", ">", now + leaseMs)
    .execute();
  return jumpMs;
}
