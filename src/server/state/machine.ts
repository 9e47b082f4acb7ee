import type { SubmissionState } from "#contracts/submission.ts";

/**
 * Everything that can move a submission. `accepted` to `unclear` say how one call of SendImage ended, `unclear` also that the
 * server died during it; the reviews come from the platform's notifications.
 */
export type Evidence =
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

// A late answer to the same call may still settle what became of the picture, but it must never lead back to the queue.
const doubtEnds: Moves = { accepted: "accepted", "image-refused": "rejected-image" };

/**
 * Every move there is; any other is refused. SendImage carries no reference of ours, so neither a notification nor a search can
 * settle an `unknown` submission, only a late answer to the same call can. After the quiet window it is `held` for an operator
 * and never sent again.
 */
export const moves: Readonly<Record<SubmissionState, Moves>> = {
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
