import { randomUUID } from "node:crypto";
import type { Checkpoint } from "#providers/provider.ts";
import { isConstraintFailure } from "../store/busy.ts";
import type { CheckpointTable, Store, SubmissionTable } from "../store/schema.ts";

/** What has been begun keeps its key; one that has its id keeps its lock as well. */
function keepBegun(store: Store, row: CheckpointTable): Promise<CheckpointTable> {
  const { lock, sent_sha256 } = row;
  return store
    .insertInto("checkpoints")
    .values(row)
    .onConflict((conflict) =>
      conflict.column("submission_id").doUpdateSet(({ eb, ref }) => ({
        lock: eb.case().when("checkpoints.card_image_id", "is", null).then(lock).else(ref("checkpoints.lock")).end(),
        sent_sha256,
      })),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

async function unlessTaken<Result, Instead>(write: () => Promise<Result>, instead: Instead): Promise<Result | Instead> {
  try {
    return await write();
  } catch (cause) {
    if (isConstraintFailure(cause)) return instead;
    throw cause;
  }
}

/** Not one that another submission has, however it came by it. */
function take(store: Store, submissionId: string, cardImageId: string): Promise<boolean> {
  return unlessTaken(async () => {
    const { numUpdatedRows } = await store
      .updateTable("checkpoints")
      .set({ card_image_id: cardImageId })
      .where("submission_id", "=", submissionId)
      .where(({ eb, or }) => or([eb("card_image_id", "is", null), eb("card_image_id", "=", cardImageId)]))
      .where(({ exists, not, selectFrom }) => {
        const another = selectFrom("submissions").select("id").where("id", "!=", submissionId);
        return not(exists(another.where("card_image_id", "=", cardImageId)));
      })
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }, false);
}

async function listTaken(store: Store, cardImageIds: readonly string[]): Promise<ReadonlySet<string>> {
  const [begun, known] = await Promise.all([
    store.selectFrom("checkpoints").select("card_image_id").where("card_image_id", "in", cardImageIds).execute(),
    store.selectFrom("submissions").select("card_image_id").where("card_image_id", "in", cardImageIds).execute(),
  ]);
  return new Set([...begun, ...known].flatMap((row) => row.card_image_id ?? []));
}

/**
 * How far one submission's sending has come, in the database: each step is committed before the next one goes out. With the
 * attempt for which it is begun, that one says which bytes it sends.
 */
export function createCheckpoint(
  store: Store,
  { id, provider }: Pick<SubmissionTable, "id" | "provider">,
  attemptId?: string,
): Checkpoint {
  return {
    async read() {
      const row = await store.selectFrom("checkpoints").selectAll().where("submission_id", "=", id).executeTakeFirst();
      return row && { key: row.key, lock: row.lock, cardImageId: row.card_image_id };
    },
    begin: (lock, sentSha256) =>
      unlessTaken(async () => {
        const fresh = { submission_id: id, provider, lock, key: randomUUID(), card_image_id: null };
        const kept = await store.transaction().execute(async (trx) => {
          if (attemptId !== undefined)
            await trx.updateTable("attempts").set({ sent_sha256: sentSha256 }).where("id", "=", attemptId).execute();
          return keepBegun(trx, { ...fresh, sent_sha256: sentSha256 });
        });
        return { key: kept.key, lock: kept.lock, cardImageId: kept.card_image_id };
      }, "busy" as const),
    async release() {
      // Its key stays, so that the same creation is recognised when it is asked for again.
      await store
        .updateTable("checkpoints")
        .set({ lock: `released/${id}` })
        .where("submission_id", "=", id)
        .where("card_image_id", "is", null)
        .execute();
    },
    reach: (cardImageId) => take(store, id, cardImageId),
    findTaken: (cardImageIds) => listTaken(store, cardImageIds),
  };
}

/**
 * A person lets it be sent anew: what was asked for and may or may not be there is nobody's any more. An id that is known is kept,
 * since a picture that goes to it again cannot be there twice.
 */
export async function forgetBegun(store: Store, submissionId: string): Promise<void> {
  await store
    .deleteFrom("checkpoints")
    .where("submission_id", "=", submissionId)
    .where("card_image_id", "is", null)
    .execute();
}
