import type { $ZodType } from "zod/v4/core";
import { type ProblemCode, problems } from "#contracts/problem.ts";
import { problemDetails } from "#contracts/problem-details.ts";

interface ProblemAnswer {
  readonly description: string;
  readonly content: { readonly "application/problem+json": { readonly schema: typeof problemDetails } };
}

/** What is not HTTP, has too large headers or comes too slowly fails before, or whatever, the route is. */
const everywhere: readonly ProblemCode[] = ["bad-request", "body-too-slow"];

/** Of whatever is not asked by what watches the server. */
export const limits = ["too-many-requests", "overloaded"] as const satisfies readonly ProblemCode[];

/** Of a route that a session's token opens. */
export const tokenFailures = [
  "not-authenticated",
  "proof-outdated",
  "token-expired",
  "session-expired",
  "not-allowed",
] as const satisfies readonly ProblemCode[];

/** Of a route that reads a body. */
export const bodyFailures = ["body-too-large", "unsupported-media-type"] as const satisfies readonly ProblemCode[];

function describe(codes: readonly ProblemCode[]): Record<number, ProblemAnswer> {
  const failures: Record<number, ProblemAnswer> = {};
  for (const code of new Set([...everywhere, ...codes])) {
    const { status } = problems[code];
    const before = failures[status] === undefined ? "" : `${failures[status].description}, `;
    failures[status] = {
      description: `${before}\`${code}\``,
      content: { "application/problem+json": { schema: problemDetails } },
    };
  }
  return failures;
}

type GoodAnswers = Readonly<Record<number, $ZodType>>;

/** For a route's `schema.response`: what it answers when all is well, and the problems it can have. */
export function answers<const Good extends GoodAnswers>(good: Good, codes: readonly ProblemCode[]): Good {
  return { ...describe(["internal", "storage-unavailable", ...limits, ...codes]), ...good };
}

/** The same for a route that answers from memory, so that nothing can fail in it. */
export function answersFromMemory<const Good extends GoodAnswers>(
  good: Good,
  codes: readonly ProblemCode[] = [],
): Good {
  return { ...describe(codes), ...good };
}
