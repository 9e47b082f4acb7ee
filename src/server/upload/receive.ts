import { randomBytes } from "node:crypto";
import type { Product } from "#card/products.ts";
import { Problem } from "#contracts/problem.ts";
import { type SubmissionView, statesThatAllowAnother, submissionView } from "#contracts/submission.ts";
import type { BlobStore } from "../blobs/blob-store.ts";
import { type Context, moveRow, recordEvent } from "../state/transition.ts";
import type { SessionTable, Store, SubmissionTable } from "../store/schema.ts";
import { type Claim, isSameSubmission, refuseReusedKey } from "./in-flight.ts";
import type { PictureValidator } from "./validator.ts";

export interface Receiver extends Context {
  readonly blobs: BlobStore;
  readonly validator: PictureValidator;
}

export interface Receipt {
  readonly view: SubmissionView;
  /** The answer had been given before, and nothing was stored now. */
  readonly replayed: boolean;
}

/** The very answer that was given when it was stored, whatever has happened since. */
async function readFirstAnswer(store: Store, submissionId: string): Promise<SubmissionView> {
  const { view } = await store
    .selectFrom("events")
    .select("view")
    .where("submission_id", "=", submissionId)
    .orderBy("sequence")
    .limit(1)
    .executeTakeFirstOrThrow();
  return submissionView.parse(JSON.parse(view));
}

/** The earlier answer for this key, or undefined. Throws Problem: idempotency-key-reused, already-submitted. */
async function findEarlier(store: Store, sessionId: string, claim: Claim): Promise<Receipt | undefined> {
  const ofSession = store.selectFrom("submissions").where("session_id", "=", sessionId);
  const earlier = await ofSession
    .select([
      "id",
      "design_sha256 as designSha256",
      "picture_sha256 as pictureSha256",
      "idempotency_key as idempotencyKey",
    ])
    .where("idempotency_key", "=", claim.idempotencyKey)
    .executeTakeFirst();
  if (earlier !== undefined) {
    if (!isSameSubmission(earlier, claim)) throw refuseReusedKey();
    return { view: await readFirstAnswer(store, earlier.id), replayed: true };
  }
  const live = await ofSession
    .select("id")
    .where("state", "not in", [...statesThatAllowAnother])
    .executeTakeFirst();
  if (live === undefined) return undefined;
  throw new Problem("already-submitted", {
    detail: `Submission ${live.id} of this session is under way. Follow it; another design can be sent only if it is rejected.`,
  });
}

async function requireDesign(store: Store, sessionId: string, sha256: string): Promise<void> {
  const design = await store
    .selectFrom("designs")
    .select("sha256")
    .where("session_id", "=", sessionId)
    .where("sha256", "=", sha256)
    .executeTakeFirst();
  if (design === undefined) {
    throw new Problem("design-unknown", {
      detail: "Store the design document first; Design-Digest must be its SHA-256.",
    });
  }
}

/**
 * Born stored and queued in one transaction, so that nothing acknowledged can be left behind. Throws when the picture's file
 * has been removed as an orphan just before the row came to name it: see `removeOrphans`.
 */
async function commit(receiver: Receiver, row: SubmissionTable): Promise<void> {
  await receiver.store.transaction().execute(async (trx) => {
    await trx.insertInto("submissions").values(row).execute();
    if (!(await receiver.blobs.has(row.picture_sha256))) throw new Error("the picture was removed before it had a row");
    await recordEvent(trx, row);
    const queued = await moveRow(trx, row, { evidence: "taken-up", set: { due_at: row.created_at } }, row.created_at);
    if (typeof queued === "string") throw new Error(`a new submission could not be queued: ${queued}`);
  });
}

function createRow(session: SessionTable, claim: Claim, pictureBytes: number, now: number): SubmissionTable {
  return {
    id: `sub_${randomBytes(16).toString("base64url")}`,
    session_id: session.id,
    cardholder_id: session.cardholder_id,
    product_id: session.product_id,
    state: "stored",
    sequence: 1,
    design_sha256: claim.designSha256,
    picture_sha256: claim.pictureSha256,
    picture_bytes: pictureBytes,
    idempotency_key: claim.idempotencyKey,
    card_image_id: null,
    rejection_code: null,
    note: null,
    attempts: 0,
    due_at: null,
    created_at: now,
    updated_at: now,
  };
}

/**
 * Takes a whole picture whose bytes have been found to match the claim. When it returns, file and row survive a power cut.
 * A sender who has gone meanwhile finds it under its key, or when the session is read: a tab that is closed a moment too early
 * loses no design. Throws Problem: idempotency-key-reused, already-submitted, design-unknown, picture-refused.
 */
export async function receivePicture(
  receiver: Receiver,
  session: SessionTable,
  product: Product,
  claim: Claim,
  bytes: Uint8Array,
): Promise<Receipt> {
  const { store } = receiver;
  const earlier = await findEarlier(store, session.id, claim);
  if (earlier !== undefined) return earlier;
  await requireDesign(store, session.id, claim.designSha256);
  await receiver.validator.check(bytes, product);
  const { size } = await receiver.blobs.put(bytes, claim.pictureSha256);
  const row = createRow(session, claim, size, receiver.now());
  try {
    await commit(receiver, row);
  } catch (cause) {
    // Another process was quicker: the database holds one live submission per session and one per key.
    const winner = await findEarlier(store, session.id, claim);
    if (winner !== undefined) return winner;
    throw cause;
  }
  receiver.notifier.announce(row.id);
  return { view: await readFirstAnswer(store, row.id), replayed: false };
}
