import type { Config } from "../config.ts";
import { removeFiles } from "../drafts/drafts.ts";
import { ownerOf } from "../drafts/forget.ts";
import { type Loop, startLoop } from "../jobs/loop.ts";
import { measureSweep } from "../metrics/metrics.ts";
import type { AppParts } from "../parts.ts";
import type { DraftOwner } from "../store/drafts-schema.ts";
import type { Store } from "../store/schema.ts";

const dayMs = 24 * 60 * 60_000;
/** A photo is on its way to its draft, or to being chosen again, for so long. */
const unusedMs = dayMs;
const slice = 50;
const betweenSlicesMs = 250;
const restMs = 60 * 60_000;

type Parts = Pick<AppParts, "store" | "blobs" | "now" | "log" | "metrics"> & {
  readonly config: Pick<Config, "draftDays">;
};

/** Drafts to which nothing has happened since then, nor to what was sent of their card: what is rejected can be worked on again. */
async function listOld(store: Store, before: number): Promise<DraftOwner[]> {
  return store
    .selectFrom("drafts")
    .select(["issuer_id", "cardholder_id", "product_id"])
    .where("changed_at", "<", before)
    .where(({ not, exists, selectFrom }) => {
      const moved = selectFrom("submissions")
        .select("submissions.id")
        .whereRef("submissions.issuer_id", "=", "drafts.issuer_id")
        .whereRef("submissions.cardholder_id", "=", "drafts.cardholder_id")
        .whereRef("submissions.product_id", "=", "drafts.product_id")
        .where("submissions.updated_at", ">=", before);
      return not(exists(moved));
    })
    .limit(slice)
    .execute();
}

/** Its photos go with it: as of long ago, no draft names them. */
async function expire(store: Store, row: DraftOwner, before: number): Promise<void> {
  const owner = ownerOf(row);
  await store.transaction().execute(async (trx) => {
    const { numDeletedRows } = await trx
      .deleteFrom("drafts")
      .where(({ and }) => and(owner))
      .where("changed_at", "<", before)
      .executeTakeFirstOrThrow();
    if (numDeletedRows === 0n) return;
    await trx
      .updateTable("assets")
      .set({ unused_since: 0 })
      .where(({ and }) => and(owner))
      .where("unused_since", "is", null)
      .execute();
  });
}

/**
 * A function that deletes a slice of the drafts that have expired, and of the photos that no draft has named for a day. It gives the
 * milliseconds until it wants to be called again.
 */
export function createDraftSweep(parts: Parts): () => Promise<number> {
  const { store, now, config } = parts;
  return async () => {
    const before = now() - config.draftDays * dayMs;
    const old = await listOld(store, before);
    for (const owner of old) await expire(store, owner, before);
    const unused = store
      .selectFrom("assets")
      .select("file")
      .where("unused_since", "<", now() - unusedMs)
      .limit(slice);
    const gone = await store.deleteFrom("assets").where("file", "in", unused).returning("file").execute();
    await removeFiles(
      parts,
      gone.map(({ file }) => file),
    );
    return old.length === slice || gone.length === slice ? betweenSlicesMs : restMs;
  };
}

/** Sweeps until stopped: at once, and then every hour. */
export function startSweepingDrafts(parts: Parts): Loop {
  return startLoop(measureSweep(parts.metrics, "drafts", createDraftSweep(parts)), restMs, (cause) =>
    parts.log.error({ err: cause }, "drafts that have expired could not be deleted; tried again in an hour"),
  );
}
