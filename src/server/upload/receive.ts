import { randomBytes, randomInt } from "node:crypto";
import type { Product } from "#card/products.ts";
import { type Agreement, agreementForm, toRulesVersion } from "#contracts/agreement.ts";
import { Problem } from "#contracts/problem.ts";
import { type SubmissionView, statesThatAllowAnother } from "#contracts/submission.ts";
import { type DesignDocument, designOf } from "#design/document.ts";
import type { BlobStore, Sealed } from "../blobs/blob-store.ts";
import { schedule } from "../jobs/jobs.ts";
import type { CheckSender } from "../picture-check/picture-check.ts";
import type { Providers } from "../providers.ts";
import { requireOffers } from "../offers.ts";
import type { AppParts } from "../parts.ts";
import { requireKept } from "../sessions/sessions.ts";
import { findSubmissionOf } from "../state/find.ts";
import { type Context, moveRow, recordEvent } from "../state/transition.ts";
import { toViewAt } from "../state/view.ts";
import type { SessionTable, Store, SubmissionTable } from "../store/schema.ts";
import { refuseCardNumbers } from "../texts.ts";
import { inSpan } from "../traces/spans.ts";
import { type Claim, isSameSubmission, refuseReusedKey } from "./in-flight.ts";
import type { PictureValidator } from "./validator.ts";

export interface Receiver extends Context, Pick<AppParts, "config" | "pictureCheck"> {
  readonly blobs: BlobStore;
  readonly validator: PictureValidator;
  readonly providers: Pick<Providers, "making">;
}

export interface Receipt {
  readonly view: SubmissionView;
  /** The answer had been given before, and nothing was stored now. */
  readonly replayed: boolean;
}

/** The very answer that was given when it was stored, whatever has happened since. */
async function readFirstAnswer(
  store: Store,
  submission: Pick<SubmissionTable, "id" | "picture_sha256">,
): Promise<SubmissionView> {
  const first = await store
    .selectFrom("events")
    .select(["to_state", "sequence", "detail", "at"])
    .where("submission_id", "=", submission.id)
    .orderBy("sequence")
    .limit(1)
    .executeTakeFirstOrThrow();
  return toViewAt(submission, first);
}

/** The earlier answer for this key, or undefined. Throws Problem: idempotency-key-reused, already-submitted. */
async function findEarlier(store: Store, session: SessionTable, claim: Claim): Promise<Receipt | undefined> {
  const earlier = await store
    .selectFrom("submissions")
    .select(["id", "design_sha256", "picture_sha256"])
    .where("session_id", "=", session.id)
    .where("idempotency_key", "=", claim.idempotencyKey)
    .executeTakeFirst();
  if (earlier !== undefined) {
    const known = { ...claim, designSha256: earlier.design_sha256, pictureSha256: earlier.picture_sha256 };
    if (!isSameSubmission(known, claim)) throw refuseReusedKey();
    return { view: await readFirstAnswer(store, earlier), replayed: true };
  }
  const submission = await findSubmissionOf(store, session);
  if (submission === undefined || statesThatAllowAnother.has(submission.state)) return undefined;
  throw new Problem("already-submitted", {
    detail: `Submission ${submission.id} of this cardholder and product is under way. Follow it; another design can be sent only if it is rejected.`,
  });
}

/** The design, as far as it may be on a card today. Throws Problem: design-unknown, text-refused, not-offered, template-broken. */
async function requireDesign(receiver: Receiver, session: SessionTable, sha256: string): Promise<DesignDocument> {
  const design = await receiver.store
    .selectFrom("designs")
    .select("document")
    .where("session_id", "=", session.id)
    .where("sha256", "=", sha256)
    .executeTakeFirst();
  if (design === undefined) {
    throw new Problem("design-unknown", {
      detail: "Store the design document first; Design-Digest must be its SHA-256.",
    });
  }
  // Its form was checked when it was stored; what is offered may have changed since.
  const document = JSON.parse(design.document) as DesignDocument;
  refuseCardNumbers(document);
  requireOffers(receiver, session, document);
  return document;
}

/** What the cardholder has agreed to: the header says it, or a document of version 1 does. Throws Problem: bad-request. */
function requireAgreement(design: DesignDocument, header: Agreement | undefined): Agreement {
  const inside =
    design.version === 1
      ? { ...design.agreement, rulesVersion: toRulesVersion(design.agreement.rulesVersion) }
      : undefined;
  const agreement = inside ?? header;
  if (agreement === undefined) {
    throw new Problem("bad-request", {
      detail: `Agreement: missing. A design of version 2 is sent with ${agreementForm}.`,
    });
  }
  const { rulesVersion, agreedAt } = header ?? agreement;
  if (rulesVersion !== agreement.rulesVersion || agreedAt !== agreement.agreedAt) {
    throw new Problem("bad-request", {
      detail: "Agreement: the design document, of version 1, holds another one. Send the same, or no header.",
    });
  }
  return agreement;
}

/**
 * Born stored and queued in one transaction, so that nothing acknowledged can be left behind. Throws when the picture's file
 * has been removed as an orphan just before the row came to name it: see `removeOrphans`.
 */
async function commit(receiver: Receiver, row: SubmissionTable, { file, key }: Sealed): Promise<void> {
  await receiver.store.transaction().execute(async (trx) => {
    await requireKept(trx, row.session_id);
    await trx.insertInto("submissions").values(row).execute();
    await trx.insertInto("pictures").values({ submission_id: row.id, file, key }).execute();
    await recordEvent(trx, row, null, { cause: "stored", actor: "system" });
    // Only now it is the issuer's turn, which `removeOrphans` takes too.
    if (!(await receiver.blobs.has(file))) throw new Error("the picture was removed before it had a row");
    const queued = await moveRow(trx, row, { cause: "taken-up", actor: "system" }, row.created_at);
    if (typeof queued === "string") throw new Error(`a new submission could not be queued: ${queued}`);
    await schedule(trx, "send", row, row.created_at, row.created_at);
  });
}

/** 20 of A-Z and 0-9: letters and digits survive every system that a card's data goes through. */
const referenceCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

function createReference(): string {
  return Array.from({ length: 20 }, () => referenceCharacters[randomInt(referenceCharacters.length)]).join("");
}

/** Throws Problem("session-expired") where the configuration has nothing any more that makes it: no other try will do better. */
function requireMaker({ providers }: Receiver, { issuer_id: issuerId }: SessionTable, { id }: Product): string {
  const provider = providers.making(issuerId, id);
  if (provider === undefined)
    throw new Problem("session-expired", { detail: "The issuer does not offer this card any more." });
  return provider.name;
}

function createRow(
  session: SessionTable,
  provider: string,
  claim: Claim,
  agreement: Agreement,
  pictureBytes: number,
  now: number,
): SubmissionTable {
  return {
    id: `sub_${randomBytes(16).toString("base64url")}`,
    issuer_id: session.issuer_id,
    session_id: session.id,
    cardholder_id: session.cardholder_id,
    product_id: session.product_id,
    provider,
    reference: createReference(),
    state: "stored",
    sequence: 1,
    design_sha256: claim.designSha256,
    picture_sha256: claim.pictureSha256,
    picture_bytes: pictureBytes,
    media_type: "image/png",
    pixel_origin: "cardholder",
    idempotency_key: claim.idempotencyKey,
    rules_version: agreement.rulesVersion,
    agreed_at: agreement.agreedAt,
    card_image_id: null,
    client_id: null,
    rejection_code: null,
    rejection_memo: null,
    decided_at: null,
    note: null,
    purge_state: null,
    attempts: 0,
    is_double: 0,
    created_at: now,
    updated_at: now,
  };
}

/** A whole picture whose bytes have been found to match the claim, and who sends it. */
interface Upload {
  readonly claim: Claim;
  readonly agreement: Agreement | undefined;
  readonly bytes: Uint8Array;
  readonly sender: CheckSender;
}

/** Does work when it is its turn among everybody's uploads. Rejects with the reason of `gone` where that is aborted and others wait. */
type InTurn = <Result>(work: () => Promise<Result>, gone: AbortSignal) => Promise<Result>;

/** What is to be stored, once it has been compared. */
interface Accepted {
  readonly maker: string;
  readonly document: DesignDocument;
  readonly agreement: Agreement;
}

/** The earlier answer for this key, or what is to be stored: the cheap looks, which can be had before the others wait for anything. */
async function look(
  receiver: Receiver,
  session: SessionTable,
  product: Product,
  { claim, agreement: header, bytes }: Upload,
): Promise<Receipt | Accepted> {
  const earlier = await findEarlier(receiver.store, session, claim);
  if (earlier !== undefined) return earlier;
  const maker = requireMaker(receiver, session, product);
  const document = await requireDesign(receiver, session, claim.designSha256);
  const agreement = requireAgreement(document, header);
  await inSpan("validate", {}, () => receiver.validator.check(bytes, product));
  return { maker, document, agreement };
}

/** Writes file and row. */
async function keep(
  receiver: Receiver,
  session: SessionTable,
  { claim, bytes }: Upload,
  { maker, agreement }: Accepted,
): Promise<Receipt> {
  const { store } = receiver;
  const sealed = await inSpan("store", {}, () => receiver.blobs.put(bytes));
  const row = createRow(session, maker, claim, agreement, bytes.byteLength, receiver.now());
  try {
    await inSpan("commit", { "fullbleed.submission_id": row.id }, () => commit(receiver, row, sealed));
  } catch (cause) {
    // Another request was quicker: the database holds one live submission per cardholder and product, and one per key.
    const winner = await findEarlier(store, session, claim);
    if (winner !== undefined) return winner;
    throw cause;
  }
  receiver.notifier.announce(row.id);
  return { view: await readFirstAnswer(store, row), replayed: false };
}

/**
 * Takes a whole picture whose bytes have been found to match the claim. When it returns, file and row survive a power cut.
 * A sender who has gone meanwhile finds it under its key, or when the session is read: a tab that is closed a moment too early
 * loses no design. Throws Problem: idempotency-key-reused, already-submitted, session-expired, design-unknown, text-refused, not-offered,
 * template-broken, bad-request (the agreement), picture-refused, picture-differs, overloaded.
 *
 * The agreement is no part of the claim: repeated under its key, with whichever agreement, it is the submission that there is,
 * with the one that it was made with.
 */
export async function receivePicture(
  receiver: Receiver,
  session: SessionTable,
  product: Product,
  upload: Upload,
  inTurn: InTurn,
): Promise<Receipt> {
  const { bytes, sender } = upload;
  const found = await inTurn(() => look(receiver, session, product, upload), sender.gone);
  if ("view" in found) return found;
  // Before there is anything to lose or to send: who is refused has no submission, and may send another picture. Not in the turn: it has
  // a line of its own, and is slow enough to keep everybody else's pictures and photos from being stored.
  const design = designOf(found.document);
  await inSpan("compare", {}, async () => receiver.pictureCheck?.check(bytes, design, product, session, sender));
  // What has been compared is kept, also of who has gone meanwhile. A signal for each: the line listens to it as long as there is one.
  const stays = new AbortController().signal;
  return inTurn(() => keep(receiver, session, upload, found), stays);
}
