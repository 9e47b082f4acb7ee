import * as z from "zod/mini";

/**
 * Every way a request can fail, in one table: the HTTP status it is answered with,
 * whether trying the same request again can help, and what it is called.
 */
export const problems = {
  "bad-request": { status: 400, retryable: false, title: "The request is not understood" },
  "idempotency-key-missing": { status: 400, retryable: false, title: "The Idempotency-Key header is missing" },
  "not-authenticated": { status: 401, retryable: false, title: "Sign in again" },
  "session-expired": { status: 401, retryable: false, title: "The session has ended" },
  "token-expired": { status: 401, retryable: false, title: "The access token has run out" },
  "not-allowed": { status: 403, retryable: false, title: "This is not yours to see or do" },
  "not-found": { status: 404, retryable: false, title: "There is nothing here" },
  "preview-not-ready": { status: 404, retryable: true, title: "The platform has not rendered its preview yet" },
  "submission-in-flight": { status: 409, retryable: true, title: "The same submission is being received right now" },
  "already-submitted": { status: 409, retryable: false, title: "A design has already been sent" },
  "body-too-large": { status: 413, retryable: false, title: "The file is larger than the limit" },
  "body-too-slow": { status: 408, retryable: true, title: "The upload took too long" },
  "unsupported-media-type": { status: 415, retryable: false, title: "This kind of content is not accepted" },
  "idempotency-key-reused": {
    status: 422,
    retryable: false,
    title: "The Idempotency-Key belongs to another submission",
  },
  "digest-mismatch": { status: 422, retryable: true, title: "The bytes that arrived are not the bytes that were sent" },
  "picture-refused": { status: 422, retryable: false, title: "The picture is not what the card needs" },
  "design-unknown": { status: 422, retryable: false, title: "The design document has not been stored" },
  "too-many-requests": { status: 429, retryable: true, title: "Too many requests" },
  internal: { status: 500, retryable: true, title: "Something went wrong on our side" },
  "platform-unavailable": { status: 502, retryable: true, title: "The card platform does not answer" },
  overloaded: { status: 503, retryable: true, title: "The server is busy" },
} as const satisfies Record<string, { status: number; retryable: boolean; title: string }>;

export type ProblemCode = keyof typeof problems;

/** RFC 9457 problem details, as answered by the server in `application/problem+json`. */
export const problemDetails = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(Object.keys(problems) as [ProblemCode, ...ProblemCode[]]),
  detail: z.optional(z.string()),
  retryable: z.boolean(),
});
export type ProblemDetails = z.infer<typeof problemDetails>;

/** The one error class. `detail` is a sentence for a person and never carries a secret. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly detail: string | undefined;

  constructor(code: ProblemCode, options: { detail?: string; cause?: unknown } = {}) {
    super(options.detail ?? problems[code].title, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "Problem";
    this.code = code;
    this.detail = options.detail;
  }

  get status(): number {
    return problems[this.code].status;
  }

  get retryable(): boolean {
    return problems[this.code].retryable;
  }

  toDetails(): ProblemDetails {
    const { status, retryable, title } = problems[this.code];
    const details: ProblemDetails = {
      type: `urn:fullbleed:problem:${this.code}`,
      title,
      status,
      code: this.code,
      retryable,
    };
    return this.detail === undefined ? details : { ...details, detail: this.detail };
  }
}
