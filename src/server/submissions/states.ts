import type { SubmissionState } from "#contracts/submission.ts";

/**
 * Everything that can move a submission. `accepted` to `unclear` come from one answer to one SendImage
 * (or from our own death inside it); the reviews come from the platform's notifications.
 */
export type Evidence =
  | "bytes-synced"
  | "taken-up"
  | "attempt-committed"
  | "accepted"
  | "image-refused"
  | "misconfigured"
  | "not-sent"
  | "undeliverable"
  | "unclear"
  | "quiet-window-over"
  | "cool-down-over"
  | "review-pending"
  | "review-accepted"
  | "review-rejected";

type Moves = Readonly<Partial<Record<Evidence, SubmissionState>>>;

// A late answer to the same attempt is still evidence, but only one that ends the doubt: it must never lead back to the queue.
const doubtEnds: Moves = { accepted: "accepted", "image-refused": "rejected-image" };

/**
 * The whole machine. What is not in the table is refused. SendImage carries no reference of ours, so no notification
 * and no search can settle an `unknown` one, only a late answer to the same call: after the quiet window it is `held` for
 * an operator, never sent again.
 */
export const moves: Readonly<Record<SubmissionState, Moves>> = {
  receiving: { "bytes-synced": "stored" },
  stored: { "taken-up": "queued" },
  queued: { "attempt-committed": "sending" },
  sending: {
    accepted: "accepted",
    "image-refused": "rejected-image",
    misconfigured: "blocked-config",
    "not-sent": "queued",
    undeliverable: "held",
    unclear: "unknown",
  },
  unknown: { ...doubtEnds, "quiet-window-over": "held" },
  held: doubtEnds,
  "blocked-config": { "cool-down-over": "queued" },
  accepted: { "review-pending": "in-review", "review-accepted": "approved", "review-rejected": "rejected" },
  "in-review": { "review-accepted": "approved", "review-rejected": "rejected" },
  approved: { "review-rejected": "rejected" },
  rejected: {},
  "rejected-image": {},
};

/** The state after this evidence, or "refused" when the evidence says nothing new or comes too late. */
export function next(state: SubmissionState, evidence: Evidence): SubmissionState | "refused" {
  return moves[state][evidence] ?? "refused";
}
