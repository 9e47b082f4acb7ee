import type { BlobStore } from "../blobs/blob-store.ts";
import { forgetBegun } from "../delivery/checkpoint.ts";
import { defaultPolicy } from "../delivery/policy.ts";
import { schedule } from "../jobs/jobs.ts";
import { next } from "../state/machine.ts";
import { type Context, type Step, type Trx, transition } from "../state/transition.ts";
import { emptyLog } from "../store/open.ts";
import type { Actor, PictureTable, Store, SubmissionTable } from "../store/schema.ts";
import type { PurgeLog } from "./log.ts";

export interface PurgeContext extends Context {
  readonly blobs: BlobStore;
  readonly purgeLog: PurgeLog;
  /** Left out where nothing is sent. */
  readonly courier?: { wake(): void; giveUp(submissionId: string): void };
}

/** Who wants it, and why: for the history. */
export interface PurgeOrder {
  readonly actor: Actor;
  readonly reason: string;
  readonly by: string | null;
}

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
    .where("state", "not in", ["purging", "purged"]);
  await trx.deleteFrom("designs").where("session_id", "=", sessionId).where("sha256", "not in", kept).execute();
}

/** What the session holds for a card: nobody will make one, unless another may still be sent in it. */
async function forgetValues(trx: Trx, sessionId: string, now: number): Promise<void> {
  await trx
    .updateTable("sessions")
    .set({ data_capture: "{}" })
    .where("id", "=", sessionId)
    .where("expires_at", "<=", now)
    .where(({ not, exists, selectFrom }) => {
      const kept = selectFrom("submissions").select("submissions.id").whereRef("session_id", "=", "sessions.id");
      return not(exists(kept.where("state", "not in", ["purging", "purged"])));
    })
    .execute();
}

/** Takes away what the database has of it but the tombstone. Gives where its picture lies. */
async function erase(trx: Trx, row: SubmissionTable): Promise<PictureTable | undefined> {
  const picture = await trx
    .deleteFrom("pictures")
    .where("submission_id", "=", row.id)
    .returningAll()
    .executeTakeFirst();
  await forgetDesigns(trx, row.session_id);
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
  await schedule(trx, "purge", row, now, now, now + defaultPolicy.quietWindowMs);
  return picture;
}

/** One of before may be other submissions' too. */
async function removeFile(store: Store, blobs: BlobStore, { file }: PictureTable): Promise<void> {
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

/**
 * Deletes a submission's picture and whatever else says something about its cardholder, in any state and at any time, and has
 * the platform asked to do the same. What remains is the tombstone: ids, reference and history. When it returns, no copy of the
 * picture's file can be read any more, and that survives a backup of before. False when that had been done before.
 */
export async function purgeSubmission(
  context: PurgeContext,
  { id, issuer_id: issuerId, state }: Pick<SubmissionTable, "id" | "issuer_id" | "state">,
  order: PurgeOrder,
): Promise<boolean> {
  const { store, blobs, log, purgeLog, courier } = context;
  if (next(state, "purge-asked") === "refused") return false;
  // First, so that whatever is put back later knows of it.
  await purgeLog.append({ at: context.now(), issuerId, submissionId: id });
  let picture: PictureTable | undefined;
  const { kind, from } = await transition(context, id, stepOf(order), async (trx, row) => {
    picture = await erase(trx, row);
    return row;
  });
  if (kind === "refused") return false;
  // The write-ahead log still has the row with the key.
  await emptyLog(store).catch((cause: unknown) =>
    log.warn({ err: cause }, "the database's log could not be emptied: it is when the next submission is deleted"),
  );
  courier?.giveUp(id);
  courier?.wake();
  log.warn({ submissionId: id, issuerId, from, by: order.by, actor: order.actor }, "a submission is deleted");
  // Without its key it is noise: one that cannot be removed now is removed as nobody's later.
  if (picture !== undefined)
    await removeFile(store, blobs, picture).catch((cause: unknown) =>
      log.error({ err: cause, issuerId, submissionId: id }, "a deleted picture's file cannot be removed now"),
    );
  return true;
}
