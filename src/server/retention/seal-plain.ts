import { setTimeout as sleep } from "node:timers/promises";
import { startLoop } from "../jobs/loop.ts";
import { measureSweep } from "../metrics/metrics.ts";
import type { AppParts } from "../parts.ts";
import type { PictureTable, Store } from "../store/schema.ts";

type Parts = Pick<AppParts, "store" | "blobs" | "log" | "metrics">;

const slice = 20;
const restMs = 60 * 60_000;

function listUnsealed(store: Store, after: string): Promise<PictureTable[]> {
  return store
    .selectFrom("pictures")
    .selectAll()
    .where("key", "is", null)
    .where("submission_id", ">", after)
    .orderBy("submission_id")
    .limit(slice)
    .execute();
}

async function isNamed(store: Store, file: string): Promise<boolean> {
  const row = await store.selectFrom("pictures").select("file").where("file", "=", file).limit(1).executeTakeFirst();
  return row !== undefined;
}

/**
 * The sealed file is there before the row names it, and the readable one goes after the last row that named it: a crash at any
 * moment leaves the picture in one of the two, and the other one for `removeOrphans`.
 */
async function sealOne({ store, blobs }: Parts, { submission_id: id, file }: PictureTable): Promise<boolean> {
  const sealed = await blobs.sealAgain(file);
  if (sealed === "absent") return false;
  const { numUpdatedRows } = await store
    .updateTable("pictures")
    .set(sealed)
    .where("submission_id", "=", id)
    .where("key", "is", null)
    .executeTakeFirst();
  // It was deleted meanwhile.
  if (numUpdatedRows === 0n) await blobs.remove(sealed.file);
  if (!(await isNamed(store, file))) await blobs.remove(file);
  return numUpdatedRows > 0n;
}

/**
 * Seals the pictures that a version of before has left readable, one after the other, with a pause after each few. Gives how
 * many there were. One that cannot be sealed now is logged, and is no reason to leave the others.
 */
export async function sealPlain(parts: Parts, stopped: AbortSignal, pauseMs = 0): Promise<number> {
  let count = 0;
  let after = "";
  for (;;) {
    const rows = await listUnsealed(parts.store, after);
    for (const row of rows) {
      if (stopped.aborted) return count;
      after = row.submission_id;
      const isSealed = await sealOne(parts, row).catch((cause: unknown) => {
        parts.log.error(
          { err: cause, submissionId: row.submission_id },
          "a picture cannot be sealed: tried again later",
        );
        return false;
      });
      if (isSealed) count += 1;
    }
    if (rows.length < slice) return count;
    await sleep(pauseMs, undefined, { signal: stopped }).catch(() => undefined);
  }
}

/** Seals them at once, and looks an hour later whether any are left, until stopped. */
export function startSealingPlain(parts: Parts, pauseMs = 250): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const pass = async (): Promise<number> => {
    const count = await sealPlain(parts, stopping.signal, pauseMs);
    if (count > 0) parts.log.info({ count }, "pictures of an earlier version are sealed now");
    return restMs;
  };
  const loop = startLoop(measureSweep(parts.metrics, "plain-pictures", pass), restMs, (cause) =>
    parts.log.error({ err: cause }, "pictures of an earlier version could not be sealed; tried again later"),
  );
  return {
    async stop() {
      stopping.abort();
      await loop.stop();
    },
  };
}
