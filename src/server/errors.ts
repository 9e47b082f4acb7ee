import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { Problem, type ProblemCode } from "#contracts/problem.ts";
import type { App } from "./parts.ts";
import type { Scrub } from "./scrub.ts";

const retryAfterSeconds: Partial<Record<ProblemCode, number>> = {
  "preview-not-ready": 2,
  "submission-in-flight": 1,
  "too-many-requests": 10,
  "platform-unavailable": 5,
  overloaded: 5,
};

const byFastifyCode: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "body-too-large",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "unsupported-media-type",
  FST_ERR_NOT_FOUND: "not-found",
  FST_ERR_HANDLER_TIMEOUT: "overloaded",
};

const details: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: "The body is not valid JSON.",
  FST_ERR_CTP_EMPTY_JSON_BODY: "The body is empty, and JSON is expected.",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "The body is not as long as Content-Length says.",
  FST_ERR_BAD_URL: "The address is not a valid one.",
};

function describeValidation(error: FastifyError): string | undefined {
  if (!hasZodFastifySchemaValidationErrors(error)) return undefined;
  const first = error.validation[0];
  const field = [error.validationContext ?? "request", ...(first?.instancePath.split("/").filter(Boolean) ?? [])].join(
    ".",
  );
  return `${field}: ${first?.message ?? "not valid"}.`;
}

/** Any error as a Problem. What is not expected becomes `internal`, with the error as its cause. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { code = "", statusCode = 500 } = (error ?? {}) as Partial<FastifyError>;
  const named = byFastifyCode[code];
  if (named !== undefined) return new Problem(named);
  if (statusCode >= 500) return new Problem("internal", { cause: error });
  const detail = describeValidation(error as FastifyError) ?? details[code];
  return new Problem("bad-request", detail === undefined ? {} : { detail });
}

/** Answers every failed request with RFC 9457 problem details, and logs only those that are our fault or the platform's. */
export function handleErrors(app: App, scrub: Scrub): void {
  const answer = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const problem = toProblem(error);
    if (problem.status >= 500)
      request.log.error({ err: problem.cause ?? problem, code: problem.code }, "request failed");
    const wait = retryAfterSeconds[problem.code];
    if (wait !== undefined) void reply.header("retry-after", wait);
    if (problem.status === 401) void reply.header("www-authenticate", "Bearer");
    return reply
      .code(problem.status)
      .header("cache-control", "no-store")
      .type("application/problem+json")
      .serializer((body: string) => body)
      .send(scrub(JSON.stringify(problem.toDetails())));
  };
  app.setErrorHandler(answer);
  app.setNotFoundHandler((request, reply) => answer(new Problem("not-found"), request, reply));
}
