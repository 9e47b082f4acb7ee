import { createHash, timingSafeEqual } from "node:crypto";
import * as z from "zod";
import { Problem } from "#contracts/problem.ts";
import type { ReviewNotification } from "../provider.ts";
import { readCardImageId } from "./wire.ts";

const cardImageId = z.string().transform((text, context) => {
  const id = readCardImageId(text);
  if (id === undefined) context.addIssue({ code: "custom", message: "not a card image id" });
  return id ?? z.NEVER;
});
/** `yyyyMMddHHmmss`, or nothing while there is no such moment yet. */
const timestamp = z.nullish(z.string().regex(/^(\d{14})?$/));

/** The vendor spells the same name in several ways (CardImageID, CardImageId, ImageId): names are read without regard to case. */
function lowerNames(body: unknown): unknown {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Body of the image checking push notification. Fields that we do not know are let pass. */
const pushNotification = z.preprocess(
  lowerNames,
  z
    .object({
      imageid: cardImageId.optional(),
      cardimageid: cardImageId.optional(),
      orientation: z.enum(["Horizontal", "Vertical"]).nullish(),
      imagetype: z.enum(["Gallery", "Custom"]).nullish(),
      imagestate: z.enum(["Pending", "Accepted", "Rejected"]),
      rejectioncode: z.nullish(z.string().regex(/^[A-Za-z0-9]{0,16}$/)),
      submissiontimestamp: timestamp,
      imagecheckingtimestamp: timestamp,
      datacapture: z.nullish(z.record(z.string(), z.unknown())),
    })
    .refine(({ imageid, cardimageid }) => (imageid ?? cardimageid) !== undefined, "no image id")
    .refine(
      ({ imageid, cardimageid }) => imageid === undefined || cardimageid === undefined || imageid === cardimageid,
      "two image ids",
    ),
);

const states = { Pending: "pending", Accepted: "accepted", Rejected: "rejected" } as const;

function sha256(text: string): Buffer {
  return createHash("sha256").update(text, "utf8").digest();
}

/** Compares without telling by its duration how much was right. */
export function isSameSecret(given: string | undefined, expected: string): boolean {
  return given !== undefined && expected !== "" && timingSafeEqual(sha256(given), sha256(expected));
}

/** Reads the parsed JSON of a push notification. Throws Problem("bad-request") naming the fields that are wrong, not their content. */
export function readPushNotification(body: unknown): ReviewNotification {
  const parsed = pushNotification.safeParse(body);
  if (!parsed.success) {
    const fields = [...new Set(parsed.error.issues.map(({ path, message }) => path.join(".") || message))].slice(0, 5);
    throw new Problem("bad-request", { detail: `The notification is not understood: ${fields.join(", ")}` });
  }
  const { imageid, cardimageid, imagestate, rejectioncode } = parsed.data;
  const state = states[imagestate];
  return {
    cardImageId: (imageid ?? cardimageid) as string,
    state,
    rejectionCode: state === "rejected" ? (rejectioncode ?? null) || null : null,
  };
}
