import { finalStates } from "#contracts/submission.ts";
import type { ReviewNotification } from "#providers/provider.ts";
import { schedule } from "../jobs/jobs.ts";
import { type Context, type Step, transition } from "../state/transition.ts";
import type { Store, SubmissionTable } from "../store/schema.ts";
import { mayHaveArrived } from "./judgement.ts";
import { type DeliveryPolicy, firstLookMs } from "./policy.ts";

export interface DisownContext extends Context {
  readonly policy: Pick<DeliveryPolicy, "quietWindowMs">;
  /** Whose platform tells. */
  readonly issuerId: string;
  /** Its name. */
  readonly provider: string;
}

/** In the detail of an event: the platform's word came with our reference, so that its image id is the right one. */
export const toldByReference = { toldBy: "reference" } as const;

/** Whether a notification that carried our reference has told this image id, or a person. */
async function isTold(store: Store, id: string, cardImageId: string): Promise<boolean> {
  const events = await store
    .selectFrom("events")
    .select(["cause", "detail"])
    .where("submission_id", "=", id)
    .orderBy("sequence", "desc")
    .limit(100)
    .execute();
  for (const { cause, detail } of events) {
    // What came before was said of another id.
    if (cause === "disowned") return false;
    const known = JSON.parse(detail ?? "{}") as { toldBy?: unknown; cardImageId?: unknown };
    const isBound = (cause === "notified" || cause === "bound") && known.cardImageId === cardImageId;
    if (isBound || known.toldBy === toldByReference.toldBy) return true;
  }
  return false;
}

/** Whether one attempt alone can have brought its picture to the platform: with two there may be two pictures, each its own. */
async function cameOnce(store: Store, id: string): Promise<boolean> {
  const attempts = await store
    .selectFrom("attempts")
    .select("id")
    .where("submission_id", "=", id)
    .where(({ eb, or }) => or([eb("outcome", "is", null), eb("outcome", "in", mayHaveArrived)]))
    .limit(2)
    .execute();
  return attempts.length === 1;
}

/** Nobody knows any more whether the platform has this one. False when it has moved on, or has another id by now. */
async function takeBack(context: DisownContext, id: string, cardImageId: string, note: string): Promise<boolean> {
  const none = { card_image_id: null, client_id: null, rejection_code: null, rejection_memo: null, decided_at: null };
  const decide = ({ state, card_image_id: current }: SubmissionTable): Step | "refused" =>
    current === cardImageId
      ? {
          cause: "disowned",
          actor: "provider",
          detail: { cardImageId, note },
          // One that had ended may have a successor.
          set: { ...none, note, ...(finalStates.has(state) && { is_double: 1 }) },
        }
      : "refused";
  const { kind } = await transition(context, id, decide, async (trx, row) => {
    const now = context.now();
    await trx
      .updateTable("attempts")
      .set({ outcome: "unknown", detail: note })
      .where("submission_id", "=", row.id)
      .where("outcome", "=", "accepted")
      .execute();
    await schedule(trx, "resolve", row, now + firstLookMs(context.policy), now, now + context.policy.quietWindowMs);
    return row;
  });
  return kind === "moved";
}

/**
 * An answer can give the id of another picture. The notification that carries a reference reveals it: whose id it is not, from
 * that one it is taken back; and from whom it tells another id than the answer did, unless two attempts may have brought two
 * pictures, or a notification has told the one that it has.
 */
export async function disown(context: DisownContext, { reference, cardImageId }: ReviewNotification): Promise<void> {
  if (reference === null) return;
  const { store, log } = context;
  const both = await store
    .selectFrom("submissions")
    .select(["id", "reference", "card_image_id"])
    .where("issuer_id", "=", context.issuerId)
    .where("provider", "=", context.provider)
    .where(({ eb, or }) => or([eb("card_image_id", "=", cardImageId), eb("reference", "=", reference)]))
    .execute();
  const owner = both.find((row) => row.reference === reference);
  const holder = both.find((row) => row.card_image_id === cardImageId);
  if (owner === undefined || owner.id === holder?.id) return;
  const given = owner.card_image_id;
  if (
    holder !== undefined &&
    (await takeBack(
      context,
      holder.id,
      cardImageId,
      `the image id that the platform gave belongs to submission ${owner.id}`,
    ))
  )
    log.error(
      { issuerId: context.issuerId, submissionId: holder.id, cardImageId, ownerId: owner.id },
      "the platform had given one image id to two pictures",
    );
  if (
    given !== null &&
    (await cameOnce(store, owner.id)) &&
    !(await isTold(store, owner.id, given)) &&
    (await takeBack(
      context,
      owner.id,
      given,
      "the platform has told another image id for this reference than it had answered",
    ))
  )
    log.error(
      { issuerId: context.issuerId, submissionId: owner.id, cardImageId, answered: given },
      "the platform had answered with another image id than it tells for this picture: the told one is taken",
    );
}
