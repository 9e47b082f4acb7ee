interface ProblemEntry {
  readonly status: number;
  /** Whether trying the same request again can help. */
  readonly retryable: boolean;
}

/** Every way a request can fail, in one table, with the HTTP status it is answered with. What is said of each is in `problem-details.ts`. */
export const problems = {
  "bad-request": { status: 400, retryable: false },
  "idempotency-key-missing": { status: 400, retryable: false },
  "not-authenticated": { status: 401, retryable: false },
  "session-expired": { status: 401, retryable: false },
  "token-expired": { status: 401, retryable: false },
  "proof-outdated": { status: 401, retryable: true },
  "not-allowed": { status: 403, retryable: false },
  "not-found": { status: 404, retryable: false },
  "preview-not-ready": { status: 404, retryable: true },
  "submission-in-flight": { status: 409, retryable: true },
  "already-submitted": { status: 409, retryable: false },
  "not-possible": { status: 409, retryable: false },
  "confirmation-needed": { status: 409, retryable: false },
  "beyond-limit": { status: 409, retryable: false },
  "draft-changed": { status: 412, retryable: false },
  "body-too-large": { status: 413, retryable: false },
  "body-too-slow": { status: 408, retryable: true },
  "unsupported-media-type": { status: 415, retryable: false },
  "idempotency-key-reused": { status: 422, retryable: false },
  "digest-mismatch": { status: 422, retryable: true },
  "picture-refused": { status: 422, retryable: false },
  "picture-differs": { status: 422, retryable: false },
  "design-unknown": { status: 422, retryable: false },
  "not-offered": { status: 422, retryable: false },
  "text-refused": { status: 422, retryable: false },
  "template-broken": { status: 422, retryable: false },
  "photo-refused": { status: 422, retryable: false },
  "photo-not-bare": { status: 422, retryable: false },
  "asset-unknown": { status: 422, retryable: false },
  "precondition-missing": { status: 428, retryable: false },
  "too-many-requests": { status: 429, retryable: true },
  internal: { status: 500, retryable: true },
  "platform-unavailable": { status: 502, retryable: true },
  overloaded: { status: 503, retryable: true },
  "storage-unavailable": { status: 503, retryable: true },
} as const satisfies Record<string, ProblemEntry>;

export type ProblemCode = keyof typeof problems;

/** The one error class. `detail` says what happened and what to do, where there is more to say than the code does; never a secret. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  /** When it may be tried again, where that is known better than from the code. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ProblemCode, options: { detail?: string; cause?: unknown; retryAfterSeconds?: number } = {}) {
    super(options.detail ?? code, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "Problem";
    this.code = code;
    this.detail = options.detail;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get status(): number {
    return problems[this.code].status;
  }

  get retryable(): boolean {
    return problems[this.code].retryable;
  }
}
