import * as z from "zod/mini";
import type { Agreement } from "./agreement.ts";
import { toOneLine } from "./one-line.ts";
import { submissionStates } from "./submission-state.ts";
import { textHints } from "./text-hint.ts";

// Apart from the schemas, for the browser, which has none of them.
export { finalStates, type SubmissionState, statesThatAllowAnother } from "./submission-state.ts";

export const submissionState = z.enum(submissionStates);

export const sha256Hex = z.string().check(z.regex(/^[0-9a-f]{64}$/));

/** What the cardholder's browser may know of a submission. No platform id, no key. */
export const submissionView = z.object({
  submissionId: z.string(),
  state: submissionState,
  /** Grows by one with each change of state; the id of the matching event in the stream. */
  sequence: z.int().check(z.gte(0)),
  /** The platform's rejection code, for `rejected`. */
  rejectionCode: z.nullable(z.string()),
  /** What the reviewer wrote for the cardholder, for `rejected`; left out where there is nothing. */
  rejectionMemo: z.optional(z.string()),
  /** True once the platform is known to have the picture, so that its preview can be asked for. */
  hasPreview: z.boolean(),
  pictureSha256: sha256Hex,
  updatedAt: z
    .int()
    .check(z.describe("Epoch milliseconds at which the submission came to this `state`, that is to this `sequence`")),
});
export type SubmissionView = z.infer<typeof submissionView>;

/** The cardholder's agreement to the issuer's picture rules. */
export const agreement = z.object({
  rulesVersion: z
    .string()
    .check(z.describe("Which rules; empty if nothing could be seen of the name that an early designer gave them")),
  agreedAt: z.int().check(z.describe("Epoch milliseconds, by the clock of the cardholder's browser, of the agreement")),
}) satisfies z.ZodMiniType<Agreement>;

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
  /** Null for one from before it was kept where its design document does not say. Servers of before answer without it. */
  agreement: z._default(z.nullable(agreement), null),
  /**
   * For `purging` and `purged`, what the card platform has to do with it: `waiting` for it; `refused` until an operator corrects
   * something; `elsewhere`: the issuer deletes it there; `unsupported`: it cannot be deleted there; `unproven`: it has taken the order,
   * and its preview, which shows no picture at all, proves nothing; `gone`. Null before.
   */
  purgeState: z._default(
    z.nullable(z.enum(["waiting", "refused", "elsewhere", "unsupported", "unproven", "gone"])),
    null,
  ),
  /** Why it is where it is, in English, for an operator; no secret. Null when all is well. */
  note: z.nullable(z.string()),
  texts: z.optional(
    z
      .array(
        z.object({
          text: z.string(),
          hints: z
            .array(z.enum(textHints))
            .check(
              z.describe(
                "What a reviewer may refuse in it, found by rules: it may be harmless, and others may not be found",
              ),
            ),
        }),
      )
      .check(
        z.describe(
          "What is written on the card, as text, bottom to top. Only where this one submission is read; empty once its design is deleted",
        ),
      ),
  ),
});
export type SubmissionRecord = z.infer<typeof submissionRecord>;

/** Answer to `GET /v1/submissions?state=&after=&limit=`: oldest first; `next` is the `after` of the next page. */
export const submissionPage = z.object({ submissions: z.array(submissionRecord), next: z.nullable(z.string()) });
export type SubmissionPage = z.infer<typeof submissionPage>;

/** For the history. */
const oneLine = z.overwrite<string>((text) => toOneLine(text).trim());

export const reason = z
  .string()
  .check(
    oneLine,
    z.minLength(1),
    z.maxLength(500),
    z.describe("Why, for the history: no secret and nothing about the cardholder"),
  );
export const by = z.optional(
  z.string().check(oneLine, z.minLength(1), z.maxLength(100), z.describe("Who has decided, for the history")),
);
export const confirm = z._default(z.boolean(), false);

/** Body of `POST /v1/submissions/:submissionId/resolution`: what a person decides where nothing else can tell. */
export const resolution = z.discriminatedUnion("action", [
  z.object({
    action: z.literal("bind"),
    cardImageId: z
      .string()
      .check(z.minLength(1), z.maxLength(100), z.describe("Under which the platform has the picture")),
    reason,
    by,
    confirm: confirm.check(z.describe("Needed when the platform does not show a picture under that id")),
  }),
  z.object({
    action: z.literal("resend"),
    reason,
    by,
    confirm: confirm.check(z.describe("Needed: if the platform has the picture after all, it then has it twice")),
  }),
  z.object({ action: z.literal("abandon"), reason, by }),
]);
export type Resolution = z.infer<typeof resolution>;

/** Body of `POST /v1/submissions/:submissionId/decision`: the issuer's verdict, where the card platform leaves it to the issuer. */
export const decisionRequest = z.discriminatedUnion("verdict", [
  z.object({ verdict: z.literal("approve"), by }),
  z.object({
    verdict: z.literal("reject"),
    reason: z.string().check(z.minLength(1), z.maxLength(32), z.describe("One of the card platform's reasons")),
    memo: z.optional(
      z
        .string()
        .check(
          oneLine,
          z.minLength(1),
          z.maxLength(500),
          z.describe("What else the cardholder is to read; plain text"),
        ),
    ),
    by,
  }),
]);
export type DecisionRequest = z.infer<typeof decisionRequest>;

const at = (what: string) => z.int().check(z.describe(`Epoch milliseconds at which ${what}`));
const text = z.nullable(z.string());

/** Answer to `GET /v1/submissions/:submissionId/history`: all that is known, each list at most its newest 200. */
export const submissionHistory = z.object({
  submission: submissionRecord,
  /** Servers of before answer without it. */
  platform: z.optional(
    z
      .object({
        name: z.string(),
        decision: z
          .nullable(z.enum(["theirs", "ours"]))
          .check(z.describe("Who decides: its own reviewers, or the issuer; null while its settings are missing")),
        rejectionReasons: z.array(z.string()),
        purge: z
          .nullable(z.enum(["here", "elsewhere", "unsupported"]))
          .check(
            z.describe(
              "Deleting a picture there: by this server; by the issuer, at the platform itself; or not at all",
            ),
          ),
      })
      .check(z.describe("What the card platform can do with it")),
  ),
  events: z.array(
    z.object({
      seq: z.int().check(z.describe("Grows with every event of the issuer")),
      sequence: z.int(),
      from: z.nullable(submissionState),
      to: submissionState,
      cause: z.string(),
      actor: z.enum(["system", "provider", "issuer", "operator"]),
      attempt: z.nullable(z.int()),
      detail: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
      at: at("the submission came to its new state"),
    }),
  ),
  attempts: z.array(
    z.object({
      number: z.int(),
      startedAt: at("the attempt was written down, before its first byte went out"),
      endedAt: z
        .nullable(z.int())
        .check(z.describe("Epoch milliseconds at which its outcome was written down; null while it is under way")),
      outcome: text.check(z.describe("Null while it is under way")),
      detail: text,
      /** Servers of before answer without it. */
      sentSha256: z
        ._default(z.nullable(sha256Hex), null)
        .check(
          z.describe("Of the bytes that it sends, in the platform's own format; null if it never came to have them"),
        ),
      carriedReference: z.boolean().check(z.describe("Whether the platform's search could find it")),
    }),
  ),
  jobs: z.array(
    z.object({
      kind: z.enum(["send", "resolve", "annotate", "decide", "poll", "purge"]),
      runAt: at("it is to be done, at the earliest"),
      tries: z.int(),
      isRunning: z.boolean(),
      lastError: text,
    }),
  ),
  /** How far a platform that takes a picture in several steps has come with it; null where it takes one. */
  checkpoint: z._default(
    z.nullable(
      z.object({
        cardImageId: z.nullable(z.string()),
        sentSha256: sha256Hex.check(z.describe("Of the bytes that the newest attempt sends; each attempt has its own")),
      }),
    ),
    null,
  ),
  orphans: z
    .array(z.object({ cardImageId: z.string(), reason: z.string(), foundAt: at("it was heard of") }))
    .check(z.describe("Pictures that the platform has of this submission beside the one that counts")),
  /** Servers of before answer without it. */
  purgedImages: z
    ._default(
      z.array(
        z.object({
          cardImageId: z.string(),
          takenAt: z.nullable(z.int()).check(z.describe("Epoch milliseconds at which the platform took the order")),
          shownAt: z
            ._default(z.nullable(z.int()), null)
            .check(z.describe("Epoch milliseconds at which its preview showed it last")),
          goneAt: z.nullable(z.int()).check(z.describe("Epoch milliseconds at which its preview was found to be gone")),
        }),
      ),
      [],
    )
    .check(z.describe("Pictures of this submission that the platform has been told to delete")),
});
export type SubmissionHistory = z.infer<typeof submissionHistory>;

/** Answer to `PUT /v1/sessions/:sessionId/design`. */
export const designStored = z.object({ designSha256: sha256Hex });
export type DesignStored = z.infer<typeof designStored>;
