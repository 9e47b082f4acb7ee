import * as z from "zod";
import { Problem } from "#contracts/problem.ts";
import type { ReviewNotification } from "../provider.ts";
import { readCardImageId } from "./wire.ts";

/** The vendor spells the same name in several ways (CardImageID, CardImageId, ImageId): names are read without regard to case. */
function lowerNames(body: unknown): unknown {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name.toLowerCase(), value]));
}

/**
 * Of the image checking push notification only the image and the verdict are read. Whatever else it holds is ignored: refusing
 * it would lose a verdict that nobody promises to send twice.
 */
const pushNotification = z.preprocess(
  lowerNames,
  z.object({
    imageid: z.unknown().optional(),
    cardimageid: z.unknown().optional(),
    imagestate: z
      .string()
      .toLowerCase()
      .pipe(z.enum(["pending", "accepted", "rejected"])),
    rejectioncode: z.unknown().optional(),
  }),
);

const maxCodeLength = 32;

/** A code is stored and shown, so only its letters, digits and `._-` are kept; null when it has none. */
function readRejectionCode(given: unknown): string | null {
  if (typeof given !== "string" && typeof given !== "number") return null;
  const code = String(given)
    .replaceAll(/[^A-Za-z0-9._-]/g, "")
    .slice(0, maxCodeLength);
  return code === "" ? null : code;
}

/** Reads the parsed JSON of a push notification. Throws Problem("bad-request") naming the fields that are wrong, not their content. */
export function readPushNotification(body: unknown): ReviewNotification {
  const parsed = pushNotification.safeParse(body);
  if (!parsed.success) throw notUnderstood("ImageState");
  const { imageid, cardimageid, imagestate: state, rejectioncode } = parsed.data;
  const ids = new Set([imageid, cardimageid].map((id) => (typeof id === "string" ? readCardImageId(id) : undefined)));
  ids.delete(undefined);
  const [cardImageId] = ids;
  if (cardImageId === undefined || ids.size > 1) throw notUnderstood("ImageId");
  return {
    cardImageId,
    reference: null,
    state,
    rejectionCode: state === "rejected" ? readRejectionCode(rejectioncode) : null,
    decidedAt: null,
  };
}

function notUnderstood(field: string): Problem {
  return new Problem("bad-request", { detail: `The notification is not understood: ${field}.` });
}
