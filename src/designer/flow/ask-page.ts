import type { DesignSummary } from "#contracts/frame-messages.ts";
import { describeCause } from "#contracts/describe-cause.ts";

/** Asks the issuer's page whether a design may be sent. Resolves with whatever it says; rejects when it throws or takes too long. */
export type AskPage = (design: DesignSummary, signal: AbortSignal) => Promise<unknown>;

/** What the page says to a design that is about to be sent: null when it may go. */
export type Refusal =
  /** The page's own sentence, where it gave one. */
  | { readonly kind: "declined"; readonly sentence?: string }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly code: "send-not-confirmed"; readonly cause: string };

const maxSentenceLength = 500;

function readAnswer(answer: unknown): Refusal | null {
  if (answer === true) return null;
  const given = typeof answer === "object" && answer !== null && "refuse" in answer ? answer.refuse : answer;
  if (given === false) return { kind: "declined" };
  if (typeof given !== "string") throw new TypeError("beforeSubmit has to answer true, false or a sentence");
  // Never half a character.
  const sentence = given
    .trim()
    .slice(0, maxSentenceLength)
    .replace(/\p{Surrogate}$/u, "");
  return { kind: "declined", ...(sentence !== "" && { sentence }) };
}

/** Never rejects. What the cardholder stops meanwhile is cancelled, whatever the page says later. */
export async function askBeforeSubmit(
  ask: AskPage,
  design: DesignSummary,
  signal: AbortSignal,
): Promise<Refusal | null> {
  try {
    return readAnswer(await ask(design, signal));
  } catch (error) {
    if (signal.aborted) return { kind: "cancelled" };
    return {
      kind: "failed",
      code: "send-not-confirmed",
      cause: describeCause(error instanceof Error ? error.message : error) ?? "",
    };
  }
}
