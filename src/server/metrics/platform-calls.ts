import type { Provider } from "#providers/provider.ts";
import type { Metrics } from "./metrics.ts";

/** What a call came to, in one word: never what the platform said. */
function nameOutcome(result: unknown): string {
  return typeof result === "object" && result !== null && "kind" in result ? String(result.kind) : "answered";
}

/** The same provider; how long each call of its platform takes, and what comes of it, is counted. */
export function measureCalls(provider: Provider, { platformCalls }: Pick<Metrics, "platformCalls">): Provider {
  const measure =
    <Args extends unknown[], Result>(operation: string, call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      const end = platformCalls.startTimer({ platform: provider.name, operation });
      try {
        const result = await call(...args);
        end({ outcome: nameOutcome(result) });
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
