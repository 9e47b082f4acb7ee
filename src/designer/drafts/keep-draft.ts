import type { StoreApi } from "zustand/vanilla";
import { draftEnds, statesThatAllowAnother } from "#contracts/submission-state.ts";
import { type Design, nameCard, photoOf } from "#design/design.ts";
import type { FlowState } from "../flow/flow-state.ts";
import { type DesignStore, openPhotoOf } from "../store/design-store.ts";
import type { SharedDrafts } from "./draft-store.ts";

/** Long enough that a run of key presses is kept once. */
const restMs = 500;

export interface DraftKeeping {
  /** Keeps it at once, as where the page is left. Resolves when the device has it, or cannot take it. */
  keepNow(): Promise<void>;
  stop(): void;
}

/**
 * Keeps what lies on the card after each edit, never during a gesture, and at once when the page is left. What was sent goes from the
 * device when that card is approved or deleted; the server sees to its own. Where a card was sent before, `resume` is asked for its
 * draft as soon as another may be made. Until it is stopped.
 */
export function keepDraft(
  design: DesignStore,
  state: StoreApi<FlowState>,
  drafts: Pick<SharedDrafts, "write" | "yieldLine" | "noteSubmission" | "removeSubmitted">,
  resume: () => void,
): DraftKeeping {
  let kept: Design | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** The last writing; those before it have ended when it has. */
  let written: Promise<void> = Promise.resolve();

  const keep = (): Promise<void> => {
    clearTimeout(timer);
    const now = design.getState();
    const photo = openPhotoOf(now);
    const isWhole = now.isBegun && (photo === null) === (photoOf(now.design) === null);
    if (!isWhole || now.moving || now.design === kept) return written;
    kept = now.design;
    const file = photo && { sha256: photo.sha256, bytes: photo.bytes };
    written = drafts.write({ design: now.design, photo: file }, notOf(state.getState(), nameCard(now.design)));
    return written;
  };
  const keepNow = async (): Promise<void> => {
    // What hangs at a finger is what the cardholder sees.
    design.getState().settle();
    const works = design.getState().untilTextsLie();
    await keep();
    if (works === null) return;
    // A stroke, or a word, that is seen and does not lie yet.
    await works;
    await keep();
  };
  const leave = (): void => void keepNow();
  const hide = (): void => {
    if (document.visibilityState === "hidden") leave();
  };
  const unsubscribe = [
    design.subscribe((now) => {
      clearTimeout(timer);
      if (!now.moving && !now.isPenDown && now.design !== kept) timer = setTimeout(() => void keep(), restMs);
    }),
    state.subscribe((now, before) => {
      if (before.step === "sending" && now.step === "follow" && now.picture !== null) {
        void keep();
        drafts.noteSubmission(now.submission.submissionId);
      }
      if (now.step !== before.step) drafts.yieldLine(now.step === "sending");
      const wasOf = before.step === "follow" ? before.submission.state : null;
      if (now.step === "follow" && now.submission.state !== wasOf) settleSent(now, design, drafts, resume);
    }),
  ];
  document.addEventListener("visibilitychange", hide);
  addEventListener("pagehide", leave);
  settleSent(state.getState(), design, drafts, resume);
  const stop = (): void => {
    clearTimeout(timer);
    for (const end of unsubscribe) end();
    document.removeEventListener("visibilitychange", hide);
    removeEventListener("pagehide", leave);
  };
  return { keepNow, stop };
}

/** The rejected submission that was not made of this photo, which is known only of what was chosen after that. */
function notOf(now: FlowState, photoSha256: string): string | undefined {
  if (now.step === "follow" || now.rejection === undefined) return undefined;
  const { submission, photoSha256: rejected } = now.rejection;
  return photoSha256 === rejected ? undefined : submission.submissionId;
}

/** What becomes of the draft with the submission that was made of it. */
function settleSent(
  now: FlowState,
  design: DesignStore,
  drafts: Pick<SharedDrafts, "noteSubmission" | "removeSubmitted">,
  resume: () => void,
): void {
  if (now.step !== "follow") return;
  const { submissionId, state: stage } = now.submission;
  if (draftEnds.has(stage)) return void drafts.removeSubmitted(submissionId);
  if (!statesThatAllowAnother.has(stage)) return;
  // Other devices are to find it, too.
  drafts.noteSubmission(null);
  if (!design.getState().isBegun) resume();
}
