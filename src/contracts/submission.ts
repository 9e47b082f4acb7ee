import * as z from "zod/mini";

/**
 * Where a submission stands. Wire order is the usual order of life:
 * `unknown`: nobody knows yet whether the platform has the picture, and it is never resent blindly;
 * `held`: that could not be found out, or the picture's file is lost (the record's `note` says which): a person decides;
 * `accepted-no-id`: the platform has the picture, and its id is not known yet;
 * `rejected-image`, `rejected`, `approved` and `abandoned` (a person has given it up) are ends.
 */
export const submissionState = z.enum([
  "stored",
  "queued",
  "sending",
  "unknown",
  "held",
  "accepted-no-id",
  "accepted",
  "in-review",
  "approved",
  "rejected",
  "rejected-image",
  "abandoned",
]);
export type SubmissionState = z.infer<typeof submissionState>;

/** Ends after which the cardholder may send another design in the same session. */
export const statesThatAllowAnother: ReadonlySet<SubmissionState> = new Set([
  "rejected",
  "rejected-image",
  "abandoned",
]);
/** Ends after which nothing more is expected to happen. */
export const finalStates: ReadonlySet<SubmissionState> = new Set(["approved", ...statesThatAllowAnother]);

export const sha256Hex = z.string().check(z.regex(/^[0-9a-f]{64}$/));

/** What the cardholder's browser may know of a submission. No platform id, no key. */
export const submissionView = z.object({
  submissionId: z.string(),
  state: submissionState,
  /** Grows by one with each change of state; the id of the matching event in the stream. */
  sequence: z.int().check(z.gte(0)),
  /** The platform's rejection code, for `rejected`. */
  rejectionCode: z.nullable(z.string()),
  /** True once the platform is known to have the picture, so that its preview can be asked for. */
  hasPreview: z.boolean(),
  pictureSha256: sha256Hex,
  updatedAt: z
    .int()
    .check(z.describe("Epoch milliseconds at which the submission came to this `state`, that is to this `sequence`")),
});
export type SubmissionView = z.infer<typeof submissionView>;

/** Issuer's view, over the secret key only: adds what the card management system needs. */
export const submissionRecord = z.extend(submissionView, {
  sessionId: z.string(),
  cardholderId: z.string(),
  productId: z.string(),
  cardImageId: z.nullable(z.string()),
  /** The platform's internal identifier, where it gives one (Thales: `ClientID`). */
  clientId: z.nullable(z.string()),
  /** Ours, under which the picture can be found on the platform where it is sent along. */
  reference: z.string(),
  /** Why it is where it is, in English, for an operator; no secret. Null when all is well. */
  note: z.nullable(z.string()),
});
export type SubmissionRecord = z.infer<typeof submissionRecord>;

/** Answer to `GET /v1/submissions?state=&after=&limit=`: oldest first; `next` is the `after` of the next page. */
export const submissionPage = z.object({ submissions: z.array(submissionRecord), next: z.nullable(z.string()) });
export type SubmissionPage = z.infer<typeof submissionPage>;

/** Answer to `PUT /v1/sessions/:sessionId/design`. */
export const designStored = z.object({ designSha256: sha256Hex });
export type DesignStored = z.infer<typeof designStored>;
