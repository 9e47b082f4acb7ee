import { isDeleted } from "../state/machine.ts";
import type { PurgedImageTable } from "../store/purge-schema.ts";
import type { Store, SubmissionTable } from "../store/schema.ts";

/** A picture at the platform: whose submission's it is, or was heard of with, and its id there. */
export interface PlatformImage {
  readonly row: SubmissionTable;
  readonly cardImageId: string;
}

export async function findTombstone(
  store: Store,
  { row, cardImageId }: PlatformImage,
): Promise<PurgedImageTable | undefined> {
  return store
    .selectFrom("purged_images")
    .selectAll()
    .where("issuer_id", "=", row.issuer_id)
    .where("provider", "=", row.provider)
    .where("card_image_id", "=", cardImageId)
    .executeTakeFirst();
}

/** Writes down what has been learnt. */
export async function keepTombstone(
  store: Store,
  { row, cardImageId }: PlatformImage,
  set: Partial<Pick<PurgedImageTable, "answer" | "taken_at" | "shown_at" | "proof" | "gone_at">>,
): Promise<void> {
  const key = { issuer_id: row.issuer_id, provider: row.provider, card_image_id: cardImageId };
  const nothing = { answer: null, taken_at: null, shown_at: null, proof: null, gone_at: null };
  await store
    .insertInto("purged_images")
    .values({ ...key, submission_id: row.id, ...nothing, ...set })
    .onConflict((conflict) => conflict.columns(["issuer_id", "provider", "card_image_id"]).doUpdateSet(set))
    .execute();
}

/** The platform has it no more: what was heard of it goes too. */
export async function concludeImage(
  store: Store,
  image: PlatformImage,
  proof: NonNullable<PurgedImageTable["proof"]>,
  now: number,
): Promise<void> {
  const { row, cardImageId } = image;
  await store.transaction().execute(async (trx) => {
    await keepTombstone(trx, image, { proof, gone_at: now });
    for (const table of ["orphan_images", "unclaimed_notifications"] as const)
      await trx
        .deleteFrom(table)
        .where("issuer_id", "=", row.issuer_id)
        .where("provider", "=", row.provider)
        .where("card_image_id", "=", cardImageId)
        .execute();
  });
}

/** The ids under which the platform has, or may have, pictures of the submission that nobody wants there. */
export async function listUnwanted(store: Store, row: SubmissionTable): Promise<PlatformImage[]> {
  const orphans = await store
    .selectFrom("orphan_images")
    .select("card_image_id")
    .where("submission_id", "=", row.id)
    .execute();
  const begun = await store
    .selectFrom("checkpoints")
    .select("card_image_id")
    .where("submission_id", "=", row.id)
    .executeTakeFirst();
  const own = isDeleted(row) ? [row.card_image_id, begun?.card_image_id] : [];
  const ids = [...own, ...orphans.map((orphan) => orphan.card_image_id)];
  return [...new Set(ids.flatMap((id) => id ?? []))].map((cardImageId) => ({ row, cardImageId }));
}

function at(ms: number | null): string {
  return ms === null ? "" : ` (${new Date(ms).toISOString()})`;
}

const proofs = {
  shown: (shownAt: number | null) => `its preview showed it before${at(shownAt)} and does not any more`,
  "unknown-id": () => "its preview did not show it either",
  control: () => "its preview did not show it even before, and does show another picture",
} as const;

/** Why the platform is believed not to have a picture any more: a sentence for an auditor. */
function describeProof({ card_image_id: id, answer, taken_at, shown_at, proof, gone_at }: PurgedImageTable): string {
  const said = {
    taken: `the platform took the order to delete it${at(taken_at)}`,
    "unknown-id": `the platform answered that it has no such picture${at(taken_at)}`,
    none: "the platform was not told by this server to delete it",
  }[answer ?? "none"];
  return `${id}: ${said}; ${proof === null ? "its preview does not show it" : proofs[proof](shown_at)}; gone${at(gone_at)}`;
}

/** Of all pictures of the submission that were deleted at the platform; undefined when there was none. */
export async function describeProofs(store: Store, submissionId: string): Promise<string | undefined> {
  const images = await store
    .selectFrom("purged_images")
    .selectAll()
    .where("submission_id", "=", submissionId)
    .where("gone_at", "is not", null)
    .execute();
  return images.length === 0 ? undefined : images.map(describeProof).join(". ");
}
