import type { DecisionRequest } from "#contracts/submission.ts";
import { UsageError } from "./cli-client.ts";

export const decideHelp = `  fullbleed decide SUBMISSION approve   the issuer's verdict, where the issuer decides: it may be printed
  fullbleed decide SUBMISSION reject    it may not; needs --reason, one of the card platform's`;

interface Values {
  readonly reason?: string | undefined;
  readonly memo?: string | undefined;
  readonly by?: string | undefined;
}

export interface Verdict {
  readonly submissionId: string;
  readonly decision: DecisionRequest;
}

/** `fullbleed decide …`, of which `words` are what follows. Throws UsageError. */
export function readVerdict(words: readonly string[], { reason, memo, by }: Values): Verdict {
  const [submissionId = "", verdict, ...more] = words;
  if (submissionId === "" || (verdict !== "approve" && verdict !== "reject") || more.length > 0)
    throw new UsageError("decide takes a submission's id, and approve or reject.");
  const who = by !== undefined && { by };
  if (verdict === "approve") {
    if (reason !== undefined || memo !== undefined)
      throw new UsageError("decide approve takes no --reason and no --memo: they are for a rejection.");
    return { submissionId, decision: { verdict, ...who } };
  }
  if (reason === undefined || reason.trim() === "")
    throw new UsageError("decide reject needs --reason, one of the card platform's, such as COPYRIGHT.");
  return { submissionId, decision: { verdict, reason, ...(memo !== undefined && { memo }), ...who } };
}

const states = { approve: "approved", reject: "rejected" } as const;

/** What is to be known beside the record that the server answers with. */
export function describeVerdict({ decision: { verdict } }: Verdict, state: string): string[] {
  return state === states[verdict]
    ? []
    : [
        `The card platform is being told. The state becomes ${states[verdict]} once it has the verdict; if it does not take it, the note says why.`,
      ];
}
