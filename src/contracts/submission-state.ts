/**
 * Where a submission stands. Wire order is the usual order of life:
 * `unknown`: nobody knows yet whether the platform has the picture, and it is never resent blindly;
 * `held`: that could not be found out, or the picture's file is lost (the record's `note` says which): a person decides;
 * `accepted-no-id`: the platform has the picture, and its id is not known yet;
 * `rejected-image`, `rejected`, `approved` and `abandoned` (a person has given it up) are ends;
 * `purging`: deleted here, and whether the platform still has it is not known, or it does; `purged`: nobody has it any more.
 */
export const submissionStates = [
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
  "purging",
  "purged",
] as const;
export type SubmissionState = (typeof submissionStates)[number];

/** Ends after which the cardholder may send another design in the same session. */
export const statesThatAllowAnother: ReadonlySet<SubmissionState> = new Set([
  "rejected",
  "rejected-image",
  "abandoned",
  "purging",
  "purged",
]);
/** States in which the server has deleted the draft that it was made of. */
export const draftEnds: ReadonlySet<SubmissionState> = new Set(["approved", "purging", "purged"]);
/** Ends after which nothing more is expected to happen. */
export const finalStates: ReadonlySet<SubmissionState> = new Set(["approved", ...statesThatAllowAnother]);
