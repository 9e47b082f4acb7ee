import { Problem } from "#contracts/problem.ts";
import type { Sealed } from "../blobs/blob-store.ts";
import type { AppParts } from "../parts.ts";
import { requireKept } from "../sessions/sessions.ts";
import { takeTurn, type Trx } from "../state/transition.ts";
import type { AssetTable, DraftOwner } from "../store/drafts-schema.ts";
import type { SessionTable, Store } from "../store/schema.ts";
import { removeFiles } from "./drafts.ts";
import { ownerOf } from "./forget.ts";

/** Of one cardholder, over all products: each may have a photo in use, and some more while another is chosen. */
export const mostAssets = { count: 12, bytes: 240 * 1024 * 1024 } as const;

type Parts = Pick<AppParts, "store" | "blobs" | "now" | "log">;
export type Arrived = Pick<AssetTable, "sha256" | "bytes" | "media_type">;

export async function findAsset(store: Store, row: DraftOwner, sha256: string): Promise<AssetTable | undefined> {
  return store
    .selectFrom("assets")
    .selectAll()
    .where(({ and }) => and({ ...ownerOf(row), sha256 }))
    .executeTakeFirst();
}

/** Of the cardholder's photos the oldest that no draft names make room for this one. Gives their files. Throws Problem("beyond-limit"). */
async function makeRoom(trx: Trx, { issuer_id, cardholder_id }: DraftOwner, file: string): Promise<string[]> {
  const all = await trx
    .selectFrom("assets")
    .select(["file", "bytes", "unused_since"])
    .where(({ and }) => and({ issuer_id, cardholder_id }))
    .orderBy("stored_at")
    .execute();
  let count = all.length;
  let bytes = all.reduce((sum, asset) => sum + asset.bytes, 0);
  const gone: string[] = [];
  for (const asset of all) {
    if (count <= mostAssets.count && bytes <= mostAssets.bytes) break;
    if (asset.unused_since === null || asset.file === file) continue;
    gone.push(asset.file);
    count -= 1;
    bytes -= asset.bytes;
  }
  if (count > mostAssets.count || bytes > mostAssets.bytes)
    throw new Problem("beyond-limit", { detail: "No more photos are kept for one cardholder." });
  if (gone.length > 0) await trx.deleteFrom("assets").where("file", "in", gone).execute();
  return gone;
}

interface Kept {
  readonly isNew: boolean;
  /** Files that nothing names any more. */
  readonly gone: readonly string[];
}

/** In the issuer's turn, which `removeOrphans` takes too: what has no row by then may have been removed. */
async function commit(
  { store, blobs, now }: Parts,
  session: SessionTable,
  arrived: Arrived,
  sealed: Sealed,
): Promise<Kept> {
  const owner = ownerOf(session);
  const row: AssetTable = { ...owner, ...arrived, ...sealed, stored_at: now(), unused_since: now() };
  return store.transaction().execute(async (trx) => {
    await takeTurn(trx, owner.issuer_id);
    await requireKept(trx, session.id);
    const before = await findAsset(trx, owner, arrived.sha256);
    const same = { ...owner, sha256: arrived.sha256 };
    if (before !== undefined && (await blobs.has(before.file))) {
      const unused = before.unused_since === null ? null : row.unused_since;
      await trx
        .updateTable("assets")
        .set({ stored_at: row.stored_at, unused_since: unused })
        .where(({ and }) => and(same))
        .execute();
      return { isNew: false, gone: [sealed.file] };
    }
    // Its file is lost, as after a backup of the database alone.
    await trx
      .deleteFrom("assets")
      .where(({ and }) => and(same))
      .execute();
    await trx
      .insertInto("assets")
      .values({ ...row, unused_since: before === undefined ? row.unused_since : before.unused_since })
      .execute();
    const gone = await makeRoom(trx, owner, sealed.file);
    if (!(await blobs.has(sealed.file))) throw new Error("the photo was removed before it had a row");
    return { isNew: true, gone };
  });
}

/**
 * Keeps a sealed photo under its SHA-256; one that is there already stays as it is. When it returns, file and row survive a power
 * cut. Gives whether it is new. Throws Problem: session-expired, beyond-limit.
 */
export async function keepAsset(
  parts: Parts,
  session: SessionTable,
  arrived: Arrived,
  sealed: Sealed,
): Promise<boolean> {
  const { isNew, gone } = await commit(parts, session, arrived, sealed).catch(async (cause: unknown) => {
    await removeFiles(parts, [sealed.file]);
    throw cause;
  });
  await removeFiles(parts, gone);
  return isNew;
}
