import { forgetBegun } from "../delivery/checkpoint.ts";
import { findOwner, orphanPatienceMs, recordOrphan } from "../delivery/follow-up.ts";
import { doubtful } from "../delivery/judgement.ts";
import { isWorthAlarm } from "../delivery/policy.ts";
import { investigate, type ResolveContext } from "../delivery/resolve.ts";
import { finishJob, postponeJob } from "../jobs/jobs.ts";
import { findSubmission } from "../state/find.ts";
import { isDeleted } from "../state/machine.ts";
import { takeTurn, transition } from "../state/transition.ts";
import type { JobTable, Store, SubmissionTable } from "../store/schema.ts";
import { hourMs, purgeImage, type Rest } from "./at-platform.ts";
import { describeProofs, listUnwanted, type PlatformImage } from "./images.ts";

export interface PurgeJobContext extends ResolveContext {
  /** For one send, answer included. */
  readonly sendTimeoutMs: number;
}

/** Nobody has it, and how that is known where there is no picture whose deletion would tell. */
interface Gone {
  readonly state: "gone";
  readonly detail: string;
}
type Outcome = Gone | Rest;

/** Another submission has it by now: it is wanted. */
async function isOthers(store: Store, { row, cardImageId }: PlatformImage): Promise<boolean> {
  const owner = await findOwner(store, row, cardImageId);
  return owner !== undefined && owner !== row.id;
}

/** An attempt whose server has died is over; another one is waited for. */
async function closeOpenAttempt(context: PurgeJobContext, row: SubmissionTable): Promise<boolean> {
  const { store, policy, sendTimeoutMs } = context;
  const dead = context.now() - sendTimeoutMs - policy.graceMs - policy.leaseMs;
  await store
    .updateTable("attempts")
    .set({ outcome: "abandoned", detail: "the server stopped during the attempt", ended_at: context.now() })
    .where("submission_id", "=", row.id)
    .where("ended_at", "is", null)
    .where("started_at", "<=", dead)
    .execute();
  const open = await store
    .selectFrom("attempts")
    .select("id")
    .where("submission_id", "=", row.id)
    .where("ended_at", "is", null)
    .executeTakeFirst();
  return open === undefined;
}

/** Whether the platform may have a picture of which no id is known. */
async function isDoubtful(store: Store, row: SubmissionTable): Promise<boolean> {
  if (row.card_image_id !== null) return false;
  const known = await store
    .selectFrom("purged_images")
    .select("card_image_id")
    .where("submission_id", "=", row.id)
    .where("gone_at", "is not", null)
    .limit(1)
    .executeTakeFirst();
  if (known !== undefined) return false;
  const doubt = await store
    .selectFrom("attempts")
    .select("id")
    .where("submission_id", "=", row.id)
    .where("outcome", "in", doubtful)
    .limit(1)
    .executeTakeFirst();
  return doubt !== undefined;
}

/** Nobody knows whether the platform has it: it is looked for as any doubtful one, and never sent again. */
async function lookForIt(context: PurgeJobContext, job: JobTable, row: SubmissionTable): Promise<Outcome | "again"> {
  const finding = await investigate(context, row, job.ends_at ?? 0, job.attempt);
  if (finding.kind === "absent") return { state: "gone", detail: "the platform does not have it, as its search says" };
  if (finding.kind === "open")
    return {
      state: "waiting",
      detail: `nobody knows whether the platform has it: ${finding.detail}. Ask there; then bind its id, or abandon`,
      waitMs: Math.min(hourMs, context.policy.quietWindowMs / 4),
    };
  const { cardImageId } = finding;
  if (cardImageId === undefined)
    return {
      state: "waiting",
      detail: "the platform has it, and its image id is not known: ask there, and bind it",
      waitMs: hourMs,
    };
  const isNews = await context.store.transaction().execute(async (trx) => {
    await takeTurn(trx, row.issuer_id);
    return recordOrphan(trx, context, cardImageId, row, "found while it was being deleted");
  });
  if (isNews) return "again";
  const owner = await findOwner(context.store, row, cardImageId);
  return owner === undefined || owner === row.id
    ? { state: "gone", detail: "the platform has it no more" }
    : { state: "waiting", detail: `the platform's search finds the picture of submission ${owner}`, waitMs: hourMs };
}

async function purgeAll(context: PurgeJobContext, job: JobTable, row: SubmissionTable): Promise<Outcome> {
  const { store, policy } = context;
  let rest: Rest | undefined;
  for (const image of await listUnwanted(store, row)) {
    if (await isOthers(store, image)) continue;
    const outcome = await purgeImage(context, job, image);
    if (outcome !== "gone") rest = outcome;
  }
  if (rest !== undefined) return rest;
  const gone = { state: "gone", detail: "the platform never had it" } as const;
  if (row.state !== "purging") return gone;
  if (!(await closeOpenAttempt(context, row)))
    return { state: "waiting", detail: "it was being sent: its answer is waited for", waitMs: policy.pollMs };
  // Of what an adapter has begun meanwhile, nobody waits for the end.
  await forgetBegun(store, row.id);
  if (!(await isDoubtful(store, row))) return gone;
  const found = await lookForIt(context, job, row);
  return found === "again" ? purgeAll(context, job, row) : found;
}

/** Whether this is for the log: what waits may pass by itself, and what does not is said again each day. */
function isForLog({ state }: Rest, { attempt }: JobTable, isNews: boolean): boolean {
  if (state === "waiting") return isWorthAlarm(attempt);
  return isNews || (state !== "unproven" && attempt % 24 === 0);
}

async function wait(context: PurgeJobContext, job: JobTable, row: SubmissionTable, rest: Rest): Promise<void> {
  const { store, log } = context;
  const fields = { submissionId: row.id, issuerId: row.issuer_id, attempt: job.attempt, detail: rest.detail };
  if (isForLog(rest, job, job.last_error !== rest.detail))
    log.error(fields, "the platform still has a picture that is to be deleted, or may have it");
  if (row.state === "purging" && (row.purge_state !== rest.state || row.note !== rest.detail))
    await store
      .updateTable("submissions")
      .set({ purge_state: rest.state, note: rest.detail })
      .where("id", "=", row.id)
      .where("state", "=", "purging")
      .execute();
  if (rest.waitMs === null) return void (await finishJob(store, job));
  await postponeJob(store, job, context.now() + rest.waitMs, context.now(), rest.detail);
}

/** Something that is to be deleted as well has turned up meanwhile: it has a job of its own. */
class Overtaken extends Error {}

async function conclude(
  context: PurgeJobContext,
  job: JobTable,
  row: SubmissionTable,
  { detail }: Gone,
): Promise<void> {
  const { store, log } = context;
  const proof = (await describeProofs(store, row.id)) ?? detail;
  const set = { purge_state: "gone", note: null } as const;
  const result = await transition(
    context,
    row.id,
    ({ sequence }) =>
      sequence === row.sequence ? { cause: "purged", actor: "system", detail: { proof }, set } : "refused",
    async (trx, moved) => {
      if (!(await finishJob(trx, job))) throw new Overtaken();
      await trx.deleteFrom("checkpoints").where("submission_id", "=", moved.id).execute();
      return moved;
    },
  ).catch((cause: unknown) => {
    if (cause instanceof Overtaken) return undefined;
    throw cause;
  });
  if (result?.kind === "moved")
    log.info({ issuerId: row.issuer_id, submissionId: row.id, proof }, "a submission is deleted everywhere");
  else if (result?.row.state === "purging") await postponeJob(store, job, context.now(), context.now());
  else await finishJob(store, job);
}

/** Has the platform delete what it has of a submission that is being deleted, and what nobody owns there. Safe to repeat. */
export async function purge(context: PurgeJobContext, job: JobTable): Promise<void> {
  const { store, providers, now } = context;
  const row = await findSubmission(store, job.submission_id);
  if (!isDeleted(row)) {
    const who = providers.of(row).capabilities(row.product_id).purge;
    if (who === "unsupported") return void (await finishJob(store, job));
    // A key may be set one day.
    if (who !== "here") return postponeJob(store, job, now() + orphanPatienceMs, now());
  }
  const outcome = await purgeAll(context, job, row);
  return outcome.state === "gone" ? conclude(context, job, row, outcome) : wait(context, job, row, outcome);
}
