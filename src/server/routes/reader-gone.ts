import type { ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";
import { Problem } from "#contracts/problem.ts";

const goneProblem = new Problem("bad-request", { detail: "The connection has closed." });

const signals = new WeakMap<ServerResponse, AbortSignal>();

/**
 * Aborted, with a Problem as its reason, when the reply's connection closes, and from the beginning when it already has.
 * Also aborts after the answer. Whatever is held for a request is let go with it.
 */
export function whenReaderGone({ raw }: FastifyReply): AbortSignal {
  const known = signals.get(raw);
  if (known !== undefined) return known;
  const gone = new AbortController();
  if (raw.destroyed) gone.abort(goneProblem);
  else raw.once("close", () => gone.abort(goneProblem));
  signals.set(raw, gone.signal);
  return gone.signal;
}
