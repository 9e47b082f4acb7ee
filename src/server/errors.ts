import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { Problem, type ProblemCode } from "#contracts/problem.ts";
import { detailsOf } from "#contracts/problem-details.ts";
import { describeDataFailure, findStorageFailure } from "./data-folder.ts";
import type { Scrub } from "./scrub.ts";

const retryAfterSeconds: Partial<Record<ProblemCode, number>> = {
  "preview-not-ready": 2,
  "submission-in-flight": 1,
  "too-many-requests": 10,
  "platform-unavailable": 5,
  overloaded: 5,
  "storage-unavailable": 5,
};

const byFastifyCode: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "body-too-large",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "unsupported-media-type",
  FST_ERR_NOT_FOUND: "not-found",
  FST_ERR_HANDLER_TIMEOUT: "overloaded",
};

/** Refusals of fastify's plugins, which have no code of their own. A folder or hidden file is simply not there. */
const byStatus: Readonly<Record<number, ProblemCode>> = { 403: "not-found", 404: "not-found", 413: "body-too-large" };

// Fastify's own texts repeat what was sent.
const details: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: "The body is not valid JSON.",
  FST_ERR_CTP_EMPTY_JSON_BODY: "The body is empty, and JSON is expected.",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "The body is not as long as Content-Length says.",
  FST_ERR_BAD_URL: "The address is not a valid one.",
  FST_ERR_MAX_PARAM_LENGTH: "A part of the address is too long.",
};

/** What is in it the sender has named, and a name is repeated no more than a value. */
const freelyNamed = "dataCapture";

/** What is not known is told by its name, and of names there may be thousands. */
const longestSentence = 400;

function describeValidation(error: unknown): string | undefined {
  if (!hasZodFastifySchemaValidationErrors(error)) return undefined;
  const [first] = error.validation;
  const whole = first?.instancePath.split("/").filter((part) => part !== "") ?? [];
  const path = whole.includes(freelyNamed) ? whole.slice(0, whole.indexOf(freelyNamed) + 1) : whole;
  const sentence = `${[error.validationContext ?? "request", ...path].join(".")}: ${first?.message ?? "not valid"}.`;
  return sentence.length > longestSentence ? `${sentence.slice(0, longestSentence)}…` : sentence;
}

/** Whether there was too little memory for a buffer, which others give back soon. */
export function isOutOfMemory(error: unknown): boolean {
  const { code, message } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  const isBuffer = error instanceof RangeError && message === "Array buffer allocation failed";
  return isBuffer || code === "ERR_MEMORY_ALLOCATION_FAILED" || code === "Z_MEM_ERROR";
}

/** Any error as a Problem. What nobody expected becomes `internal`, with the error as its cause. */
export function toProblem(error: unknown, dataFolder: string): Problem {
  if (error instanceof Problem) return error;
  const { code = "", statusCode = 500 } = (error ?? {}) as Partial<FastifyError>;
  const named = (Object.hasOwn(byFastifyCode, code) ? byFastifyCode[code] : undefined) ?? byStatus[statusCode];
  if (named !== undefined) return new Problem(named);
  const detail = describeValidation(error) ?? (Object.hasOwn(details, code) ? details[code] : undefined);
  if (detail !== undefined) return new Problem("bad-request", { detail });
  if (statusCode < 500) return new Problem("bad-request");
  if (isOutOfMemory(error)) return new Problem("overloaded", { cause: error });
  const failure = findStorageFailure(error, dataFolder);
  return new Problem(failure === undefined ? "internal" : "storage-unavailable", { cause: failure ?? error });
}

/** What is wrong with the storage is an error in the log once, and again as long as it is wrong; so is too much to do a warning. */
const repeatAfterMs = 60_000;

function createFailureLog(): (request: FastifyRequest, problem: Problem) => void {
  const last = { sentence: "", at: 0 };
  let overloadedUntil = 0;
  return ({ log }, problem) => {
    const { code, cause } = problem;
    if (code === "overloaded") {
      // Each is in the line about its request; a second line for each would be work when there is too much of it.
      if (performance.now() < overloadedUntil) return undefined;
      overloadedUntil = performance.now() + repeatAfterMs;
      return log.warn({ code }, "more requests than can be taken: some are turned away");
    }
    const sentence = code === "storage-unavailable" ? describeDataFailure(cause) : undefined;
    if (sentence !== undefined) {
      const isNew = sentence !== last.sentence || performance.now() - last.at > repeatAfterMs;
      if (!isNew) return undefined;
      Object.assign(last, { sentence, at: performance.now() });
      return log.error({ code }, sentence);
    }
    // A full server or an absent platform is no fault of the code: the line about its request says all there is.
    if (code === "internal" || cause !== undefined) log.error({ code, err: cause ?? problem }, "request failed");
  };
}

/** How to show what is missing: RFC 6750, and RFC 9449 for who comes with a proof. */
function challengeOf({ headers }: FastifyRequest, code: ProblemCode): string {
  if (headers.dpop === undefined) return "Bearer";
  return code === "proof-outdated" ? 'DPoP error="use_dpop_nonce", algs="ES256"' : 'DPoP algs="ES256"';
}

const answered = new WeakMap<FastifyReply, ProblemCode>();

/** The code of the problem that this is the answer of; undefined for one that went well. */
export function problemOf(reply: FastifyReply): ProblemCode | undefined {
  return answered.get(reply);
}

/** Answers a failed request with RFC 9457 problem details, and logs it when it failed on our side or the platform's. */
export function createErrorAnswer(scrub: Scrub, dataFolder: string) {
  const logFailure = createFailureLog();
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const problem = toProblem(error, dataFolder);
    const { code, status } = problem;
    answered.set(reply, code);
    if (status >= 500) logFailure(request, problem);
    const wait = problem.retryAfterSeconds ?? retryAfterSeconds[code];
    if (wait !== undefined) void reply.header("retry-after", wait);
    if (status === 401) void reply.header("www-authenticate", challengeOf(request, code));
    const details = detailsOf(problem);
    return reply
      .code(status)
      .header("cache-control", "no-store")
      .type("application/problem+json")
      .serializer((body: string) => body)
      .send(JSON.stringify({ ...details, detail: scrub(details.detail) }));
  };
}
