import type { BlobStore } from "../blobs/blob-store.ts";
import { forgetBegun } from "../delivery/checkpoint.ts";
import type { DeliveryPolicy } from "../delivery/policy.ts";
import { forgetDraftOf } from "../drafts/forget.ts";
import { schedule } from "../jobs/jobs.ts";
import { deletedStates, next } from "../state/machine.ts";
import { type Context, type Step, type Trx, transition } from "../state/transition.ts";
import { truncateWal } from "../store/open.ts";
import type { Actor, PictureTable, Store, SubmissionTable } from "../store/schema.ts";
import { markApplied, type PurgeLog } from "./log.ts";

export interface PurgeContext extends Context {
  readonly blobs: BlobStore;
  readonly purgeLog: PurgeLog;
  readonly policy: Pick<DeliveryPolicy, "quietWindowMs">;
  /** Left out where nothing is sent. */
  readonly courier?: { wake(): void; giveUp(submissionId: string): void };
}

/** Who wants it, and why: for the history. */
export interface PurgeOrder {
  readonly actor: Actor;
  readonly reason: string;
  readonly by: string | null;
}

type Lying = Pick<PictureTable, "file">;

/** What reviewers have written to the cardholder. */
async function forgetMemos(trx: Trx, submissionId: string): Promise<void> {
  const events = await trx
    .selectFrom("events")
    .select(["issuer_id", "seq", "detail"])
    .where("submission_id", "=", submissionId)
    .where("detail", "like", "%rejectionMemo%")
    .execute();
  for (const { issuer_id, seq, detail } of events) {
    const { rejectionMemo: _memo, ...kept } = JSON.parse(detail ?? "{}") as Record<string, unknown>;
    await trx
      .updateTable("events")
      .set({ detail: JSON.stringify(kept) })
      .where("issuer_id", "=", issuer_id)
      .where("seq", "=", seq)
      .execute();
  }
}

/** The session's designs, but those of which something is kept that was sent. */
async function forgetDesigns(trx: Trx, sessionId: string): Promise<void> {
  const kept = trx
    .selectFrom("submissions")
    .select("design_sha256")
    .where("session_id", "=", sessionId)
    .where("state", "not in", [...deletedStates]);
  await trx.deleteFrom("designs").where("session_id", "=", sessionId).where("sha256", "not in", kept).execute();
}

/** What the session holds for a card: nobody will make one, unless another may still be sent in it. */
async function forgetValues(trx: Trx, sessionId: string, now: number): Promise<void> {
  await trx
    .updateTable("sessions")
    .set({ data_capture: "{}", hosted: null })
    .where("id", "=", sessionId)
    .where("expires_at", "<=", now)
    .where(({ not, exists, selectFrom }) => {
      const kept = selectFrom("submissions").select("submissions.id").whereRef("session_id", "=", "sessions.id");
      return not(exists(kept.where("state", "not in", [...deletedStates])));
    })
    .execute();
}

/** Takes away what the database has of it but the tombstone. Gives where its picture lies. */
async function erase(trx: Trx, row: SubmissionTable, quietWindowMs: number): Promise<Lying | undefined> {
  const picture = await trx
    .deleteFrom("pictures")
    .where("submission_id", "=", row.id)
    .returning("file")
    .executeTakeFirst();
  await forgetDesigns(trx, row.session_id);
  await forgetDraftOf(trx, row);
  await forgetValues(trx, row.session_id, row.updated_at);
  await forgetMemos(trx, row.id);
  await trx
    .deleteFrom("unclaimed_notifications")
    .where("issuer_id", "=", row.issuer_id)
    .where("provider", "=", row.provider)
    .where("card_image_id", "=", row.card_image_id)
    .execute();
  await trx.deleteFrom("jobs").where("submission_id", "=", row.id).execute();
  await forgetBegun(trx, row.id);
  const { updated_at: now } = row;
  await schedule(trx, "purge", row, now, now, now + quietWindowMs);
  return picture;
}

/** One of before may be other submissions' too. */
async function removeFile(store: Store, blobs: BlobStore, { file }: Lying): Promise<void> {
  const named = await store.selectFrom("pictures").select("file").where("file", "=", file).limit(1).executeTakeFirst();
  if (named === undefined) await blobs.remove(file);
}

const nothingLeft = {
  purge_state: "waiting",
  note: null,
  rejection_memo: null,
  rules_version: null,
  agreed_at: null,
} as const;

function stepOf({ actor, reason, by }: PurgeOrder): Step {
  return { cause: "purge-asked", actor, detail: { reason, by }, set: nothingLeft };
}

type Asked = Pick<SubmissionTable, "id" | "issuer_id" | "state">;

/** False when that had been done before. */
async function purgeOne(context: PurgeContext, { id, issuer_id, state }: Asked, order: PurgeOrder): Promise<boolean> {
  const { store, blobs, log, courier, policy } = context;
  if (next(state, "purge-asked") === "refused") return false;
  let picture: Lying | undefined;
  // Into the log first, so that whatever is put back later knows of it.
  const { kind, from } = await context.purgeLog.during(
    { at: context.now(), issuerId: issuer_id, submissionId: id },
    (end) =>
      transition(context, id, stepOf(order), async (trx, row) => {
        picture = await erase(trx, row, policy.quietWindowMs);
        await markApplied(trx, end);
        return row;
      }),
  );
  if (kind === "refused") return false;
  courier?.giveUp(id);
  log.warn(
    { submissionId: id, issuerId: issuer_id, from, by: order.by, actor: order.actor },
    "a submission is deleted",
  );
  // Without its key it is noise: one that cannot be removed now is removed as nobody's later.
  if (picture !== undefined)
    await removeFile(store, blobs, picture).catch((cause: unknown) =>
      log.error(
        { err: cause, issuerId: issuer_id, submissionId: id },
        "a deleted picture's file cannot be removed now",
      ),
    );
  return true;
}

/** SQLite's write-ahead log still has the rows with the keys. What is left of one is tried again every hour: see `startPurgingByAge`. */
export async function forgetKeys({ store, log }: Pick<PurgeContext, "store" | "log">): Promise<void> {
  const isDone = await truncateWal(store).catch((cause: unknown) => {
    log.warn({ err: cause }, "the database's write-ahead log cannot be emptied now");
    return true;
  });
  if (!isDone)
    log.warn(
      "another program reads the database, a backup for instance: the keys of what was deleted leave its log later",
    );
}

/**
 * Deletes submissions' pictures and whatever else says something about their cardholders, in any state and at any time, and has
 * the platform asked to do the same. What remains is the tombstones: ids, reference and history. When it returns, no copy of a
 * picture's file can be read any more, and that survives a backup of before. Gives how many had not been deleted before.
 */
export async function purgeSubmissions(
  context: PurgeContext,
  rows: readonly Asked[],
  order: PurgeOrder,
): Promise<number> {
  let count = 0;
  try {
    for (const row of rows) if (await purgeOne(context, row, order)) count += 1;
  } finally {
    // Once for all: it holds up whoever else uses the database.
    if (count > 0) {
      await forgetKeys(context);
      context.courier?.wake();
    }
  }
  return count;
}

/** The same for one. False when that had been done before. */
export async function purgeSubmission(context: PurgeContext, row: Asked, order: PurgeOrder): Promise<boolean> {
  return (await purgeSubmissions(context, [row], order)) > 0;
}
