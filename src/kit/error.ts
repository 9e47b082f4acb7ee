export interface ErrorFacts {
  /** The HTTP status of the answer; 0 where there was none. */
  readonly status?: number;
  /** Whether trying the same again, later, can help. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/**
 * Why a call has failed, or why a webhook is none. `code` is the server's own, such as `session-expired`, `not-found` or `bad-request`,
 * or one of `no-connection`, `timed-out`, `unexpected-answer`, `not-signed`, `outdated`, `malformed`, `bad-option`. No secret is in it.
 */
export class FullbleedError extends Error {
  readonly code: string;
  readonly status: number;
  readonly retryable: boolean;

  constructor(code: string, detail: string, { status = 0, retryable = false, cause }: ErrorFacts = {}) {
    super(detail, { cause });
    this.name = "FullbleedError";
    this.code = code;
    this.status = status;
    this.retryable = retryable;
  }
}
