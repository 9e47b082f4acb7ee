import type { SubmissionState } from "#contracts/submission.ts";
import type { Review } from "#providers/provider.ts";

/** Everything that can move a submission. */
export type Cause =
  | "taken-up"
  /** Its attempt row is committed, before a single byte goes out. */
  | "attempt-begun"
  // How one call of the platform ended.
  | "accepted"
  | "image-refused"
  | "misconfigured"
  | "not-sent"
  // It could not even be begun: the picture's file is gone or damaged, or cannot be read now.
  | "undeliverable"
  /** Anything else after the last byte, our own death included. */
  | "unclear"
  // What ends a doubt.
  /** A notification brought our reference together with the platform's id. */
  | "notified"
  /** The platform's search finds our reference. */
  | "found"
  /** The platform has it, and says under which id. */
  | "identified"
  /** The platform's search would have found it, and does not. */
  | "absent"
  /** Nothing could tell in time. */
  | "undecided"
  /** A notification says that the id which an answer gave belongs to another of our pictures. */
  | "disowned"
  // The platform's word on a picture that it has.
  | "review-pending"
  | "review-accepted"
  | "review-rejected"
  // A person's decision.
  | "bound"
  | "resent"
  | "abandoned"
  // Deleting, which may be asked for at any time.
  | "purge-asked"
  /** Nobody has it any more. */
  | "purged";

/** Of what is deleted nothing is left but the tombstone. */
export const deletedStates = ["purging", "purged"] as const satisfies readonly SubmissionState[];

export function isDeleted({ state }: { readonly state: SubmissionState }): boolean {
  return state === "purging" || state === "purged";
}

type Transitions = Readonly<Partial<Record<Cause, SubmissionState>>>;

const mayBePurged: Transitions = { "purge-asked": "purging" };
/** What an id that turns out to be another picture's has brought about is undone. */
const idLost: Transitions = { disowned: "unknown" };
/** The platform's id has come, from wherever. */
const idKnown: Transitions = { accepted: "accepted", notified: "accepted" };
const doubtEnds: Transitions = {
  ...mayBePurged,
  ...idKnown,
  "image-refused": "rejected-image",
  found: "accepted-no-id",
  identified: "accepted",
  absent: "queued",
  bound: "accepted",
  abandoned: "abandoned",
};

/**
 * Every transition there is; any other is refused. Only `queued` leads to a send, and back to `queued` leads only what proves
 * that the platform has nothing (`misconfigured`, `not-sent`, `absent`) or a person who takes the risk (`resent`).
 * In the queue, too, an id may come: from an earlier attempt that was thought lost. What is being deleted takes none any more but from
 * a person: an id that turns up is deleted as well.
 */
export const transitions: Readonly<Record<SubmissionState, Transitions>> = {
  stored: { ...mayBePurged, "taken-up": "queued" },
  queued: { ...mayBePurged, ...idKnown, "attempt-begun": "sending", abandoned: "abandoned" },
  sending: {
    ...mayBePurged,
    ...idKnown,
    "image-refused": "rejected-image",
    misconfigured: "queued",
    "not-sent": "queued",
    undeliverable: "held",
    unclear: "unknown",
  },
  unknown: { ...doubtEnds, undecided: "held" },
  held: { ...doubtEnds, resent: "queued" },
  "accepted-no-id": { ...mayBePurged, ...idKnown, bound: "accepted", abandoned: "abandoned" },
  accepted: {
    ...mayBePurged,
    ...idLost,
    "review-pending": "in-review",
    "review-accepted": "approved",
    "review-rejected": "rejected",
  },
  "in-review": { ...mayBePurged, ...idLost, "review-accepted": "approved", "review-rejected": "rejected" },
  approved: { ...mayBePurged, ...idLost, "review-rejected": "rejected" },
  rejected: { ...mayBePurged, ...idLost, "review-accepted": "approved", "review-rejected": "rejected" },
  "rejected-image": mayBePurged,
  abandoned: mayBePurged,
  purging: { bound: "purging", abandoned: "purged", purged: "purged" },
  purged: {},
};

/** The state after this cause, or "refused" when it says nothing new or comes too late. */
export function next(state: SubmissionState, cause: Cause): SubmissionState | "refused" {
  return transitions[state][cause] ?? "refused";
}

/** The platform's word on a picture, in order of weight where nobody says which came last. */
const weights = { pending: 0, accepted: 1, rejected: 2 } as const satisfies Record<Review["state"], number>;

/** All of it that decides which of two outweighs the other. */
export type Word = Pick<Review, "state" | "decidedAt">;

/**
 * Whether a word of the platform outweighs the one that is known. Notifications come repeated, late and out of order, and a
 * verdict may be changed: of two the later holds, and where their times do not tell, a rejection.
 */
export function outweighs(word: Word, known: Word): boolean {
  if (word.state === "pending" || known.state === "pending") return weights[word.state] > weights[known.state];
  if (word.decidedAt !== null && known.decidedAt !== null && word.decidedAt !== known.decidedAt)
    return word.decidedAt > known.decidedAt;
  return weights[word.state] > weights[known.state];
}
