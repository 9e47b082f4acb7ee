import * as z from "zod/mini";
import { hostedRequest } from "./session.ts";
import { by, confirm, reason, submissionHistory, submissionState } from "./submission.ts";

/** Body of `POST /v1/submissions/:submissionId/purge` and `POST /v1/cardholders/:cardholderId/purge`. */
export const purgeRequest = z.object({
  reason,
  by,
  confirm: confirm.check(z.describe("Without it nothing is deleted, and the answer says what would be")),
});
export type PurgeRequest = z.infer<typeof purgeRequest>;

const at = (what: string) => z.int().check(z.describe(`Epoch milliseconds at which ${what}`));
const count = (what: string) => z.int().check(z.gte(0), z.describe(what));

/** What is deleted, or would be. */
export const purgeReport = z.object({
  isDone: z.boolean().check(z.describe("Whether it has been asked for now; otherwise the rest says what would go")),
  submissions: z
    .array(
      z.object({
        submissionId: z.string(),
        productId: z.string(),
        state: submissionState,
        cardImageId: z.nullable(z.string()),
        platform: z.string(),
        purge: z
          .nullable(z.enum(["here", "elsewhere", "unsupported"]))
          .check(z.describe("Who deletes the picture at the card platform; null while its settings are missing")),
      }),
    )
    .check(z.describe("At most the newest 200; those that were deleted before are not among them")),
  sessions: count("Sessions that end, with what was to be written beside the picture; 0 for one submission"),
  designs: count("Design documents"),
  drafts: count("Designs that are not finished"),
  photos: count("Photos of those, as their files were opened"),
  warnings: z.array(z.string()).check(z.describe("What cannot be undone, or will not be done, in English")),
});
export type PurgeReport = z.infer<typeof purgeReport>;

/** Answer to `GET /v1/cardholders/:cardholderId/export`: all that this server holds about one cardholder. */
export const cardholderExport = z.object({
  cardholderId: z.string(),
  exportedAt: at("it was put together"),
  sessions: z.array(
    z.object({
      sessionId: z.string(),
      productId: z.string(),
      otherProductIds: z.optional(
        z.array(z.string()).check(z.describe("The products of which the cardholder may have a card instead")),
      ),
      locale: z.string(),
      origins: z.array(z.string()),
      hosted: z.optional(
        z
          .nullable(hostedRequest)
          .check(z.describe("How a page of this server shows it and leads back; null where none does")),
      ),
      dataCapture: z.record(z.string(), z.string()),
      createdAt: at("the session was opened"),
      expiresAt: at("it ends, or 0 for one that was ended by a deletion"),
      revokedAt: z
        .nullable(z.int())
        .check(z.describe("Epoch milliseconds at which the issuer has ended it; null for one that it has not")),
      designs: z.array(z.object({ designSha256: z.string(), createdAt: at("it was stored"), document: z.unknown() })),
    }),
  ),
  drafts: z.array(
    z.object({
      productId: z.string(),
      draftSha256: z.string(),
      changedAt: at("it was last changed"),
      document: z.unknown(),
    }),
  ),
  photos: z
    .array(
      z.object({
        productId: z.string(),
        sha256: z.string(),
        bytes: z.int(),
        mediaType: z.string(),
        storedAt: at("it last came in"),
        path: z.string().check(z.describe("Where it is to be had, with the issuer's key")),
      }),
    )
    .check(z.describe("The drafts' photos")),
  submissions: z.array(
    z.extend(submissionHistory, {
      picture: z
        .nullable(z.object({ sha256: z.string(), bytes: z.int(), mediaType: z.string(), path: z.string() }))
        .check(z.describe("Where it is to be had, with the issuer's key; null once it is deleted")),
    }),
  ),
});
export type CardholderExport = z.infer<typeof cardholderExport>;
