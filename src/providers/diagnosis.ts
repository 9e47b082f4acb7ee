/**
 * What `fullbleed doctor` says of one thing. `unchecked`: it should have been found out, and was not. `skipped`: it cannot be found
 * out in this way, and nothing is the matter.
 */
export type Verdict = "ok" | "wrong" | "unchecked" | "skipped";

export interface Finding {
  readonly verdict: Verdict;
  /** The variable, or what was tried in a few words. */
  readonly subject: string;
  /** What is so, and what to do where something has to be done: whole sentences, with no secret and no text of an answer in them. */
  readonly says: string;
}

/** Where a platform is called, and the variable that says so. */
export interface PlatformAddress {
  readonly variable: string;
  readonly url: string;
}

/** What a provider's checks are made with. */
export interface Instruments {
  /** Leaves as the server's calls to the platform do, each with a time limit. */
  readonly fetch: typeof fetch;
  /** Of an address that the definition has named; what is in the way of one that is not reached has been said. */
  isReached(url: string): boolean;
  /** The products that the issuer has this platform make. */
  readonly productIds: readonly string[];
  /** Where the platform sends its notifications. */
  readonly notificationsUrl: string;
  readonly signal: AbortSignal;
}

const say =
  (verdict: Verdict) =>
  (subject: string, says: string): Finding => ({ verdict, subject, says });

export const ok = say("ok");
export const wrong = say("wrong");
export const unchecked = say("unchecked");
export const skipped = say("skipped");
