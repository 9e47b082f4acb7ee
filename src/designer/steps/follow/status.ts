import type { SubmissionState, SubmissionView } from "#contracts/submission.ts";
import type { MessageId } from "../../locales/en.ts";

/** How the cardholder is told about a state: in the large, and step by step. */
export type StatusKind =
  | "stored"
  | "waiting"
  | "checking"
  | "approved"
  | "unknown"
  | "held"
  | "rejected"
  | "abandoned"
  | "deleted";

const kinds: Readonly<Record<SubmissionState, StatusKind>> = {
  stored: "stored",
  queued: "stored",
  sending: "waiting",
  unknown: "unknown",
  held: "held",
  "accepted-no-id": "checking",
  accepted: "checking",
  "in-review": "checking",
  approved: "approved",
  rejected: "rejected",
  "rejected-image": "rejected",
  abandoned: "abandoned",
  purging: "deleted",
  purged: "deleted",
};

export function statusKind(state: SubmissionState): StatusKind {
  return kinds[state];
}

export interface TimelineEntry {
  readonly title: MessageId;
  readonly help: MessageId | null;
  readonly state: "done" | "now" | "later" | "stopped";
}

const received: TimelineEntry = { title: "follow.received", help: "follow.received-help", state: "done" };
const sentDone: TimelineEntry = { title: "follow.sent", help: null, state: "done" };
const checkedLater: TimelineEntry = { title: "follow.checked", help: null, state: "later" };
const approvedLater: TimelineEntry = { title: "follow.approved", help: null, state: "later" };

const sentLater = [{ ...sentDone, state: "later" }, checkedLater, approvedLater] as const;

function sent(state: TimelineEntry["state"], help: MessageId): TimelineEntry {
  return { title: "follow.sent", help, state };
}

function checked(state: TimelineEntry["state"], help: MessageId | null): TimelineEntry {
  return { title: "follow.checked", help, state };
}

/** Received, sent to the card maker, being checked, approved: how far the submission is. */
export function timelineOf(state: SubmissionState): readonly TimelineEntry[] {
  switch (state) {
    case "stored":
    case "queued":
      return [received, sent("now", "follow.sent-next"), checkedLater, approvedLater];
    case "sending":
      return [received, sent("now", "follow.sent-now"), checkedLater, approvedLater];
    case "unknown":
      return [received, sent("now", "follow.sent-unknown"), checkedLater, approvedLater];
    case "held":
      // Its picture may be what is lost.
      return [{ ...received, help: null }, sent("now", "follow.sent-held"), checkedLater, approvedLater];
    case "abandoned":
      return [received, sent("stopped", "follow.sent-abandoned"), checkedLater, approvedLater];
    case "purging":
    case "purged":
      return [{ ...received, help: "follow.received-deleted", state: "stopped" }, ...sentLater];
    case "rejected-image":
      return [received, sent("stopped", "follow.sent-refused"), checkedLater, approvedLater];
    case "accepted-no-id":
    case "accepted":
    case "in-review":
      return [received, sentDone, checked("now", "follow.checked-now"), approvedLater];
    case "rejected":
      return [received, sentDone, checked("stopped", "follow.checked-refused"), approvedLater];
    case "approved":
      return [received, sentDone, checked("done", null), { ...approvedLater, state: "done" }];
  }
}

const reasons: Readonly<Record<string, MessageId>> = {
  BRANDED: "rejection.BRANDED",
  COPYRIGHT: "rejection.COPYRIGHT",
  INAPPROPRIATE: "rejection.INAPPROPRIATE",
  OTHER: "rejection.other",
  PROMOTIONAL: "rejection.PROMOTIONAL",
  TRADEMARK: "rejection.TRADEMARK",
};

/** Why a submission was rejected, in words; null when it was not. */
export function rejectionReason({ state, rejectionCode }: SubmissionView): MessageId | null {
  if (state === "rejected-image") return "rejection.image";
  if (state !== "rejected") return null;
  const known = rejectionCode !== null && Object.hasOwn(reasons, rejectionCode) ? reasons[rejectionCode] : undefined;
  return known ?? "rejection.other";
}
