import type { Review, ReviewNotification } from "#providers/provider.ts";
import type { Providers } from "../providers.ts";
import { type Cause, isDeleted, next, outweighs } from "../state/machine.ts";
import { type Context, type Step, type Transition, type Trx, takeTurn, transition } from "../state/transition.ts";
import type { Store, SubmissionTable } from "../store/schema.ts";
import { disown, toldByReference } from "./disown.ts";
import { findOwner, idBecameKnown, recordOrphan, stepOfWord } from "./follow-up.ts";
import type { DeliveryPolicy } from "./policy.ts";

export interface NotificationContext extends Context {
  readonly providers: Pick<Providers, "of">;
  /** Whose platform tells. */
  readonly issuerId: string;
  /** Its name. */
  readonly provider: string;
  readonly policy: Pick<DeliveryPolicy, "quietWindowMs">;
}

/** "kept": for an image that no submission has (yet). */
export type Taken = "moved" | "nothing-new" | "kept";

/** Notifications kept of an issuer for ids that nobody has claimed; beyond it the oldest go. */
const maxUnclaimed = 10_000;

/** The platform's word as the submission has it. */
function knownWord(row: SubmissionTable): Review {
  const { state, rejection_code: rejectionCode, rejection_memo: rejectionMemo, decided_at: decidedAt } = row;
  if (state === "rejected") return { state, rejectionCode, rejectionMemo, decidedAt };
  const word = state === "approved" ? "accepted" : "pending";
  return { state: word, rejectionCode: null, rejectionMemo: null, decidedAt };
}

/** What a word comes to, for the operator, and whether it needs a look. */
function judge(word: ReviewNotification, { kind, row, from }: Transition): [string, "info" | "warn"] {
  if (kind === "moved" && from === "approved") return ["the platform takes its approval back: now rejected", "warn"];
  if (kind === "moved" && from === "rejected") return ["the platform changes its verdict: taken", "warn"];
  if (kind === "moved") return ["the platform's word on a picture: taken", "info"];
  if (isDeleted(row)) return ["the platform's word on a picture that is deleted: nothing changed", "info"];
  const cause: Cause = stepOfWord(word).cause;
  if (
    row.state === next("accepted", cause) &&
    (row.rejection_code === word.rejectionCode || word.rejectionCode === null)
  )
    return ["the platform repeats its word: nothing changed", "info"];
  if (word.state === "pending") return ["the platform's word comes after its verdict: nothing changed", "info"];
  if (word.decidedAt !== null && row.decided_at !== null && word.decidedAt < row.decided_at)
    return ["an earlier word of the platform comes late: nothing changed", "info"];
  return ["the platform contradicts its verdict: nothing changed, ask the platform which one holds", "warn"];
}

/** The step for a word, if it says more than what is known. */
function decide(word: ReviewNotification, row: SubmissionTable): Step | "refused" {
  const known = knownWord(row);
  const isRepeated = known.state === word.state && known.rejectionCode === word.rejectionCode;
  const isNews = known.state === "pending" || (outweighs(word, known) && !isRepeated);
  if (!isNews) return "refused";
  const step = stepOfWord(word);
  return word.reference === row.reference ? { ...step, detail: { ...step.detail, ...toldByReference } } : step;
}

/** The same verdict again, given later: a word from between the two must not outweigh it. */
async function keepLatestTime(store: Store, row: SubmissionTable, word: Review): Promise<void> {
  if (word.decidedAt === null || knownWord(row).state !== word.state) return;
  await store
    .updateTable("submissions")
    .set({ decided_at: word.decidedAt })
    .where("id", "=", row.id)
    .where("sequence", "=", row.sequence)
    .where(({ eb, or }) => or([eb("decided_at", "is", null), eb("decided_at", "<", word.decidedAt)]))
    .execute();
}

/**
 * Takes the platform's word on one of its images. Repeated, late and out-of-order ones change nothing ("nothing-new").
 * One that carries our reference gives its submission the id, if that was missing. One for an id that no submission has is kept
 * until a reply binds that id ("kept"): it may have overtaken the reply, and no platform promises to send it twice.
 */
export async function takeNotification(context: NotificationContext, notification: ReviewNotification): Promise<Taken> {
  await disown(context, notification);
  const id =
    (await findBound(context.store, context, notification.cardImageId)) ??
    (await bindByReference(context, notification)) ??
    (await keep(context, notification));
  if (id === undefined) return "kept";
  const result = await transition(context, id, (row) => decide(notification, row));
  if (result.kind === "refused") await keepLatestTime(context.store, result.row, notification);
  const { cardImageId, state, rejectionCode } = notification;
  const known = { known: result.from, knownRejectionCode: result.kind === "moved" ? null : result.row.rejection_code };
  const [sentence, level] = judge(notification, result);
  const { issuerId } = context;
  context.log[level]({ issuerId, submissionId: id, cardImageId, state, rejectionCode, ...known }, sentence);
  return result.kind === "moved" ? "moved" : "nothing-new";
}

type Teller = Pick<NotificationContext, "issuerId" | "provider">;

function findBound(store: Store, { issuerId, provider }: Teller, cardImageId: string): Promise<string | undefined> {
  return findOwner(store, { issuer_id: issuerId, provider }, cardImageId);
}

/** The submission whose reference the notification carries, once it has the notification's id. */
async function bindByReference(
  context: NotificationContext,
  { reference, cardImageId }: ReviewNotification,
): Promise<string | undefined> {
  if (reference === null) return undefined;
  const found = await context.store
    .selectFrom("submissions")
    .select("id")
    .where("reference", "=", reference)
    .where("issuer_id", "=", context.issuerId)
    .where("provider", "=", context.provider)
    .executeTakeFirst();
  if (found === undefined) return undefined;
  const step: Step = {
    cause: "notified",
    actor: "provider",
    detail: { cardImageId },
    set: { card_image_id: cardImageId, note: null },
  };
  const { kind, row, from } = await transition(context, found.id, step, async (trx, moved) => {
    await trx
      .deleteFrom("jobs")
      .where("submission_id", "=", moved.id)
      .where("kind", "=", "send")
      .where("locked_by", "is", null)
      .execute();
    return idBecameKnown(trx, context.providers.of(moved), moved, context.now());
  });
  const fields = { issuerId: row.issuer_id, submissionId: row.id, cardImageId, known: from };
  if (kind === "moved") {
    context.log.info(fields, "a notification tells the id of a picture of ours");
    return row.id;
  }
  // The reply has brought it at this very moment.
  if (row.card_image_id === cardImageId) return row.id;
  const isOrphan = await context.store.transaction().execute(async (trx) => {
    await takeTurn(trx, row.issuer_id);
    return recordOrphan(trx, context, cardImageId, row, "a second image id for one reference");
  });
  if (!isOrphan) return undefined;
  context.log.error(
    { ...fields, knownCardImageId: row.card_image_id },
    "the platform has a picture of ours under an id that no submission takes",
  );
  return undefined;
}

/** Whether it is a picture of a deleted submission, or one that the platform has been told to delete. */
async function isOfDeleted(store: Store, { issuerId, provider }: Teller, cardImageId: string): Promise<boolean> {
  const tombstone = await store
    .selectFrom("purged_images")
    .select("card_image_id")
    .where("issuer_id", "=", issuerId)
    .where("provider", "=", provider)
    .where("card_image_id", "=", cardImageId)
    .executeTakeFirst();
  if (tombstone !== undefined) return true;
  const orphan = await store
    .selectFrom("orphan_images")
    .innerJoin("submissions", "submissions.id", "orphan_images.submission_id")
    .select("submissions.state")
    .where("orphan_images.issuer_id", "=", issuerId)
    .where("orphan_images.provider", "=", provider)
    .where("orphan_images.card_image_id", "=", cardImageId)
    .executeTakeFirst();
  return orphan?.state === "purging" || orphan?.state === "purged";
}

/** Takes turns with the reply that binds the id at this moment: either that sees the word kept here, or is seen here. */
async function keep(context: NotificationContext, notification: ReviewNotification): Promise<string | undefined> {
  const { issuerId, provider } = context;
  const { cardImageId, state, rejectionCode, rejectionMemo, decidedAt } = notification;
  const { bound, earlier, kept, dropped } = await context.store.transaction().execute(async (trx) => {
    await takeTurn(trx, issuerId);
    const before = await trx
      .deleteFrom("unclaimed_notifications")
      .where("issuer_id", "=", issuerId)
      .where("provider", "=", provider)
      .where("card_image_id", "=", cardImageId)
      .returningAll()
      .executeTakeFirst();
    const submissionId = await findBound(trx, context, cardImageId);
    if (submissionId !== undefined) return { bound: submissionId, dropped: 0 };
    // Nobody will claim it, and what it says is about somebody who was deleted.
    if (await isOfDeleted(trx, context, cardImageId)) return { dropped: 0 };
    const fresh = {
      issuer_id: issuerId,
      provider,
      card_image_id: cardImageId,
      state,
      rejection_code: rejectionCode,
      rejection_memo: rejectionMemo,
      decided_at: decidedAt,
      received_at: context.now(),
    };
    const isNews =
      before === undefined ||
      outweighs(notification, { state: before.state, decidedAt: before.decided_at }) ||
      (before.state === state && (before.decided_at ?? 0) <= (decidedAt ?? 0));
    const heavier = isNews ? fresh : before;
    await trx.insertInto("unclaimed_notifications").values(heavier).execute();
    return { earlier: before, kept: heavier, dropped: await dropOldest(trx, issuerId) };
  });
  if (bound !== undefined) return bound;
  if (kept === undefined) {
    context.log.info({ issuerId, cardImageId, state }, "a notification for a picture that is deleted: nothing changed");
    return undefined;
  }
  const known = earlier && {
    known: earlier.state,
    knownRejectionCode: earlier.rejection_code,
    keptState: kept.state,
    keptRejectionCode: kept.rejection_code,
  };
  context.log.warn(
    { issuerId, cardImageId, state, rejectionCode, ...known },
    "a notification for an image that no submission has (yet)",
  );
  if (dropped > 0)
    context.log.error(
      { issuerId, dropped },
      "notifications for images that no submission has were too many: the oldest are gone",
    );
  return undefined;
}

async function dropOldest(trx: Trx, issuerId: string): Promise<number> {
  const excess = trx
    .selectFrom("unclaimed_notifications")
    .select(["provider", "card_image_id"])
    .where("issuer_id", "=", issuerId)
    .orderBy("received_at", "desc")
    .limit(1_000)
    .offset(maxUnclaimed);
  const { numDeletedRows } = await trx
    .deleteFrom("unclaimed_notifications")
    .where("issuer_id", "=", issuerId)
    .where(({ eb, refTuple }) =>
      eb(refTuple("provider", "card_image_id"), "in", excess.$asTuple("provider", "card_image_id")),
    )
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
