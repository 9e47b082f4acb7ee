import type { AppParts } from "../parts.ts";

type Parts = Pick<AppParts, "store" | "blobs" | "now" | "log">;

/** A younger picture is most likely on its way to its row. */
const orphanAgeMs = 10 * 60_000;

async function withoutRow({ store }: Parts, addresses: readonly string[]): Promise<string[]> {
  const named = await store
    .selectFrom("submissions")
    .select("picture_sha256")
    .where("picture_sha256", "in", addresses)
    .execute();
  const known = new Set(named.map((row) => row.picture_sha256));
  return addresses.filter((address) => !known.has(address));
}

/**
 * Removes a picture while holding the database's one write lock, which the first statement takes: it is a write, though one
 * that changes nothing. `receivePicture` puts the file, then inserts the row under the same lock and looks, before it commits,
 * whether the file is there. So, whoever is first, in this process or another: either its row is seen here and the file
 * stays, or the file's absence is seen there, nothing is acknowledged, and the picture is sent again. The age only makes
 * the second rare.
 */
async function removeIfOrphan({ store, blobs, now }: Parts, address: string): Promise<boolean> {
  return store.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable("submissions")
      .set({ picture_sha256: address })
      .where("picture_sha256", "=", address)
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 0n && blobs.removeIfOlder(address, now() - orphanAgeMs);
  });
}

/**
 * Removes the pictures that no submission has: a crash or a full disk between file and row leaves a cardholder's photo
 * behind. A slice at a time until `stopped`; gives how many there were.
 */
export async function removeOrphans(parts: Parts, stopped: AbortSignal): Promise<number> {
  let removed = 0;
  for await (const addresses of parts.blobs.list()) {
    for (const address of await withoutRow(parts, addresses)) {
      if (stopped.aborted) return removed;
      if (await removeIfOrphan(parts, address)) removed += 1;
    }
    if (stopped.aborted) return removed;
  }
  return removed;
}

/** Does so once, beside the serving. */
export function startRemovingOrphans(parts: Parts): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const running = removeOrphans(parts, stopping.signal).then(
    (removed) => {
      if (removed > 0) parts.log.warn({ removed }, "pictures that no submission has were removed");
    },
    (cause: unknown) => parts.log.error({ err: cause }, "pictures that no submission has could not be removed"),
  );
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
