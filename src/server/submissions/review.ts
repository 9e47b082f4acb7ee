import type { Transaction } from "kysely";
import type { ReviewNotification } from "#providers/provider.ts";
import type { SubmissionTable, Tables } from "../store/schema.ts";
import { type Ledger, moveRow, type Step, transition } from "./transition.ts";

const evidenceOf = {
  pending: "review-pending",
  accepted: "review-accepted",
  rejected: "review-rejected",
} as const satisfies Record<ReviewNotification["state"], Step["evidence"]>;

/** A later word outweighs an earlier one, whatever order they arrive in. */
const weight = { pending: 0, accepted: 1, rejected: 2 } as const;

/** Notifications kept for ids that nobody has claimed; beyond it the oldest go. */
const maxUnclaimed = 10_000;

function toStep(notification: Pick<ReviewNotification, "state" | "rejectionCode">): Step {
  const rejected = notification.state === "rejected" ? { rejection_code: notification.rejectionCode } : {};
  return { evidence: evidenceOf[notification.state], set: rejected };
}

/**
 * Takes the platform's word on one of its images. Repeated, late and out-of-order ones change nothing ("nothing-new").
 * One for an id that no submission has is kept until a reply binds that id ("kept"): it may have overtaken the reply,
 * and no platform promises to send it twice.
 */
export async function takeNotification(
  ledger: Ledger,
  notification: ReviewNotification,
): Promise<"moved" | "nothing-new" | "kept"> {
  const id = (await findBound(ledger, notification.cardImageId)) ?? (await keep(ledger, notification));
  if (id === undefined) return "kept";
  const { kind } = await transition(ledger, id, toStep(notification));
  return kind === "moved" ? "moved" : "nothing-new";
}

async function findBound(ledger: Pick<Ledger, "store">, cardImageId: string): Promise<string | undefined> {
  const row = await ledger.store
    .selectFrom("submissions")
    .select("id")
    .where("card_image_id", "=", cardImageId)
    .executeTakeFirst();
  return row?.id;
}

/** Writes first, so that a reply that binds the id at this moment either sees the note or is seen here. */
async function keep(
  ledger: Ledger,
  { cardImageId, state, rejectionCode }: ReviewNotification,
): Promise<string | undefined> {
  return ledger.store.transaction().execute(async (trx) => {
    const kept = await trx
      .deleteFrom("unclaimed_notifications")
      .where("card_image_id", "=", cardImageId)
      .returningAll()
      .executeTakeFirst();
    const bound = await findBound({ store: trx }, cardImageId);
    if (bound !== undefined) return bound;
    const fresh = { card_image_id: cardImageId, state, rejection_code: rejectionCode, received_at: ledger.now() };
    const heavier = kept !== undefined && weight[kept.state] > weight[state] ? kept : fresh;
    await trx.insertInto("unclaimed_notifications").values(heavier).execute();
    await dropOldest(trx);
    return undefined;
  });
}

async function dropOldest(trx: Transaction<Tables>): Promise<void> {
  const excess = trx
    .selectFrom("unclaimed_notifications")
    .select("card_image_id")
    .orderBy("received_at", "desc")
    .limit(1_000)
    .offset(maxUnclaimed);
  await trx.deleteFrom("unclaimed_notifications").where("card_image_id", "in", excess).execute();
}

/** Applies what was kept for an id that has just been bound, in the same transaction. */
export async function claimKept(trx: Transaction<Tables>, row: SubmissionTable, now: number): Promise<SubmissionTable> {
  const kept = await trx
    .deleteFrom("unclaimed_notifications")
    .where("card_image_id", "=", row.card_image_id)
    .returningAll()
    .executeTakeFirst();
  if (kept === undefined) return row;
  const step = toStep({ state: kept.state, rejectionCode: kept.rejection_code });
  const moved = await moveRow(trx, row, step, now);
  return typeof moved === "string" ? row : moved;
}
