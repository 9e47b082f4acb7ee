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

type Owner = Pick<SubmissionTable, "id" | "issuer_id" | "provider">;

/** Not one that another submission has, however it came by it. */
function take(store: Store, { id, issuer_id, provider }: Owner, cardImageId: string): Promise<boolean> {
  return unlessTaken(async () => {
    const { numUpdatedRows } = await store
      .updateTable("checkpoints")
      .set({ card_image_id: cardImageId })
      .where("submission_id", "=", id)
      .where(({ eb, or }) => or([eb("card_image_id", "is", null), eb("card_image_id", "=", cardImageId)]))
      .where(({ exists, not, selectFrom }) => {
        const another = selectFrom("submissions")
          .select("id")
          .where("issuer_id", "=", issuer_id)
          .where("provider", "=", provider)
          .where("card_image_id", "=", cardImageId);
        return not(exists(another.where("id", "!=", id)));
      })
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }, false);
}

async function listTaken(
  store: Store,
  { issuer_id: issuerId, provider }: Owner,
  cardImageIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const findIn = (table: "checkpoints" | "submissions") =>
    store
      .selectFrom(table)
      .select("card_image_id")
      .where("issuer_id", "=", issuerId)
      .where("provider", "=", provider)
      .where("card_image_id", "in", cardImageIds)
      .execute();
  const rows = await Promise.all([findIn("checkpoints"), findIn("submissions")]);
  return new Set(rows.flat().flatMap((row) => row.card_image_id ?? []));
}

/**
 * How far one submission's sending has come, in the database: each step is committed before the next one goes out. With the
 * attempt for which it is begun, that one says which bytes it sends.
 */
export function createCheckpoint(store: Store, owner: Owner, attemptId?: string): Checkpoint {
  const { id, issuer_id, provider } = owner;
  return {
    async read() {
      const row = await store.selectFrom("checkpoints").selectAll().where("submission_id", "=", id).executeTakeFirst();
      return row && { key: row.key, lock: row.lock, cardImageId: row.card_image_id };
    },
    begin: (lock, sentSha256) =>
      unlessTaken(async () => {
        const fresh = { submission_id: id, issuer_id, provider, lock, key: randomUUID(), card_image_id: null };
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
    reach: (cardImageId) => take(store, owner, cardImageId),
    findTaken: (cardImageIds) => listTaken(store, owner, cardImageIds),
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
