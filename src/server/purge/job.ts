import type { Provider, PreviewOutcome, PurgeOutcome } from "#providers/provider.ts";
import { forgetBegun } from "../delivery/checkpoint.ts";
import { findOwner, recordOrphan } from "../delivery/follow-up.ts";
import { doubtful } from "../delivery/judgement.ts";
import { backOffMs, isWorthAlarm } from "../delivery/policy.ts";
import { investigate, type ResolveContext } from "../delivery/resolve.ts";
import { finishJob, postponeJob } from "../jobs/jobs.ts";
import { findSubmission } from "../state/find.ts";
import { takeTurn, transition } from "../state/transition.ts";
import type { JobTable, PurgedImageTable, Store, SubmissionTable } from "../store/schema.ts";

export interface PurgeJobContext extends ResolveContext {
  /** For one send, answer included. */
  readonly sendTimeoutMs: number;
}

const timeoutMs = 30_000;
const hourMs = 60 * 60_000;
/** The platform has taken an order that it seems not to carry out: it is given again. */
const againMs = 24 * hourMs;
const smallPreview = { format: "jpeg", corner: "square", designType: "print", widthPx: 64 } as const;

/** What is left to be done, and how soon that is looked at again; null: never. */
interface Rest {
  readonly state: NonNullable<SubmissionTable["purge_state"]>;
  readonly detail: string;
  readonly waitMs: number | null;
}
const gone = "gone";
type Outcome = typeof gone | Rest;

function keyOf(row: SubmissionTable, cardImageId: string) {
  return { issuer_id: row.issuer_id, provider: row.provider, card_image_id: cardImageId };
}

function findTombstone(store: Store, row: SubmissionTable, cardImageId: string): Promise<PurgedImageTable | undefined> {
  const key = keyOf(row, cardImageId);
  return store
    .selectFrom("purged_images")
    .selectAll()
    .where("issuer_id", "=", key.issuer_id)
    .where("provider", "=", key.provider)
    .where("card_image_id", "=", key.card_image_id)
    .executeTakeFirst();
}

async function keepTombstone(
  store: Store,
  row: SubmissionTable,
  cardImageId: string,
  set: Partial<Pick<PurgedImageTable, "taken_at" | "gone_at">>,
): Promise<void> {
  await store
    .insertInto("purged_images")
    .values({ ...keyOf(row, cardImageId), submission_id: row.id, taken_at: null, gone_at: null, ...set })
    .onConflict((conflict) => conflict.columns(["issuer_id", "provider", "card_image_id"]).doUpdateSet(set))
    .execute();
}

/** Nobody has it any more: what was heard of it goes too. */
async function concludeImage(context: PurgeJobContext, row: SubmissionTable, cardImageId: string): Promise<void> {
  await context.store.transaction().execute(async (trx) => {
    await keepTombstone(trx, row, cardImageId, { gone_at: context.now() });
    for (const table of ["orphan_images", "unclaimed_notifications"] as const)
      await trx
        .deleteFrom(table)
        .where("issuer_id", "=", row.issuer_id)
        .where("provider", "=", row.provider)
        .where("card_image_id", "=", cardImageId)
        .execute();
  });
  context.log.info(
    { issuerId: row.issuer_id, submissionId: row.id, cardImageId },
    "the platform has a picture no more",
  );
}

function whileWaiting(context: PurgeJobContext, job: JobTable, detail: string): Rest {
  return { state: "waiting", detail, waitMs: backOffMs(job.attempt, context.policy) };
}

/** What the platform's answer to the order comes to; undefined: see whether it is gone. */
function readOrder(context: PurgeJobContext, job: JobTable, outcome: PurgeOutcome): Rest | undefined {
  switch (outcome.kind) {
    case "taken":
      return undefined;
    case "unknown-id":
      // A picture that has just arrived may not be known everywhere yet.
      return context.now() >= (job.ends_at ?? 0) ? undefined : whileWaiting(context, job, outcome.detail);
    case "misconfigured":
      return { state: "refused", detail: outcome.detail, waitMs: hourMs };
    case "failed":
      return whileWaiting(context, job, outcome.detail);
    case "unsupported":
      return { state: "unsupported", detail: outcome.detail, waitMs: null };
  }
}

/** Gives the order, unless it was taken within the last day. */
async function order(
  context: PurgeJobContext,
  job: JobTable,
  row: SubmissionTable,
  provider: Provider,
  cardImageId: string,
): Promise<Rest | undefined> {
  const { store, now } = context;
  const before = await findTombstone(store, row, cardImageId);
  if (before?.taken_at !== undefined && before.taken_at !== null && now() - before.taken_at < againMs) return undefined;
  const outcome = await provider
    .purge(cardImageId, row.product_id, AbortSignal.timeout(timeoutMs))
    .catch(() => ({ kind: "failed", detail: "the adapter failed" }) as const);
  const rest = readOrder(context, job, outcome);
  if (rest === undefined) await keepTombstone(store, row, cardImageId, { taken_at: now() });
  return rest;
}

const notHere = {
  elsewhere:
    "this server has no key with which the platform deletes this product's pictures: delete it there, or set the key",
  unsupported: "the card platform cannot delete a picture that it has",
  unknown: "the settings of the card platform are missing",
} as const;

function describeShown(
  context: PurgeJobContext,
  job: JobTable,
  who: ReturnType<Provider["capabilities"]>["purge"],
): Rest {
  switch (who) {
    case "here":
      return whileWaiting(context, job, "the platform has taken the order to delete it, and still shows it");
    case "elsewhere":
      return { state: "elsewhere", detail: notHere.elsewhere, waitMs: hourMs };
    case "unsupported":
      return { state: "unsupported", detail: notHere.unsupported, waitMs: null };
    case null:
      return { state: "waiting", detail: notHere.unknown, waitMs: hourMs };
  }
}

/** One picture of the platform's. It is gone once the platform shows it no more, and not before. */
async function purgeImage(
  context: PurgeJobContext,
  job: JobTable,
  row: SubmissionTable,
  cardImageId: string,
): Promise<Outcome> {
  const { store, providers } = context;
  if (((await findTombstone(store, row, cardImageId))?.gone_at ?? null) !== null) return gone;
  const provider = providers.of(row);
  const who = provider.capabilities(row.product_id).purge;
  if (who === "here") {
    const rest = await order(context, job, row, provider, cardImageId);
    if (rest !== undefined) return rest;
  }
  if (who === null) return describeShown(context, job, who);
  const shown: PreviewOutcome = await provider
    .getPreview({ cardImageId }, smallPreview, AbortSignal.timeout(timeoutMs))
    .catch(() => ({ kind: "unavailable", detail: "the adapter failed" }) as const);
  if (shown.kind === "image") return describeShown(context, job, who);
  if (shown.kind === "unavailable") return whileWaiting(context, job, shown.detail);
  if (shown.isForeign) return whileWaiting(context, job, "a web page answers where the platform shows its pictures");
  if (who !== "here" && context.now() < (job.ends_at ?? 0))
    return whileWaiting(context, job, "whether the platform has it is not known yet");
  await concludeImage(context, row, cardImageId);
  return gone;
}

/** The ids under which the platform has pictures of the submission that nobody wants there. */
async function listUnwanted(store: Store, row: SubmissionTable): Promise<string[]> {
  const orphans = await store
    .selectFrom("orphan_images")
    .select("card_image_id")
    .where("submission_id", "=", row.id)
    .limit(100)
    .execute();
  const begun = await store
    .selectFrom("checkpoints")
    .select("card_image_id")
    .where("submission_id", "=", row.id)
    .executeTakeFirst();
  const own = row.state === "purging" || row.state === "purged" ? [row.card_image_id, begun?.card_image_id] : [];
  const ids = [...own, ...orphans.map((orphan) => orphan.card_image_id)];
  return [...new Set(ids.flatMap((id) => id ?? []))];
}

/** Another submission has it by now: it is wanted. */
async function isOthers(store: Store, row: SubmissionTable, cardImageId: string): Promise<boolean> {
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
  if (finding.kind === "absent") return gone;
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
    return recordOrphan(trx, cardImageId, row, "found while it was being deleted", context.now());
  });
  return isNews ? "again" : gone;
}

async function purgeAll(context: PurgeJobContext, job: JobTable, row: SubmissionTable): Promise<Outcome> {
  const { store, policy } = context;
  let rest: Outcome = gone;
  for (const cardImageId of await listUnwanted(store, row)) {
    if (await isOthers(store, row, cardImageId)) continue;
    const outcome = await purgeImage(context, job, row, cardImageId);
    if (outcome !== gone) rest = outcome;
  }
  if (rest !== gone || row.state !== "purging") return rest;
  if (!(await closeOpenAttempt(context, row)))
    return { state: "waiting", detail: "it was being sent: its answer is waited for", waitMs: policy.pollMs };
  // Of what an adapter has begun meanwhile, nobody waits for the end.
  await forgetBegun(store, row.id);
  if (!(await isDoubtful(store, row))) return gone;
  const found = await lookForIt(context, job, row);
  return found === "again" ? purgeAll(context, job, row) : found;
}

async function wait(context: PurgeJobContext, job: JobTable, row: SubmissionTable, rest: Rest): Promise<void> {
  const { store, log } = context;
  const fields = { submissionId: row.id, issuerId: row.issuer_id, attempt: job.attempt, detail: rest.detail };
  const isNews = row.purge_state !== rest.state || row.note !== rest.detail;
  if (rest.state !== "waiting" ? isNews || job.attempt % 24 === 0 : isWorthAlarm(job.attempt))
    log.error(fields, "the platform still has a picture that is to be deleted, or may have it");
  if (row.state === "purging" && isNews)
    await store
      .updateTable("submissions")
      .set({ purge_state: rest.state, note: rest.detail })
      .where("id", "=", row.id)
      .where("state", "=", "purging")
      .execute();
  if (rest.waitMs === null) return void (await finishJob(store, job));
  await postponeJob(store, job, context.now() + rest.waitMs, context.now(), rest.detail);
}

/** Has the platform delete what it has of a submission that is being deleted, and what nobody owns there. Safe to repeat. */
export async function purge(context: PurgeJobContext, job: JobTable): Promise<void> {
  const row = await findSubmission(context.store, job.submission_id);
  const isKept = row.state !== "purging" && row.state !== "purged";
  if (isKept && context.providers.of(row).capabilities(row.product_id).purge !== "here")
    return void (await finishJob(context.store, job));
  const outcome = await purgeAll(context, job, row);
  if (outcome !== gone) return wait(context, job, row, outcome);
  const set = { purge_state: gone, note: null } as const;
  const { kind } = await transition(
    context,
    row.id,
    ({ sequence }) => (sequence === row.sequence ? { cause: "purged", actor: "system", set } : "refused"),
    async (trx, moved) => {
      await trx.deleteFrom("checkpoints").where("submission_id", "=", moved.id).execute();
      await finishJob(trx, job);
      return moved;
    },
  );
  if (kind === "moved")
    return context.log.info({ issuerId: row.issuer_id, submissionId: row.id }, "a submission is deleted everywhere");
  const isOverdue = (await findSubmission(context.store, row.id)).state === "purging";
  if (isOverdue) return postponeJob(context.store, job, context.now(), context.now());
  await finishJob(context.store, job);
}
