import { createHash } from "node:crypto";
import { stopUpload } from "../fresh-fetch.ts";
import type { Progress, SearchOutcome, SendOrder, SendOutcome, SentPicture } from "../provider.ts";
import { type Answer, call, symptomOf, toJson } from "./call.ts";
import { isOf, listUntracked, type Owner, readCardImage, readDetails } from "./card-images.ts";
import type { SyncteraOptions } from "./settings.ts";
import { toJpeg } from "./to-jpeg.ts";
import { uuid } from "./wire.ts";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** The same for the same write, another one for any other: in the form of a UUID, as the vendor recommends. */
function deriveKey(...parts: readonly string[]): string {
  const hex = sha256(Buffer.from(JSON.stringify(parts)));
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}

export function findCardProduct({ cardProducts }: SyncteraOptions, productId: string): string | undefined {
  const known: Readonly<Record<string, string | undefined>> = cardProducts;
  return Object.hasOwn(known, productId) ? known[productId] : undefined;
}

/** Whose card image it is to be, or what is wrong with what we have been told. */
function findOwner(options: SyncteraOptions, { productId, cardholderId }: SentPicture): Owner | SendOutcome {
  const cardProductId = findCardProduct(options, productId);
  if (cardProductId === undefined)
    return { kind: "misconfigured", detail: `There is no card product of Synctera for product ${productId}` };
  const customerId = uuid.safeParse(cardholderId).data;
  if (customerId === undefined)
    return {
      kind: "order-refused",
      detail: "the session's cardholderId is no customer id of Synctera (a UUID)",
      isOwn: true,
    };
  return { customerId, cardProductId };
}

function unknown(answer: Exclude<Answer, { kind: "ok" }>): SendOutcome {
  const symptom = symptomOf(answer);
  return { kind: "unknown", detail: answer.detail, ...(symptom !== undefined && { symptom }) };
}

/** What can be said of any write that has failed; undefined for what depends on the write. */
function readFailure(answer: Exclude<Answer, { kind: "ok" }>): SendOutcome | undefined {
  if (answer.kind === "no-answer")
    return answer.notSent ? { kind: "not-sent", detail: answer.detail } : unknown(answer);
  if (answer.kind === "error" && (answer.status === 401 || answer.status === 403))
    return { kind: "misconfigured", detail: answer.detail };
  return undefined;
}

/** Statuses with which Synctera itself says that a write is not as it should be. */
const refusals = new Set([400, 404, 409, 422]);

function readFailedCreation(answer: Exclude<Answer, { kind: "ok" }>): SendOutcome {
  // A 404 is the address's: what a creation names is not in it.
  const isRefused = answer.kind === "error" && refusals.has(answer.status) && answer.status !== 404;
  return readFailure(answer) ?? (isRefused ? { kind: "order-refused", detail: answer.detail } : unknown(answer));
}

/** Asks for an entity and writes its id down, before anything goes to it. */
async function create(
  options: SyncteraOptions,
  owner: Owner,
  { checkpoint }: SendOrder,
  { key }: Progress,
  signal: AbortSignal,
): Promise<{ readonly kind: "id"; readonly id: string } | SendOutcome> {
  const body = toJson({ customer_id: owner.customerId, card_product_id: owner.cardProductId });
  // A setting that is corrected makes it another write, which must not be answered as the first one was.
  const idempotencyKey = deriveKey(key, owner.customerId, owner.cardProductId);
  const answer = await call(options, { method: "POST", path: "/cards/images", body, idempotencyKey }, signal);
  if (answer.kind !== "ok") {
    const failure = readFailedCreation(answer);
    if (failure.kind !== "unknown") await checkpoint.release();
    return failure;
  }
  const image = readCardImage(answer);
  const doubt = (detail: string) => ({ kind: "unknown", detail }) as const;
  if (image === undefined) return { ...doubt("a new card image was answered without its details"), symptom: "down" };
  if (!isOf(owner, image)) return doubt("the platform answered with a card image of another customer or card product");
  if (image.status !== "NOT_UPLOADED") return doubt("the platform answered with a card image that has a picture");
  if (!(await checkpoint.reach(image.id)))
    return doubt("the platform answered with the card image of another submission");
  return { kind: "id", id: image.id };
}

/** The picture may have arrived before, or it is not wanted: the entity's details tell. */
async function judgeRefusal(
  options: SyncteraOptions,
  cardImageId: string,
  answer: Extract<Answer, { kind: "error" }>,
  signal: AbortSignal,
): Promise<SendOutcome> {
  const details = await readDetails(options, cardImageId, signal);
  if (details.kind !== "value") return { kind: "unknown", detail: `${answer.detail}; ${details.detail}` };
  if (details.value.status !== "NOT_UPLOADED") return { kind: "accepted", cardImageId };
  const isAboutPicture = answer.status === 400 || answer.status === 422;
  return { kind: isAboutPicture ? "image-refused" : "unknown", detail: answer.detail };
}

async function upload(
  options: SyncteraOptions,
  cardImageId: string,
  owner: Owner,
  jpeg: Uint8Array,
  { key }: Progress,
  signal: AbortSignal,
): Promise<SendOutcome> {
  const answer = await call(
    options,
    {
      method: "POST",
      path: `/cards/images/${cardImageId}/data`,
      body: { type: "image/jpeg", bytes: jpeg },
      idempotencyKey: deriveKey(key, cardImageId, sha256(jpeg)),
    },
    signal,
  );
  if (answer.kind === "ok") {
    const image = readCardImage(answer);
    if (image?.id === cardImageId && isOf(owner, image) && image.status !== "NOT_UPLOADED")
      return { kind: "accepted", cardImageId };
    return { kind: "unknown", detail: "an upload was answered without the details of its card image" };
  }
  const failure = readFailure(answer);
  if (failure !== undefined) return failure;
  if (answer.kind === "error" && refusals.has(answer.status)) return judgeRefusal(options, cardImageId, answer, signal);
  const isCut = answer.kind !== "no-answer" && stopUpload(answer.response);
  return isCut ? { kind: "not-sent", detail: `${answer.detail}, before the whole request was sent` } : unknown(answer);
}

/** First an entity, whose id is written down, then its picture: repeated, both go under the same keys and to the same entity. */
export async function send(options: SyncteraOptions, order: SendOrder, signal: AbortSignal): Promise<SendOutcome> {
  const owner = findOwner(options, order);
  if ("kind" in owner) return owner;
  const jpeg = await toJpeg(order.bytes).catch(() => undefined);
  if (jpeg === undefined) return { kind: "not-sent", detail: "no JPEG could be made of the picture", isOwn: true };
  if (signal.aborted) return { kind: "not-sent", detail: "given up before it began" };
  const lock = `${owner.customerId}/${owner.cardProductId}`;
  const progress = await order.checkpoint.begin(lock, sha256(jpeg));
  if (progress === "busy")
    return {
      kind: "not-sent",
      detail: "another card image of this customer is being made on the platform",
      isOwn: true,
    };
  if (progress.cardImageId !== null && progress.lock !== lock)
    return {
      kind: "order-refused",
      detail: `its card image ${progress.cardImageId} is for another card product by now`,
    };
  const created =
    progress.cardImageId === null
      ? await create(options, owner, order, progress, signal)
      : ({ kind: "id", id: progress.cardImageId } as const);
  return created.kind === "id" ? upload(options, created.id, owner, jpeg, progress, signal) : created;
}

/**
 * What has become of a picture that is in doubt. Without the entity's id: the one that waits for its picture and that no
 * submission of ours has is taken for it; of several none is. With it, its details tell, and sending again is safe: an entity
 * takes one picture, once.
 */
export async function find(
  options: SyncteraOptions,
  picture: SentPicture,
  signal: AbortSignal,
): Promise<SearchOutcome> {
  const progress = await picture.checkpoint.read();
  if (progress === undefined) return { kind: "absent", proof: "now" };
  const owner = findOwner(options, picture);
  if ("kind" in owner) return { kind: "cannot-tell", detail: "detail" in owner ? owner.detail : owner.kind };
  if (progress.cardImageId !== null) {
    const details = await readDetails(options, progress.cardImageId, signal);
    if (details.kind !== "value") return details;
    if (!isOf(owner, details.value))
      return { kind: "cannot-tell", detail: "the card image is another customer's, or for another card product" };
    return details.value.status === "NOT_UPLOADED"
      ? { kind: "absent", proof: "now" }
      : { kind: "found", cardImageId: progress.cardImageId };
  }
  const untracked = await listUntracked(options, owner, picture.checkpoint, signal);
  if (untracked.kind !== "value") return untracked;
  const [first, ...others] = untracked.value;
  if (first === undefined) return { kind: "absent", proof: "time" };
  if (others.length > 0)
    return {
      kind: "cannot-tell",
      detail: `${untracked.value.length} card images of this customer wait for a picture, and nobody knows which is this one's: ${untracked.value.join(", ")}`,
      final: true,
    };
  if (!(await picture.checkpoint.reach(first)))
    return { kind: "cannot-tell", detail: "the card image that waits for a picture has just been taken" };
  return { kind: "absent", proof: "now" };
}
