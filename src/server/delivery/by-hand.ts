import { Problem } from "#contracts/problem.ts";
import type { Resolution } from "#contracts/submission.ts";
import type { PreviewOutcome } from "#providers/provider.ts";
import { schedule } from "../jobs/jobs.ts";
import type { Providers } from "../providers.ts";
import { findSubmission } from "../state/find.ts";
import { findTombstone, listUnwanted } from "../purge/images.ts";
import { isDeleted, next } from "../state/machine.ts";
import { type Context, type Step, type Trx, transition } from "../state/transition.ts";
import type { Store, SubmissionTable } from "../store/schema.ts";
import { forgetBegun } from "./checkpoint.ts";
import { findOwner, idBecameKnown } from "./follow-up.ts";

export interface ByHandContext extends Context {
  readonly providers: Pick<Providers, "of">;
}

const previewTimeoutMs = 15_000;
const smallPreview = { format: "jpeg", corner: "square", designType: "print", widthPx: 64 } as const;

const causes = { bind: "bound", resend: "resent", abandon: "abandoned" } as const;
const actions = ["bind", "resend", "abandon"] as const satisfies Resolution["action"][];

function refuse(row: SubmissionTable, { action }: Resolution): Problem {
  const possible = actions.filter((other) => next(row.state, causes[other]) !== "refused");
  const word = { bind: "bound", resend: "sent again", abandon: "given up" }[action];
  const instead = possible.length === 0 ? "Nothing has to be decided" : `What can be done now: ${possible.join(", ")}`;
  return new Problem("not-possible", {
    detail: `A submission that is ${row.state} cannot be ${word}. ${instead}; its history says why.`,
  });
}

/** Nobody else has the id, nor asks the platform to put another picture under it. */
async function requireFree(store: Store, row: SubmissionTable, cardImageId: string): Promise<void> {
  const owner = await findOwner(store, row, cardImageId);
  if (owner !== undefined && owner !== row.id)
    throw new Problem("not-possible", { detail: `Submission ${owner} has that image id.` });
  const sender = await store
    .selectFrom("checkpoints")
    .select("submission_id as id")
    .where("issuer_id", "=", row.issuer_id)
    .where("provider", "=", row.provider)
    .where("card_image_id", "=", cardImageId)
    .where("submission_id", "!=", row.id)
    .executeTakeFirst();
  if (sender !== undefined)
    throw new Problem("not-possible", { detail: `That image id was made for the picture of submission ${sender.id}.` });
}

/** The platform does not say that it is somebody else's picture: no confirmation makes that right. */
async function requireOwn(context: ByHandContext, row: SubmissionTable, cardImageId: string): Promise<void> {
  const picture = { cardholderId: row.cardholder_id, productId: row.product_id };
  const fault = await context.providers
    .of(row)
    .findImageFault?.(cardImageId, picture, AbortSignal.timeout(previewTimeoutMs))
    .catch(() => undefined);
  if (fault !== undefined)
    throw new Problem("not-possible", { detail: `That image id is not this picture's: ${fault}.` });
}

/** The platform has told that id with another submission's reference, or in answer to it. */
async function requireNotOrphan(store: Store, row: SubmissionTable, cardImageId: string): Promise<void> {
  const orphan = await store
    .selectFrom("orphan_images")
    .select("submission_id")
    .where("issuer_id", "=", row.issuer_id)
    .where("provider", "=", row.provider)
    .where("card_image_id", "=", cardImageId)
    .where("submission_id", "!=", row.id)
    .executeTakeFirst();
  if (orphan !== undefined)
    throw new Problem("confirmation-needed", {
      detail: `The platform has told that id of the picture of submission ${orphan.submission_id}. If you are sure that it is this one's, ask again with confirm: true.`,
    });
}

/** A mistyped id would show a stranger's picture, or none: what the platform does not show is bound only by someone who is sure. */
async function requireShown(context: ByHandContext, row: SubmissionTable, cardImageId: string): Promise<void> {
  const shown: PreviewOutcome = await context.providers
    .of(row)
    .getPreview({ cardImageId }, smallPreview, AbortSignal.timeout(previewTimeoutMs))
    .catch(() => ({ kind: "unavailable", detail: "the adapter failed" }) as const);
  if (shown.kind === "image") return;
  const why = shown.kind === "not-ready" ? "shows no picture under that id" : "cannot be asked for that id now";
  throw new Problem("confirmation-needed", {
    detail: `The platform ${why}. If you are sure, ask again with confirm: true.`,
  });
}

/** Of one that is being deleted a person decides only what the platform, asked under the ids that are known, cannot tell. */
async function requireOpen(
  { providers }: ByHandContext,
  store: Store,
  row: SubmissionTable,
  { action }: Resolution,
): Promise<void> {
  const isHere = providers.of(row).capabilities(row.product_id).purge === "here";
  const images = action === "bind" ? [] : await listUnwanted(store, row);
  let isOpen = action !== "bind" || row.card_image_id === null;
  for (const image of images) {
    const known = await findTombstone(store, image);
    const isUnproven = (known?.shown_at ?? null) === null && (known?.answer === "taken" || !isHere);
    if ((known?.gone_at ?? null) === null && !isUnproven) isOpen = false;
  }
  if (!isOpen)
    throw new Problem("not-possible", {
      detail: "It is being deleted, under the image id that is known. Its record says what that waits for.",
    });
}

async function planStep(context: ByHandContext, row: SubmissionTable, decision: Resolution): Promise<Step> {
  const about = { actor: "operator", detail: { reason: decision.reason, by: decision.by ?? null } } as const;
  switch (decision.action) {
    case "bind": {
      const cardImageId = context.providers.of(row).readCardImageId(decision.cardImageId);
      if (cardImageId === undefined)
        throw new Problem("bad-request", { detail: "body.cardImageId: it is no id as the card platform gives them." });
      await requireFree(context.store, row, cardImageId);
      await requireOwn(context, row, cardImageId);
      if (!decision.confirm) {
        await requireNotOrphan(context.store, row, cardImageId);
        await requireShown(context, row, cardImageId);
      }
      const detail = { ...about.detail, cardImageId };
      return { ...about, cause: "bound", detail, set: { card_image_id: cardImageId, note: null } };
    }
    case "resend":
      if (!decision.confirm)
        throw new Problem("confirmation-needed", {
          detail:
            "If the platform has this picture after all, it will have it twice, and one of the two has to be deleted there. If you are sure that it has not, ask again with confirm: true.",
        });
      return { ...about, cause: "resent", set: { note: "sent again by hand" } };
    case "abandon":
      if (row.state !== "purging") return { ...about, cause: "abandoned", set: { note: "given up by hand" } };
      return {
        ...about,
        cause: "abandoned",
        detail: { ...about.detail, proof: "a person's word" },
        set: { note: null, purge_state: "gone" },
      };
  }
}

async function followUp(context: ByHandContext, trx: Trx, row: SubmissionTable): Promise<SubmissionTable> {
  const { updated_at: now } = row;
  if (row.state === "purging") {
    if (row.card_image_id !== null) await requireFree(trx, row, row.card_image_id);
    await schedule(trx, "purge", row, now, now, now);
    return row;
  }
  if (row.state === "queued") {
    await trx.deleteFrom("jobs").where("submission_id", "=", row.id).execute();
    await forgetBegun(trx, row.id);
    await schedule(trx, "send", row, now, now);
    return row;
  }
  if (row.state === "abandoned" || row.state === "purged") {
    await trx.deleteFrom("jobs").where("submission_id", "=", row.id).execute();
    await forgetBegun(trx, row.id);
    return row;
  }
  // Since it was looked at, another may have been given that id to send to.
  if (row.card_image_id !== null) await requireFree(trx, row, row.card_image_id);
  return idBecameKnown(trx, context.providers.of(row), row, now);
}

/**
 * What a person decides about a submission of which nothing else can tell: its id, that it is to be sent again, or that it is
 * given up. Each is an event with its reason. Throws Problem: not-found, not-possible, confirmation-needed, bad-request.
 */
export async function resolveByHand(
  context: ByHandContext,
  submissionId: string,
  decision: Resolution,
): Promise<SubmissionTable> {
  const before = await findSubmission(context.store, submissionId);
  if (next(before.state, causes[decision.action]) === "refused") throw refuse(before, decision);
  if (isDeleted(before)) await requireOpen(context, context.store, before, decision);
  const step = await planStep(context, before, decision);
  // One that is being deleted by now, or has got an id there, asks for another step.
  const decide = (now: SubmissionTable): Step | "refused" =>
    isDeleted(now) && now.sequence !== before.sequence ? "refused" : step;
  const { kind, row, from } = await transition(context, submissionId, decide, async (trx, moved) => {
    if (moved.state === "purged") await requireOpen(context, trx, moved, decision);
    return followUp(context, trx, moved);
  }).catch(async (cause: unknown) => {
    // Somebody else has taken the id meanwhile.
    const cardImageId = step.set?.card_image_id;
    if (typeof cardImageId === "string") await requireFree(context.store, before, cardImageId);
    throw cause;
  });
  if (kind === "refused") throw refuse(row, decision);
  context.log.warn(
    { issuerId: row.issuer_id, submissionId, from, state: row.state, action: decision.action, by: decision.by },
    "decided by hand",
  );
  return row;
}
