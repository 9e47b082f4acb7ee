import { createHash } from "node:crypto";
import type { DecideOutcome, Decision, Provider, ReviewOutcome, SentPicture } from "../provider.ts";
import { noCapabilities } from "../provider.ts";
import { call, toJson } from "./call.ts";
import { readCardImage, readDetails } from "./card-images.ts";
import { readNotification, toReview } from "./notification.ts";
import { getPreview } from "./preview.ts";
import { find, findCardProduct, send } from "./send.ts";
import type { SyncteraOptions } from "./settings.ts";
import { rejectionReasons, uuid } from "./wire.ts";

/** Statuses with which Synctera itself says that a decision is not possible. */
const refusals = new Set([400, 404, 409, 422]);

async function decide(
  options: SyncteraOptions,
  cardImageId: string,
  decision: Decision,
  key: string,
  signal: AbortSignal,
): Promise<DecideOutcome> {
  const status = decision.verdict === "approve" ? "APPROVED" : "REJECTED";
  const body = toJson(
    decision.verdict === "approve"
      ? { status }
      : { status, rejection_reason: decision.reason, ...(decision.memo !== null && { rejection_memo: decision.memo }) },
  );
  const path = `/cards/images/${encodeURIComponent(cardImageId)}`;
  const answer = await call(options, { method: "PATCH", path, body, idempotencyKey: key }, signal);
  if (answer.kind === "error" && refusals.has(answer.status)) return { kind: "refused", detail: answer.detail };
  if (answer.kind !== "ok") return { kind: "failed", detail: answer.detail };
  const image = readCardImage(answer);
  return image?.id === cardImageId && image.status === status
    ? { kind: "done" }
    : { kind: "failed", detail: "a decision was answered without the details of its card image" };
}

async function getReview(options: SyncteraOptions, cardImageId: string, signal: AbortSignal): Promise<ReviewOutcome> {
  const details = await readDetails(options, cardImageId, signal);
  if (details.kind !== "value") return details;
  const review = toReview(details.value);
  return review === null
    ? { kind: "cannot-tell", detail: "the card image waits for its picture" }
    : { kind: "known", review };
}

async function findImageFault(
  options: SyncteraOptions,
  cardImageId: string,
  { cardholderId, productId }: Pick<SentPicture, "cardholderId" | "productId">,
  signal: AbortSignal,
): Promise<string | undefined> {
  const details = await readDetails(options, cardImageId, signal);
  if (details.kind !== "value") return undefined;
  if (details.value.customer_id !== uuid.safeParse(cardholderId).data) return "it is another customer's";
  return details.value.card_product_id === findCardProduct(options, productId)
    ? undefined
    : "it is for another card product";
}

/** SHA-256 (hex) over everything that decides how a picture of this product is sent. */
function fingerprint(options: SyncteraOptions, productId: string): string {
  const all = [options.url, options.apiKey, findCardProduct(options, productId) ?? null, "jpeg 95 4:4:4"];
  return createHash("sha256").update(JSON.stringify(all)).digest("hex");
}

/** Synctera: an entity and then its picture, as a JPEG; the issuer decides. */
export function createSyncteraProvider(options: SyncteraOptions): Provider {
  return {
    name: "synctera",
    offers: (productId) => findCardProduct(options, productId) !== undefined,
    capabilities: () => ({
      ...noCapabilities,
      search: true,
      decision: "ours",
      rejectionReasons,
      review: true,
      mediaType: "image/jpeg",
      purge: "unsupported",
    }),
    findCardholderFault: (cardholderId) =>
      uuid.safeParse(cardholderId).data === cardholderId
        ? undefined
        : "for this product it is the customer's id at Synctera, a UUID in lower case",
    readCardImageId: (text) => uuid.safeParse(text.trim()).data,
    settingsFingerprint: (productId) => fingerprint(options, productId),
    send: (order, signal) => send(options, order, signal),
    find: (picture, signal) => find(options, picture, signal),
    annotate: async () => ({ kind: "refused", detail: "Synctera keeps no data beside a picture" }),
    decide: (cardImageId, decision, key, signal) => decide(options, cardImageId, decision, key, signal),
    findImageFault: (cardImageId, picture, signal) => findImageFault(options, cardImageId, picture, signal),
    purge: async () => ({ kind: "unsupported", detail: "Synctera cannot delete a picture that it has" }),
    getReview: (cardImageId, signal) => getReview(options, cardImageId, signal),
    getPreview: (picture, request, signal) => getPreview(options, picture, request, signal),
    getTemplate: async () => ({ kind: "unavailable", detail: "Synctera has no card art" }),
    readNotification: (headers, body, now) => readNotification(options, headers, body, now),
  };
}
