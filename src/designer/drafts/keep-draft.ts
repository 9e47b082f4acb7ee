import type { StoreApi } from "zustand/vanilla";
import { draftEnds, statesThatAllowAnother } from "#contracts/submission-state.ts";
import { type Design, photoOf } from "#design/design.ts";
import type { FlowState } from "../flow/flow-state.ts";
import { type DesignStore, openPhotoOf } from "../store/design-store.ts";
import type { SharedDrafts } from "./draft-store.ts";

/** Long enough that a run of key presses is kept once. */
const restMs = 500;

/**
 * Keeps what lies on the card after each edit, never during a gesture, and at once when the page is left. What was sent goes from the
 * device when that card is approved or deleted; the server sees to its own. Where a card was sent before, `resume` is asked for its
 * draft as soon as another may be made. Until the returned function is called.
 */
export function keepDraft(
  design: DesignStore,
  state: StoreApi<FlowState>,
  drafts: Pick<SharedDrafts, "write" | "yieldLine" | "noteSubmission" | "removeSubmitted">,
  resume: () => void,
): () => void {
  let kept: Design | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const keep = (): void => {
    clearTimeout(timer);
    const now = design.getState();
    const photo = openPhotoOf(now);
    if (photo === null || now.moving || now.design === kept) return;
    kept = now.design;
    const { sha256, bytes } = photo;
    void drafts.write({ design: now.design, photo: { sha256, bytes } });
  };
  const leave = (): void => {
    // What hangs at a finger is what the cardholder sees.
    design.getState().settle();
    keep();
  };
  const hide = (): void => {
    if (document.visibilityState === "hidden") leave();
  };
  const onState = (now: FlowState): void => {
    if (now.step !== "follow") return;
    const { submissionId, state: stage } = now.submission;
    if (draftEnds.has(stage)) return void drafts.removeSubmitted(submissionId);
    if (!statesThatAllowAnother.has(stage)) return;
    // Other devices are to find it, too.
    drafts.noteSubmission(null);
    if (photoOf(design.getState().design) === null) resume();
  };

  const unsubscribe = [
    design.subscribe((now) => {
      clearTimeout(timer);
      if (!now.moving && now.design !== kept) timer = setTimeout(keep, restMs);
    }),
    state.subscribe((now, before) => {
      if (before.step === "sending" && now.step === "follow" && now.picture !== null) {
        keep();
        drafts.noteSubmission(now.submission.submissionId);
      }
      if (now.step !== before.step) drafts.yieldLine(now.step === "sending");
      const wasOf = before.step === "follow" ? before.submission.state : null;
      if (now.step === "follow" && now.submission.state !== wasOf) onState(now);
    }),
  ];
  document.addEventListener("visibilitychange", hide);
  addEventListener("pagehide", leave);
  onState(state.getState());
  return () => {
    clearTimeout(timer);
    for (const stop of unsubscribe) stop();
    document.removeEventListener("visibilitychange", hide);
    removeEventListener("pagehide", leave);
  };
}
