import type { FastifyReply } from "fastify";

/** Aborted when the reply's connection closes, and from the beginning when it already has. Also aborts after the answer. */
export function whenReaderGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  if (reply.raw.destroyed) gone.abort();
  else reply.raw.once("close", () => gone.abort());
  return gone.signal;
}
