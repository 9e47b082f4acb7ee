import * as z from "zod";
import { Problem } from "#contracts/problem.ts";
import type { ReviewNotification } from "../provider.ts";
import { readCardImageId } from "./guid.ts";

/** The vendor spells the same name in several ways (CardImageID, CardImageId, ImageId): names are read without regard to case. */
function lowerNames(body: unknown): unknown {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name.toLowerCase(), value]));
}

/**
 * Of the image checking push notification only the image, our reference and the verdict are read. Whatever else it holds is
 * ignored: refusing it would lose a verdict that nobody promises to send twice.
 */
const pushNotification = z.preprocess(
  lowerNames,
  z.object({
    imageid: z.unknown().optional(),
    cardimageid: z.unknown().optional(),
    imagestate: z
      .string()
      .trim()
      .toLowerCase()
      .pipe(z.enum(["pending", "accepted", "rejected"])),
    rejectioncode: z.unknown().optional(),
    imagecheckingtimestamp: z.unknown().optional(),
    datacapture: z.unknown().optional(),
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

/** Captured data as an object, as the text that was sent, or as the list that .NET makes of a dictionary. */
function capturedPairs(given: unknown): (readonly [name: string, value: unknown])[] {
  if (typeof given === "string") return [...new URLSearchParams(given)];
  if (!Array.isArray(given)) return Object.entries(given ?? {});
  return given.map((entry: unknown) => {
    const { key, name = key, value } = (lowerNames(entry) ?? {}) as Record<string, unknown>;
    return [typeof name === "string" ? name : "", value];
  });
}

/** Our own reference; null unless there is exactly one. */
function readReference(given: unknown, fields: readonly string[]): string | null {
  const names = new Set(fields.map((field) => field.toLowerCase()));
  const references = new Set(
    capturedPairs(given)
      .filter(([name]) => names.has(name.toLowerCase()))
      .map(([, value]) => value)
      .filter((value) => typeof value === "string" && /^[A-Z0-9]{20}$/.test(value)),
  );
  const [reference] = references;
  return references.size === 1 && typeof reference === "string" ? reference : null;
}

/** .NET writes the years 1 and 9999 for "never". */
const [leastYear, mostYear] = [2000, 2100];

/** `yyyyMMddHHmmss` as epoch milliseconds; null for anything else. That it is UTC is a guess: the vendor names no zone. */
function readTimeStamp(given: unknown): number | null {
  const text = typeof given === "number" ? String(given) : given;
  const parts = typeof text === "string" ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text.trim()) : null;
  if (parts === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number);
  const at = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const isReal = at.toISOString().replaceAll(/\D/g, "").startsWith(parts[0].trim());
  return isReal && year >= leastYear && year <= mostYear ? at.getTime() : null;
}

/**
 * Reads the parsed JSON of a push notification; `referenceFields` are the data-capture fields that may hold our reference.
 * Throws Problem("bad-request") naming the fields that are wrong, not their content.
 */
export function readPushNotification(body: unknown, referenceFields: readonly string[]): ReviewNotification {
  const parsed = pushNotification.safeParse(body);
  if (!parsed.success) throw notUnderstood("ImageState");
  const { imageid, cardimageid, imagestate: state, rejectioncode, ...rest } = parsed.data;
  const ids = new Set([imageid, cardimageid].map((id) => (typeof id === "string" ? readCardImageId(id) : undefined)));
  ids.delete(undefined);
  const [cardImageId] = ids;
  if (cardImageId === undefined || ids.size > 1) throw notUnderstood("ImageId");
  return {
    cardImageId,
    reference: readReference(rest.datacapture, referenceFields),
    state,
    rejectionCode: state === "rejected" ? readRejectionCode(rejectioncode) : null,
    rejectionMemo: null,
    decidedAt: state === "pending" ? null : readTimeStamp(rest.imagecheckingtimestamp),
  };
}

/** The notification's JSON. Throws Problem("bad-request"). */
export function parseBody(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw notUnderstood("no JSON");
  }
}

function notUnderstood(field: string): Problem {
  return new Problem("bad-request", { detail: `The notification is not understood: ${field}.` });
}
