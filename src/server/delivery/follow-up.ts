import type { Provider, Review } from "#providers/provider.ts";
import { schedule } from "../jobs/jobs.ts";
import { moveRow, type Step, type Trx } from "../state/transition.ts";
import { isDeleted } from "../state/machine.ts";
import type { Store, SubmissionTable } from "../store/schema.ts";
import { forgetBegun } from "./checkpoint.ts";
import { type DeliveryPolicy, defaultPolicy, nextAskAt } from "./policy.ts";

/** The step that a word of the platform asks for. */
export function stepOfWord({ state, rejectionCode, rejectionMemo, decidedAt }: Review): Step {
  const cause = ({ pending: "review-pending", accepted: "review-accepted", rejected: "review-rejected" } as const)[
    state
  ];
  const code = state === "rejected" ? rejectionCode : null;
  const memo = state === "rejected" ? rejectionMemo : null;
  const detail = { rejectionCode: code, decidedAt, ...(memo !== null && { rejectionMemo: memo }) };
  // A verdict ends what there was to say about the one before.
  const set = {
    rejection_code: code,
    rejection_memo: memo,
    decided_at: decidedAt,
    ...(state !== "pending" && { note: null }),
  };
  return { cause, actor: "provider", detail, set };
}

/**
 * What follows, in the same transaction, once a submission has got its image id: nothing is left to be found out or sent, words
 * that came before the id are taken, it is nobody's picture any more, and what the issuer wants to stand beside the picture is
 * written there, with our reference if it did not go along. Where the platform can be asked for its verdict, that is planned.
 */
export async function idBecameKnown(
  trx: Trx,
  provider: Pick<Provider, "capabilities">,
  row: SubmissionTable,
  now: number,
): Promise<SubmissionTable> {
  await trx.deleteFrom("jobs").where("submission_id", "=", row.id).where("kind", "=", "resolve").execute();
  await trx
    .deleteFrom("orphan_images")
    .where("issuer_id", "=", row.issuer_id)
    .where("provider", "=", row.provider)
    .where("card_image_id", "=", row.card_image_id)
    .execute();
  // What it was bound to by hand was not what it had asked for: others of its customer need not wait for that.
  await forgetBegun(trx, row.id);
  await planAnnotation(trx, provider, row, now);
  if (provider.capabilities(row.product_id).review)
    await schedule(trx, "poll", row, nextAskAt(row, now, defaultPolicy) ?? now, now);
  const kept = await trx
    .deleteFrom("unclaimed_notifications")
    .where("issuer_id", "=", row.issuer_id)
    .where("provider", "=", row.provider)
    .where("card_image_id", "=", row.card_image_id)
    .returningAll()
    .executeTakeFirst();
  if (kept === undefined) return row;
  const word = {
    state: kept.state,
    rejectionCode: kept.rejection_code,
    rejectionMemo: kept.rejection_memo,
    decidedAt: kept.decided_at,
  };
  const moved = await moveRow(trx, row, stepOfWord(word), now);
  return typeof moved === "string" ? row : moved.row;
}

async function planAnnotation(
  trx: Trx,
  provider: Pick<Provider, "capabilities">,
  row: SubmissionTable,
  now: number,
): Promise<void> {
  const { annotate, reference } = provider.capabilities(row.product_id);
  if (!annotate) return;
  const carried = await trx
    .selectFrom("attempts")
    .select("id")
    .where("submission_id", "=", row.id)
    .where("carried_reference", "=", 1)
    .limit(1)
    .executeTakeFirst();
  const session = await trx
    .selectFrom("sessions")
    .select("data_capture")
    .where("id", "=", row.session_id)
    .executeTakeFirst();
  const hasValues = (session?.data_capture ?? "{}") !== "{}";
  if ((reference && carried === undefined) || hasValues) await schedule(trx, "annotate", row, now, now);
}

/** Id of the submission of this issuer and platform that has this image id. */
export async function findOwner(
  store: Store,
  { issuer_id: issuerId, provider }: Pick<SubmissionTable, "issuer_id" | "provider">,
  cardImageId: string,
): Promise<string | undefined> {
  const owner = await store
    .selectFrom("submissions")
    .select("id")
    .where("issuer_id", "=", issuerId)
    .where("provider", "=", provider)
    .where("card_image_id", "=", cardImageId)
    .executeTakeFirst();
  return owner?.id;
}

/** For so long a picture that nobody owns may turn out to be somebody's after all. */
export const orphanPatienceMs = 24 * 60 * 60_000;

/** The platform has a picture that no submission owns, which is deleted there; false if one does by now. In a transaction that has the issuer's turn. */
export async function recordOrphan(
  trx: Trx,
  { policy, now: clock }: { readonly policy: Pick<DeliveryPolicy, "quietWindowMs">; now(): number },
  cardImageId: string,
  row: SubmissionTable,
  reason: string,
): Promise<boolean> {
  const now = clock();
  if ((await findOwner(trx, row, cardImageId)) !== undefined) return false;
  const { issuer_id, provider } = row;
  const { purged, state } = await readPurge(trx, row, cardImageId);
  if (purged) return false;
  const { numInsertedOrUpdatedRows: isNew } = await trx
    .insertInto("orphan_images")
    .values({ issuer_id, provider, card_image_id: cardImageId, submission_id: row.id, reason, found_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  // However often it is told, it is not put off again.
  if (isNew === 0n) return true;
  const isUnwanted = isDeleted({ state });
  const at = isUnwanted ? now : now + orphanPatienceMs;
  await schedule(trx, "purge", row, at, now, isUnwanted ? now + policy.quietWindowMs : at);
  return true;
}

/** As the submission is now, and whether the platform is known to have that picture no more. */
async function readPurge(trx: Trx, { id, issuer_id, provider }: SubmissionTable, cardImageId: string) {
  const { state } = await trx.selectFrom("submissions").select("state").where("id", "=", id).executeTakeFirstOrThrow();
  const tombstone = await trx
    .selectFrom("purged_images")
    .select("gone_at")
    .where("issuer_id", "=", issuer_id)
    .where("provider", "=", provider)
    .where("card_image_id", "=", cardImageId)
    .where("gone_at", "is not", null)
    .executeTakeFirst();
  return { state, purged: tombstone !== undefined };
}
