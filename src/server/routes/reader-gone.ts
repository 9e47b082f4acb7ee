import type { FastifyReply } from "fastify";
import { Problem } from "#contracts/problem.ts";

const goneProblem = new Problem("bad-request", { detail: "The connection has closed." });

/**
 * Aborted, with a Problem as its reason, when the reply's connection closes, and from the beginning when it already has.
 * Also aborts after the answer. Whatever is held for a request is let go with it.
 */
export function whenReaderGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  if (reply.raw.destroyed) gone.abort(goneProblem);
  else reply.raw.once("close", () => gone.abort(goneProblem));
  return gone.signal;
}
