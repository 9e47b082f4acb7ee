import { Problem } from "#contracts/problem.ts";
import { draftEnds } from "#contracts/submission-state.ts";
import { forgetKeys, type PurgeContext } from "../purge/ask.ts";
import { markApplied } from "../purge/log.ts";
import { requireKept } from "../sessions/sessions.ts";
import { takeTurn } from "../state/transition.ts";
import type { DraftOwner, DraftTable } from "../store/drafts-schema.ts";
import type { SessionTable, Store } from "../store/schema.ts";
import { forgetAll, ownerOf } from "./forget.ts";

const dayMs = 24 * 60 * 60_000;

/** Until when at least it is kept (epoch ms), if nothing more happens to it. */
export function expiryOf(draft: Pick<DraftTable, "changed_at">, { draftDays }: { readonly draftDays: number }): number {
  return draft.changed_at + draftDays * dayMs;
}

export async function findDraft(store: Store, row: DraftOwner): Promise<DraftTable | undefined> {
  return store
    .selectFrom("drafts")
    .selectAll()
    .where(({ and }) => and(ownerOf(row)))
    .executeTakeFirst();
}

/** What the writer believes to be there: one of these documents, by SHA-256, any at all, or none yet. */
export type Expected = readonly string[] | "any" | "none";

export interface NewDraft {
  readonly text: string;
  readonly sha256: string;
  /** SHA-256 of the photos on it. */
  readonly photos: readonly string[];
  /** The submission that was made of it before it came in. */
  readonly submissionId?: string | undefined;
}

export type DraftPut =
  | { readonly kind: "created" | "changed"; readonly draft: DraftTable }
  /** Something else is there: the document of this SHA-256, or nothing. */
  | { readonly kind: "overtaken"; readonly sha256: string | undefined };

function isExpected(expected: Expected, sha256: string | undefined): boolean {
  if (expected === "none") return sha256 === undefined;
  return sha256 !== undefined && (expected === "any" || expected.includes(sha256));
}

async function requirePhotos(trx: Store, owner: DraftOwner, photos: readonly string[], now: number): Promise<void> {
  const own = trx.updateTable("assets").where(({ and }) => and(owner));
  const named = await own.set({ unused_since: null }).where("sha256", "in", photos).returning("sha256").execute();
  if (named.length < new Set(photos).size) throw new Problem("asset-unknown");
  await own.set({ unused_since: now }).where("sha256", "not in", photos).where("unused_since", "is", null).execute();
}

/** The card of this submission is made, or somebody has deleted it: what it was made of is no draft any more. */
async function isOver(trx: Store, owner: DraftOwner, submissionId: string): Promise<boolean> {
  const submission = await trx
    .selectFrom("submissions")
    .select("state")
    .where("id", "=", submissionId)
    .where(({ and }) => and(owner))
    .executeTakeFirst();
  return submission === undefined || draftEnds.has(submission.state);
}

/**
 * Keeps a draft in place of the one that its writer has seen. Of two at once one wins, and the other is told. What is there
 * already, to the byte, is no conflict: its writer has not heard the answer. Throws Problem: session-expired, asset-unknown.
 */
export async function putDraft(
  { store, now }: Pick<PurgeContext, "store" | "now">,
  session: SessionTable,
  { text, sha256, photos, submissionId }: NewDraft,
  expected: Expected,
): Promise<DraftPut> {
  const owner = ownerOf(session);
  return store.transaction().execute(async (trx) => {
    await takeTurn(trx, owner.issuer_id);
    await requireKept(trx, session.id);
    const before = await findDraft(trx, owner);
    if (submissionId !== undefined && (await isOver(trx, owner, submissionId)))
      return { kind: "overtaken", sha256: before?.sha256 };
    if (before?.sha256 !== sha256 && !isExpected(expected, before?.sha256))
      return { kind: "overtaken", sha256: before?.sha256 };
    const draft: DraftTable = {
      ...owner,
      sha256,
      document: text,
      changed_at: now(),
      submission_id: submissionId ?? null,
    };
    await trx
      .insertInto("drafts")
      .values(draft)
      .onConflict((conflict) => conflict.columns(["issuer_id", "cardholder_id", "product_id"]).doUpdateSet(draft))
      .execute();
    await requirePhotos(trx, owner, photos, draft.changed_at);
    return { kind: before === undefined ? "created" : "changed", draft };
  });
}

/** When the newest of what the owner has here came, or undefined for nothing. */
async function newestOf(store: Store, owner: DraftOwner): Promise<number | undefined> {
  const asset = await store
    .selectFrom("assets")
    .select(({ fn }) => fn.max<number | null>("stored_at").as("at"))
    .where(({ and }) => and(owner))
    .executeTakeFirst();
  const times = [(await findDraft(store, owner))?.changed_at, asset?.at].filter((at) => typeof at === "number");
  return times.length === 0 ? undefined : Math.max(...times);
}

/** Removes files whose keys are gone. One that cannot be removed now is removed as nobody's later. */
export async function removeFiles(
  { blobs, log }: Pick<PurgeContext, "blobs" | "log">,
  files: readonly string[],
): Promise<void> {
  for (const file of files)
    await blobs
      .remove(file)
      .catch((cause: unknown) => log.error({ err: cause }, "a deleted photo's file cannot be removed now"));
}

type Forgetting = Pick<PurgeContext, "store" | "blobs" | "purgeLog" | "log" | "now">;

/** What has become of a draft that was to be deleted. */
export type DraftDeleted =
  | { readonly kind: "deleted" | "nothing" }
  /** Something else is there than was to be deleted: the document of this SHA-256, or no draft. */
  | { readonly kind: "overtaken"; readonly sha256: string | undefined };

/**
 * Deletes the owner's draft and photos at once, and so that no backup brings them back. With `until` (epoch ms) only where nothing
 * has come since; with `expected` only that draft. Repeating it is safe.
 */
export async function deleteDraft(
  context: Forgetting,
  row: DraftOwner,
  { until, expected }: { readonly until?: number; readonly expected?: Expected } = {},
): Promise<DraftDeleted> {
  const { store, purgeLog, now } = context;
  const owner = ownerOf(row);
  const findOther = async (reader: Store): Promise<DraftDeleted | undefined> => {
    const sha256 = expected === undefined ? undefined : (await findDraft(reader, owner))?.sha256;
    return expected === undefined || isExpected(expected, sha256) ? undefined : { kind: "overtaken", sha256 };
  };
  const newest = await newestOf(store, owner);
  const other = await findOther(store);
  if (other !== undefined) return other;
  if (newest === undefined || newest > (until ?? newest)) return { kind: "nothing" };
  const { issuer_id: issuerId, cardholder_id: draftOf, product_id: productId } = owner;
  // The log is written before it is certain that nothing has come meanwhile: what may stay is not in it.
  const at = until ?? (expected === undefined ? Math.max(now(), newest) : newest);
  const { files, ...outcome } = await purgeLog.during({ at, issuerId, draftOf, productId }, (end) =>
    store.transaction().execute(async (trx) => {
      await takeTurn(trx, issuerId);
      const newer = await findOther(trx);
      const gone = newer === undefined ? await forgetAll(trx, owner) : [];
      await markApplied(trx, end);
      return { ...(newer ?? { kind: "deleted" as const }), files: gone };
    }),
  );
  await removeFiles(context, files);
  await forgetKeys(context);
  return outcome;
}
