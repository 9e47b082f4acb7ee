import { createHmac, timingSafeEqual } from "node:crypto";
import * as z from "zod";
import { toOneLine } from "#contracts/one-line.ts";
import { Problem } from "#contracts/problem.ts";
import type { Review, ReviewNotification } from "../provider.ts";
import { parseJson } from "./call.ts";
import type { SyncteraOptions } from "./settings.ts";
import { type CardImage, cardImage } from "./wire.ts";

const eventType = "CARD.IMAGE.UPDATED";
/** The resource comes as an object, or as the text of one. */
const webhook = z.object({ type: z.string(), event_resource: z.unknown() });

const maxCodeLength = 32;
const maxMemoLength = 500;

/** Stored and shown, so of the platform's text only what can be. */
function readReason(given: string | null | undefined): string {
  const code = (given ?? "").replaceAll(/[^A-Za-z0-9._-]/g, "").slice(0, maxCodeLength);
  return code === "" ? "OTHER" : code;
}

function readMemo(given: string | null | undefined): string | null {
  const memo = toOneLine(given ?? "")
    .replaceAll(/\s+/g, " ")
    .trim();
  return memo === "" ? null : Array.from(memo).slice(0, maxMemoLength).join("");
}

const states = { UNREVIEWED: "pending", APPROVED: "accepted", REJECTED: "rejected" } as const;

/** Null for one that has no picture yet. Synctera tells no times: a rejection outweighs an approval, and is never taken back. */
export function toReview(image: CardImage): Review | null {
  if (image.status === "NOT_UPLOADED") return null;
  const isRejected = image.status === "REJECTED";
  return {
    state: states[image.status],
    rejectionCode: isRejected ? readReason(image.rejection_reason) : null,
    rejectionMemo: isRejected ? readMemo(image.rejection_memo) : null,
    decidedAt: null,
  };
}

type Headers = Readonly<Record<string, string | undefined>>;

/** Hexadecimal HMAC-SHA256 over time, separator and the very bytes; while a secret is changed there are two, and either does. */
function isSigned(options: SyncteraOptions, headers: Headers, body: Uint8Array, now: number): boolean {
  const time = headers[options.timestampHeader] ?? "";
  if (!/^\d{1,12}$/.test(time)) return false;
  if (Math.abs(Number(time) * 1000 - now) > options.webhookToleranceSeconds * 1000) return false;
  const given =
    (headers[options.signatureHeader] ?? "")
      .slice(0, 1000)
      .toLowerCase()
      .match(/[0-9a-f]+/g) ?? [];
  const expected = options.webhookSecrets.map((secret) =>
    createHmac("sha256", secret)
      .update(time + options.signedSeparator)
      .update(body)
      .digest(),
  );
  const candidates = given.filter((hex) => hex.length === 64).map((hex) => Buffer.from(hex, "hex"));
  return candidates.flatMap((one) => expected.map((other) => timingSafeEqual(one, other))).includes(true);
}

/** Throws Problem: not-authenticated, bad-request. Events of other kinds, and of images without a picture, are null. */
export function readNotification(
  options: SyncteraOptions,
  headers: Headers,
  body: Uint8Array,
  now: number,
): ReviewNotification | null {
  if (!isSigned(options, headers, body, now)) throw new Problem("not-authenticated");
  const event = webhook.safeParse(parseJson(body));
  if (!event.success) throw new Problem("bad-request", { detail: "The notification is not understood: type." });
  if (event.data.type !== eventType) return null;
  const { event_resource: given } = event.data;
  const image = cardImage.safeParse(typeof given === "string" ? parseJson(Buffer.from(given)) : given);
  if (!image.success)
    throw new Problem("bad-request", { detail: "The notification is not understood: event_resource." });
  const review = toReview(image.data);
  return review && { ...review, cardImageId: image.data.id, reference: null };
}
