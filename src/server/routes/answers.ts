import type { $ZodType } from "zod/v4/core";
import { type ProblemCode, problemDetails, problems } from "#contracts/problem.ts";

interface ProblemAnswer {
  readonly description: string;
  readonly content: { readonly "application/problem+json": { readonly schema: typeof problemDetails } };
}

/** Codes that any route may answer with. */
const everywhere: readonly ProblemCode[] = ["bad-request", "internal"];

/** For a route's `schema.response`: what it answers when all is well, and the problems it can have. */
export function answers<const Good extends Readonly<Record<number, $ZodType>>>(
  good: Good,
  codes: readonly ProblemCode[],
): Good {
  const failures: Record<number, ProblemAnswer> = {};
  for (const code of [...everywhere, ...codes]) {
    const { status } = problems[code];
    const before = failures[status] === undefined ? "" : `${failures[status].description}, `;
    failures[status] = {
      description: `${before}\`${code}\``,
      content: { "application/problem+json": { schema: problemDetails } },
    };
  }
  return { ...failures, ...good };
}
