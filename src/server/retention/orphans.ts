import { setTimeout as sleep } from "node:timers/promises";
import { startLoop } from "../jobs/loop.ts";
import { measureSweep } from "../metrics/metrics.ts";
import type { AppParts } from "../parts.ts";
import { takeTurn } from "../state/transition.ts";
import type { Store } from "../store/schema.ts";

type Parts = Pick<AppParts, "store" | "blobs" | "now" | "log" | "metrics">;

/** A younger picture is most likely on its way to its row. */
const orphanAgeMs = 10 * 60_000;

/** `pauseMs` between two slices of a hundred files, so that nobody waits for them. */
export interface OrphanPace {
  readonly restMs: number;
  readonly pauseMs: number;
}
const usualPace: OrphanPace = { restMs: 60 * 60_000, pauseMs: 250 };

async function withoutRow(store: Store, files: readonly string[]): Promise<string[]> {
  const findIn = (table: "pictures" | "assets") =>
    store.selectFrom(table).select("file").where("file", "in", files).execute();
  const named = [...(await findIn("pictures")), ...(await findIn("assets"))];
  const known = new Set(named.map((row) => row.file));
  return files.filter((file) => !known.has(file));
}

/**
 * Removes a picture or a photo while no issuer's submissions move. `receivePicture` and `keepAsset` put the file, insert the row, take
 * the issuer's turn and look, before they commit, whether the file is there. So, whoever is first, in this process or another: either its row is
 * seen here and the file stays, or the file's absence is seen there, nothing is acknowledged, and the picture is sent again.
 * The age only makes the second rare.
 */
async function removeIfOrphan({ store, blobs, now }: Parts, file: string): Promise<boolean> {
  return store.transaction().execute(async (trx) => {
    // A file may be any issuer's.
    await takeTurn(trx);
    const orphans = await withoutRow(trx, [file]);
    return orphans.length > 0 && blobs.removeIfOlder(file, now() - orphanAgeMs);
  });
}

/**
 * Removes the pictures that no submission has: a crash or a full disk between file and row leaves a cardholder's photo
 * behind. A slice at a time, `pauseMs` apart, until `stopped`; gives how many there were. One that cannot be removed is
 * logged, and is no reason to keep the others.
 */
export async function removeOrphans(parts: Parts, stopped: AbortSignal, pauseMs = 0): Promise<number> {
  let removed = 0;
  for await (const files of parts.blobs.list()) {
    for (const file of await withoutRow(parts.store, files)) {
      if (stopped.aborted) return removed;
      const isRemoved = await removeIfOrphan(parts, file).catch((cause: unknown) => {
        parts.log.error({ err: cause, file }, "a picture that no submission has cannot be removed");
        return false;
      });
      if (isRemoved) removed += 1;
    }
    await sleep(pauseMs, undefined, { signal: stopped }).catch(() => undefined);
    if (stopped.aborted) return removed;
  }
  return removed;
}

/** Looks through all files at once, and then an hour after each time that it has, until stopped. */
export function startRemovingOrphans(
  parts: Parts,
  { restMs, pauseMs }: OrphanPace = usualPace,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const pass = async (): Promise<number> => {
    const leftovers = await parts.blobs.removeLeftovers();
    const removed = await removeOrphans(parts, stopping.signal, pauseMs);
    if (removed > 0) parts.log.warn({ removed }, "pictures that no submission has were removed");
    if (leftovers > 0) parts.log.warn({ removed: leftovers }, "half-written pictures were removed");
    return restMs;
  };
  const loop = startLoop(measureSweep(parts.metrics, "orphans", pass), restMs, (cause) =>
    parts.log.error({ err: cause }, "pictures that no submission has could not be looked for; tried again later"),
  );
  return {
    async stop() {
      stopping.abort();
      await loop.stop();
    },
  };
}
