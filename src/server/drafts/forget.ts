import type { DraftOwner } from "../store/drafts-schema.ts";
import type { Store, SubmissionTable } from "../store/schema.ts";

/** The columns of it alone, whatever else the row has. */
export function ownerOf({ issuer_id, cardholder_id, product_id }: DraftOwner): DraftOwner {
  return { issuer_id, cardholder_id, product_id };
}

/** Takes away the owner's draft and every photo. Gives the photos' files, which without their keys are noise. */
export async function forgetAll(trx: Store, row: DraftOwner): Promise<string[]> {
  const owner = ownerOf(row);
  await trx
    .deleteFrom("drafts")
    .where(({ and }) => and(owner))
    .execute();
  const assets = await trx
    .deleteFrom("assets")
    .where(({ and }) => and(owner))
    .returning("file")
    .execute();
  return assets.map(({ file }) => file);
}

/** The draft that a submission was made of, unless it has become another card since. */
export async function hasDraftOf(store: Store, row: SubmissionTable): Promise<boolean> {
  const draft = await store
    .selectFrom("drafts")
    .select(["changed_at", "sha256", "submission_id"])
    .where(({ and }) => and(ownerOf(row)))
    .executeTakeFirst();
  if (draft === undefined) return false;
  return draft.changed_at <= row.created_at || draft.sha256 === row.design_sha256 || draft.submission_id === row.id;
}

/** Takes away the draft that a submission was made of, with its photos. Their files, which nobody can open any more, are removed as nobody's. */
export async function forgetDraftOf(trx: Store, row: SubmissionTable): Promise<void> {
  if (!(await hasDraftOf(trx, row))) return;
  const owner = ownerOf(row);
  await trx
    .deleteFrom("drafts")
    .where(({ and }) => and(owner))
    .execute();
  await trx
    .deleteFrom("assets")
    .where(({ and }) => and(owner))
    .where("unused_since", "is", null)
    .execute();
}

/** The same for all of a cardholder's products, of what has come until then (epoch ms). */
export async function forgetCardholder(
  trx: Store,
  of: Omit<DraftOwner, "product_id">,
  until: number,
): Promise<string[]> {
  const own = { issuer_id: of.issuer_id, cardholder_id: of.cardholder_id };
  await trx
    .deleteFrom("drafts")
    .where(({ and }) => and(own))
    .where("changed_at", "<=", until)
    .execute();
  const assets = await trx
    .deleteFrom("assets")
    .where(({ and }) => and(own))
    .where("stored_at", "<=", until)
    .where(({ eb, or, not, exists, selectFrom }) => {
      const draft = selectFrom("drafts")
        .select("drafts.sha256")
        .whereRef("drafts.issuer_id", "=", "assets.issuer_id")
        .whereRef("drafts.cardholder_id", "=", "assets.cardholder_id")
        .whereRef("drafts.product_id", "=", "assets.product_id");
      return or([eb("unused_since", "is not", null), not(exists(draft))]);
    })
    .returning("file")
    .execute();
  return assets.map(({ file }) => file);
}
