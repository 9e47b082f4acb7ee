import type { StoreApi } from "zustand/vanilla";
import { type SubmissionState, statesThatAllowAnother } from "#contracts/submission-state.ts";
import { type Design, photoOf } from "#design/design.ts";
import type { FlowState } from "../flow/flow-state.ts";
import { type DesignStore, openPhotoOf } from "../store/design-store.ts";
import type { SharedDrafts } from "./draft-store.ts";

/** Long enough that a run of key presses is kept once. */
const restMs = 500;

/** The card is made, or has been deleted for good. */
const ends: ReadonlySet<SubmissionState> = new Set(["approved", "purging", "purged"]);

/**
 * Keeps what lies on the card after each edit, never during a gesture, and at once when the page is left. It goes when the card is
 * approved or deleted. Where a card was sent before, `resume` is asked for its draft as soon as another may be made. Until the returned
 * function is called.
 */
export function keepDraft(
  design: DesignStore,
  state: StoreApi<FlowState>,
  drafts: Pick<SharedDrafts, "write" | "remove" | "yieldLine">,
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
    if (ends.has(now.submission.state)) {
      clearTimeout(timer);
      kept = design.getState().design;
      void drafts.remove();
    } else if (statesThatAllowAnother.has(now.submission.state) && photoOf(design.getState().design) === null) resume();
  };

  const unsubscribe = [
    design.subscribe((now) => {
      clearTimeout(timer);
      if (!now.moving && now.design !== kept) timer = setTimeout(keep, restMs);
    }),
    state.subscribe((now, before) => {
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
