import type { CloseOutcome } from "#contracts/frame-messages.ts";
import { wait } from "../api/request.ts";
import type { SharedDrafts } from "../drafts/draft-store.ts";
import type { Flow } from "../flow/flow.ts";
import type { FlowState } from "../flow/flow-state.ts";
import { mayStartAgain } from "../flow/machine.ts";

/** With the 3 s that the way back through the browser's history may take (`step-history.ts`) it is shorter than the page waits. */
const longestMs = 6500;

interface Closing {
  readonly flow: Flow;
  readonly drafts: Pick<SharedDrafts, "makeSafe" | "isSafe">;
  readonly keepNow: () => Promise<void>;
}

/**
 * Keeps what is on the card, or discards it unless it is being sent or has been. "kept": another visit can go on with it. What the
 * page is still asked about is not sent. Answers after 6.5 s at the latest.
 */
export async function closeDesign(closing: Closing, discard: boolean): Promise<CloseOutcome> {
  const { flow, drafts } = closing;
  await Promise.race([makeReady(closing, discard), wait(longestMs)]);
  return !isFinished(flow.state.getState()) && drafts.isSafe() ? "kept" : "closed";
}

/** Keeps the card, and ends all work on it here. False where it cannot be kept, or is being sent by now: then all goes on. */
export async function giveUp(
  work: Closing & { readonly drafts: Pick<SharedDrafts, "yieldLine"> },
  others: readonly ({ stop(): void } | undefined)[],
): Promise<boolean> {
  if ((await closeDesign(work, false)) !== "kept" || work.flow.state.getState().step === "sending") return false;
  for (const other of others) other?.stop();
  work.drafts.yieldLine(true);
  work.flow.close();
  return true;
}

async function makeReady({ flow, drafts, keepNow }: Closing, discard: boolean): Promise<void> {
  const { state } = flow;
  const before = state.getState();
  if (before.step === "sending" && before.waitsForPage) {
    const stopped = flow.send();
    flow.cancelSending();
    await stopped;
  }
  const now = state.getState();
  if (discard && now.step !== "sending" && !isFinished(now)) return flow.deleteDraft();
  await keepNow();
  if (!isFinished(now)) await drafts.makeSafe();
}

/** It has been sent, and no other can be made in its place. */
function isFinished(now: FlowState): boolean {
  return now.step === "follow" && !mayStartAgain(now.submission);
}
