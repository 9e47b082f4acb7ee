import type { Provider } from "#providers/provider.ts";
import type { Metrics } from "./metrics.ts";

/** Whether nobody waits for the answer any more. A call whose time is over is another thing. */
function isAbandoned(args: readonly unknown[]): boolean {
  const signal = args.find((arg) => arg instanceof AbortSignal);
  return signal?.aborted === true && (signal.reason as Partial<Error> | undefined)?.name !== "TimeoutError";
}

/** What a call came to, in one word: never what the platform said. That its reader has left says nothing about the platform. */
function nameOutcome(result: unknown, args: readonly unknown[]): string {
  const outcome = typeof result === "object" && result !== null && "kind" in result ? String(result.kind) : "answered";
  return outcome === "unavailable" && isAbandoned(args) ? "abandoned" : outcome;
}

/** The same provider; how long each call of its platform takes, and what comes of it, is counted. */
export function measureCalls(provider: Provider, { platformCalls }: Pick<Metrics, "platformCalls">): Provider {
  const measure =
    <Args extends unknown[], Result>(operation: string, call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      const end = platformCalls.startTimer({ platform: provider.name, operation });
      try {
        const result = await call(...args);
        end({ outcome: nameOutcome(result, args) });
        return result;
      } catch (cause) {
        end({ outcome: "threw" });
        throw cause;
      }
    };
  const { findImageFault } = provider;
  return {
    ...provider,
    send: measure("send", provider.send),
    find: measure("find", provider.find),
    annotate: measure("annotate", provider.annotate),
    getPreview: measure("preview", provider.getPreview),
    getTemplate: measure("template", provider.getTemplate),
    decide: measure("decide", provider.decide),
    purge: measure("purge", provider.purge),
    getReview: measure("review", provider.getReview),
    ...(findImageFault !== undefined && { findImageFault: measure("image-owner", findImageFault) }),
  };
}
