/** How patient the courier is. All times in milliseconds. */
export interface CourierPolicy {
  /** Pictures on their way to the platform at the same time. */
  readonly concurrency: number;
  /** Longest sleep without a look at the database. */
  readonly pollMs: number;
  /** How long a submission stays unknown, in case its call is still answered, before it is held for an operator. */
  readonly quietWindowMs: number;
  /** How long a product rests after the platform has called our keys wrong. A restart ends it at once. */
  readonly coolDownMs: number;
  /** Tries to write down what the platform answered, `pollMs` apart, while the database refuses; the default is 83 minutes. */
  readonly maxWrites: number;
  readonly firstBackOffMs: number;
  /** Longest pause between retries of what provably was not sent. There is no limit to them: they are safe. */
  readonly longestBackOffMs: number;
  /** Beyond the send timeout, before an attempt counts as abandoned by a process that died. */
  readonly leaseMarginMs: number;
  /** How long `stop` lets a running send finish before it is aborted. */
  readonly stopWithinMs: number;
  /** 0 <= random() < 1. */
  readonly random: () => number;
}

export const defaultPolicy: CourierPolicy = {
  concurrency: 2,
  pollMs: 5_000,
  quietWindowMs: 15 * 60_000,
  coolDownMs: 10 * 60_000,
  maxWrites: 1_000,
  firstBackOffMs: 2_000,
  longestBackOffMs: 15 * 60_000,
  leaseMarginMs: 10_000,
  stopWithinMs: 10_000,
  random: Math.random,
};

/** Wait before the try after `attempts` failed ones: doubling from `firstBackOffMs` to `longestBackOffMs`, less up to half of it. */
export function backOffMs(attempts: number, policy: CourierPolicy): number {
  const full = Math.min(policy.longestBackOffMs, policy.firstBackOffMs * 2 ** Math.min(attempts - 1, 30));
  return Math.round(full * (1 - policy.random() / 2));
}

/** Whether this try that did not reach the platform is one for the operator's attention: the tenth, then every fiftieth. */
export function isWorthAlarm(attempts: number): boolean {
  return attempts === 10 || attempts % 50 === 0;
}
