import type { Transaction } from "kysely";
import type { ReviewNotification as Word } from "#providers/provider.ts";

type ReviewNotification = Omit<Word, "reference" | "decidedAt">;

import { next } from "../state/machine.ts";
import { type Context, moveRow, type Step, type Transition, transition } from "../state/transition.ts";
import type { SubmissionTable, Tables } from "../store/schema.ts";

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

/** What a notification comes to, for the operator, and whether it needs a look. */
function judge(
  { state, rejectionCode }: ReviewNotification,
  { kind, row, from }: Transition,
): [string, "info" | "warn"] {
  if (kind === "moved" && from === "approved") return ["the platform takes its approval back: now rejected", "warn"];
  if (kind === "moved") return ["the platform's word on a picture: taken", "info"];
  if (row.state === next("accepted", evidenceOf[state]) && row.rejection_code === rejectionCode)
    return ["the platform repeats its word: nothing changed", "info"];
  if (state === "pending") return ["the platform's word comes after its verdict: nothing changed", "info"];
  return ["the platform contradicts its verdict: nothing changed, ask the platform which one holds", "warn"];
}

/**
 * Takes the platform's word on one of its images. Repeated, late and out-of-order ones change nothing ("nothing-new").
 * One for an id that no submission has is kept until a reply binds that id ("kept"): it may have overtaken the reply,
 * and no platform promises to send it twice.
 */
export async function takeNotification(
  context: Context,
  notification: ReviewNotification,
): Promise<"moved" | "nothing-new" | "kept"> {
  const id = (await findBound(context, notification.cardImageId)) ?? (await keep(context, notification));
  if (id === undefined) return "kept";
  const result = await transition(context, id, toStep(notification));
  const { cardImageId, state, rejectionCode } = notification;
  const known = { known: result.from, knownRejectionCode: result.kind === "moved" ? null : result.row.rejection_code };
  const [sentence, level] = judge(notification, result);
  context.log[level]({ submissionId: id, cardImageId, state, rejectionCode, ...known }, sentence);
  return result.kind === "moved" ? "moved" : "nothing-new";
}

async function findBound(context: Pick<Context, "store">, cardImageId: string): Promise<string | undefined> {
  const row = await context.store
    .selectFrom("submissions")
    .select("id")
    .where("card_image_id", "=", cardImageId)
    .executeTakeFirst();
  return row?.id;
}

/** Writes first, so that a reply that binds the id at this moment either sees the note or is seen here. */
async function keep(context: Context, notification: ReviewNotification): Promise<string | undefined> {
  const { cardImageId, state, rejectionCode } = notification;
  const { bound, earlier, kept, dropped } = await context.store.transaction().execute(async (trx) => {
    const before = await trx
      .deleteFrom("unclaimed_notifications")
      .where("card_image_id", "=", cardImageId)
      .returningAll()
      .executeTakeFirst();
    const submissionId = await findBound({ store: trx }, cardImageId);
    if (submissionId !== undefined) return { bound: submissionId, dropped: 0 };
    const fresh = { card_image_id: cardImageId, state, rejection_code: rejectionCode, received_at: context.now() };
    const heavier = before !== undefined && weight[before.state] > weight[state] ? before : fresh;
    await trx.insertInto("unclaimed_notifications").values(heavier).execute();
    return { earlier: before, kept: heavier, dropped: await dropOldest(trx) };
  });
  if (bound !== undefined) return bound;
  const known = earlier && {
    known: earlier.state,
    knownRejectionCode: earlier.rejection_code,
    keptState: kept?.state,
    keptRejectionCode: kept?.rejection_code,
  };
  context.log.warn(
    { cardImageId, state, rejectionCode, ...known },
    "a notification for an image that no submission has (yet)",
  );
  if (dropped > 0)
    context.log.error(
      { dropped },
      "notifications for images that no submission has were too many: the oldest are gone",
    );
  return undefined;
}

async function dropOldest(trx: Transaction<Tables>): Promise<number> {
  const excess = trx
    .selectFrom("unclaimed_notifications")
    .select("card_image_id")
    .orderBy("received_at", "desc")
    .limit(1_000)
    .offset(maxUnclaimed);
  const { numDeletedRows } = await trx
    .deleteFrom("unclaimed_notifications")
    .where("card_image_id", "in", excess)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
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
