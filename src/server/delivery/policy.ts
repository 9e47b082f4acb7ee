import type { SubmissionTable } from "../store/schema.ts";

/** How patient delivery is. All times in milliseconds. */
export interface DeliveryPolicy {
  /** Pictures of one issuer on their way to its platforms at the same time. */
  readonly concurrency: number;
  /** Longest sleep without a look at the database. */
  readonly pollMs: number;
  /** A server that has not renewed its lease for so long is taken for dead, and its work is taken over. */
  readonly leaseMs: number;
  /** For how long a picture that may have arrived must be absent from the platform's search before that proves anything. */
  readonly quietWindowMs: number;
  /** Doubtful attempts at one picture, after which only a person lets it be sent again. */
  readonly maxDoubts: number;
  /** Tries to write down what the platform answered, `pollMs` apart, while the database refuses; the default is 83 minutes. */
  readonly maxWrites: number;
  readonly firstBackOffMs: number;
  /** Longest pause between retries of what provably was not sent. There is no limit to them: they are safe. */
  readonly longestBackOffMs: number;
  /** Failures in a row after which a product's pictures wait. */
  readonly maxFailures: number;
  /** First pause of a product after failures that leave a doubt or point to the settings; doubles to the longest. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** How long the platform's verdict is waited for before it is asked for; doubles to the longest, and ends with the last. */
  readonly firstAskMs: number;
  readonly longestAskMs: number;
  readonly lastAskMs: number;
  /** Since its approval, when an approved picture is looked at once more, in order. */
  readonly askApprovedMs: readonly number[];
  /** However many of an issuer are due, from one such question to the next. */
  readonly askPaceMs: number;
  /** Beyond the send timeout: how long an adapter may take to end once it has been told to. */
  readonly graceMs: number;
  /** 0 <= random() < 1. */
  readonly random: () => number;
}

const dayMs = 24 * 60 * 60_000;

export const defaultPolicy: DeliveryPolicy = {
  concurrency: 2,
  pollMs: 5_000,
  leaseMs: 15_000,
  quietWindowMs: 15 * 60_000,
  maxDoubts: 3,
  maxWrites: 1_000,
  firstBackOffMs: 2_000,
  longestBackOffMs: 15 * 60_000,
  maxFailures: 3,
  firstPauseMs: 60_000,
  longestPauseMs: 15 * 60_000,
  firstAskMs: 15 * 60_000,
  longestAskMs: 6 * 60 * 60_000,
  lastAskMs: 60 * dayMs,
  askApprovedMs: [dayMs, 2 * dayMs, 4 * dayMs, 8 * dayMs, 16 * dayMs],
  askPaceMs: 1_000,
  graceMs: 5_000,
  random: Math.random,
};

/** Wait before the try after `attempts` failed ones: doubling from `firstBackOffMs` to `longestBackOffMs`, less up to half of it. */
export function backOffMs(attempts: number, policy: DeliveryPolicy): number {
  const full = Math.min(policy.longestBackOffMs, policy.firstBackOffMs * 2 ** Math.min(attempts - 1, 30));
  return Math.round(full * (1 - policy.random() / 2));
}

/** Whether this try that did not reach the platform is one for the operator's attention: the tenth, then every fiftieth. */
export function isWorthAlarm(attempts: number): boolean {
  return attempts === 10 || attempts % 50 === 0;
}

/** How soon after a doubt has arisen the platform's search is asked for the first time. */
export function firstLookMs({ quietWindowMs }: Pick<DeliveryPolicy, "quietWindowMs">): number {
  return Math.min(10_000, quietWindowMs / 8);
}

export type AskPolicy = Pick<DeliveryPolicy, "firstAskMs" | "longestAskMs" | "lastAskMs" | "askApprovedMs" | "random">;

/**
 * When the platform is asked again what it says of a picture, after up to a quarter more than it would have to be: what came
 * together does not stay together. Null: not any more.
 */
export function nextAskAt(
  { state, updated_at: since }: Pick<SubmissionTable, "state" | "updated_at">,
  now: number,
  policy: AskPolicy,
): number | null {
  const spread = (ms: number): number => Math.round(ms * (1 + policy.random() / 4));
  const ageMs = Math.max(0, now - since);
  if (state === "accepted" || state === "in-review") {
    if (ageMs >= policy.lastAskMs) return null;
    return now + spread(Math.min(policy.longestAskMs, Math.max(policy.firstAskMs, ageMs)));
  }
  const ms = state === "approved" ? policy.askApprovedMs.find((one) => one > ageMs) : undefined;
  return ms === undefined ? null : now + spread(ms - ageMs);
}
