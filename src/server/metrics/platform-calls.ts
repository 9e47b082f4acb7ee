import { type Span, SpanKind } from "@opentelemetry/api";
import type { Provider } from "#providers/provider.ts";
import { inSpan, markFailed } from "../traces/spans.ts";
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

/** Outcomes that an operator looks for in a trace. */
const failures = new Set(["unavailable", "unknown", "not-sent", "misconfigured", "cannot-tell", "failed", "threw"]);

/** The same provider; how long each call of its platform takes, and what comes of it, is counted where there are metrics, and is a span. */
export function measureCalls(provider: Provider, metrics?: Pick<Metrics, "platformCalls">): Provider {
  const measure =
    <Args extends unknown[], Result>(operation: string, call: (...args: Args) => Promise<Result>) =>
    (...args: Args): Promise<Result> => {
      const about = { "fullbleed.platform": provider.name, "fullbleed.operation": operation };
      const work = async (span: Span): Promise<Result> => {
        const endTimer = metrics?.platformCalls.startTimer({ platform: provider.name, operation });
        const end = (outcome: string): void => {
          endTimer?.({ outcome });
          span.setAttribute("fullbleed.outcome", outcome);
          if (failures.has(outcome)) markFailed(span);
        };
        try {
          const result = await call(...args);
          end(nameOutcome(result, args));
          return result;
        } catch (cause) {
          end("threw");
          throw cause;
        }
      };
      return inSpan(`${provider.name} ${operation}`, about, work, SpanKind.CLIENT);
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
