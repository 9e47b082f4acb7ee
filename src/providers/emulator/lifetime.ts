import { setTimeout as wait } from "node:timers/promises";
import type { FastifyRequest } from "fastify";

/** What still runs, so that closing the platform ends every wait and waits for every call's line in the ledger. */
export interface Lifetime {
  /** Aborted as soon as the platform is closed. */
  readonly stopping: AbortSignal;
  /** Runs a call that `end` waits for. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Holds an answer back; ends early when the caller goes away, when it is let go or when the platform is closed. */
  hold(seconds: number, request: FastifyRequest): Promise<void>;
  /** Lets go every answer that is held back. */
  letGo(): void;
  stop(): void;
  end(): Promise<void>;
}

export function startLifetime(): Lifetime {
  const stopping = new AbortController();
  let lettingGo = new AbortController();
  const running = new Set<Promise<unknown>>();
  return {
    stopping: stopping.signal,
    async run(work) {
      const call = work();
      const settled = call.catch(() => undefined);
      running.add(settled);
      void settled.then(() => running.delete(settled));
      return call;
    },
    async hold(seconds, request) {
      if (seconds === 0 || request.raw.socket.destroyed) return;
      const gone = new AbortController();
      const leave = () => gone.abort();
      request.raw.socket.once("close", leave);
      const signal = AbortSignal.any([stopping.signal, lettingGo.signal, gone.signal]);
      await wait(seconds * 1000, undefined, { signal, ref: false }).catch(() => undefined);
      request.raw.socket.off("close", leave);
    },
    letGo() {
      lettingGo.abort();
      lettingGo = new AbortController();
    },
    stop: () => stopping.abort(),
    async end() {
      await Promise.all(running);
    },
  };
}
