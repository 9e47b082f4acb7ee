import type { FastifyBaseLogger } from "fastify";
import type { Provider, SendOrder, SendOutcome } from "#providers/provider.ts";

export interface SendOptions {
  readonly provider: Pick<Provider, "send">;
  readonly log: FastifyBaseLogger;
  /** For one SendImage, answer included. */
  readonly sendTimeoutMs: number;
  /** How long an adapter may take to end once it has been told to. */
  readonly graceMs: number;
  /** Aborted when the server stops. */
  readonly stopped: AbortSignal;
}

function lost(reason: string): SendOutcome {
  return { kind: "unknown", detail: reason };
}

/** Resolves `graceMs` after the signal; by then an adapter has had its chance to say what it knows. */
function overdue(signal: AbortSignal, graceMs: number): { promise: Promise<"overdue">; cancel(): void } {
  const { promise, resolve } = Promise.withResolvers<"overdue">();
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    timer = setTimeout(() => resolve("overdue"), graceMs);
  };
  if (signal.aborted) begin();
  else signal.addEventListener("abort", begin, { once: true });
  return {
    promise,
    cancel() {
      signal.removeEventListener("abort", begin);
      clearTimeout(timer);
    },
  };
}

export interface Sent {
  readonly outcome: SendOutcome;
  /** What the adapter says after all, if it ever does; only when `outcome` had to be given without its word. */
  readonly late?: Promise<SendOutcome>;
}

/** Sends one picture. Never rejects, never hangs: what ends without the adapter's word is unknown, since bytes may have arrived. */
export async function sendPicture(options: SendOptions, order: SendOrder): Promise<Sent> {
  const signal = AbortSignal.any([AbortSignal.timeout(options.sendTimeoutMs), options.stopped]);
  const limit = overdue(signal, options.graceMs);
  const answer = Promise.resolve()
    .then(() => options.provider.send(order, signal))
    .catch((cause: unknown) => {
      // Only the log is searched for secrets; the outcome's words are shown to the issuer.
      options.log.error({ err: cause }, "the platform's adapter failed");
      return lost("the adapter failed; the server's log says how");
    });
  const outcome = await Promise.race([answer, limit.promise]);
  limit.cancel();
  if (outcome !== "overdue") return { outcome };
  return { outcome: lost("the adapter did not end in time"), late: answer };
}
