import { describeCause } from "#contracts/describe-cause.ts";
import { photoOf } from "#design/design.ts";
import { PhotoProblem } from "#image/client.ts";
import type { StoreApi } from "zustand/vanilla";
import type { Draft, Left } from "../drafts/draft-store.ts";
import type { FlowState } from "./flow-state.ts";
import type { LatestTask } from "./latest-task.ts";
import { type NoticeCode, noticeOf } from "./notice.ts";
import type { Dispatch, PictureDeps } from "./pictures.ts";

/** What may be asked for of a card that is not finished. */
export interface DraftTasks {
  /** Goes on with the draft where there is one. Where something was sent before, it lies ready for when that is not taken. */
  resumeDraft(): Promise<void>;
  /** Somebody else has changed the card: that is said as soon as the design is on screen, and until the cardholder has chosen. */
  sayOvertaken(): void;
  /** Where somebody else has changed the card meanwhile: it is to be as it is there, or as it is here. */
  takeOther(): Promise<void>;
  keepOwn(): void;
  /** Whether something of a card that is not finished is kept, as far as is known. */
  isDraftKept(): boolean;
  /** Deletes the draft on the device and at the server, empties the card, and says where it could not be deleted. */
  deleteDraft(): Promise<void>;
  /** An empty card in place of the draft that was gone on with. It is kept until another photo lies there. */
  startOver(): void;
}

interface Reading {
  readonly read: () => Promise<Draft | null>;
  /** It lies on the card. */
  readonly onOpened?: (draft: Draft) => void;
}

/**
 * Opens the draft's photo and lays it as it lay. Without a draft everything stays as it is, and when its photo cannot be opened
 * that is said. Once stopped it does nothing more.
 */
async function openDraft(
  { image, design }: PictureDeps,
  dispatch: Dispatch,
  { read, onOpened }: Reading,
  signal: AbortSignal,
): Promise<void> {
  const draft = await read().catch(() => null);
  if (signal.aborted) return;
  if (draft === null) return dispatch({ type: "opening-stopped" });
  try {
    const photo = await image.openPhoto(draft.photo.bytes, design.getState().product, signal);
    if (signal.aborted) return photo.close();
    onOpened?.(draft);
    design.getState().resume(photo, draft.design);
    dispatch({ type: "photo-opened", notice: noticeOf("draft-resumed") });
  } catch (error) {
    const cause = describeCause(error instanceof PhotoProblem ? (error.cause ?? error.code) : error);
    if (!signal.aborted) dispatch({ type: "photo-failed", notice: noticeOf("draft-not-opened", cause) });
  }
}

function codeOfDeletion({ onDevice, atServer }: Left): NoticeCode {
  if (onDevice) return atServer ? "draft-not-deleted" : "draft-left-on-device";
  return atServer ? "draft-left-at-bank" : "draft-deleted";
}

/** The design is on screen, and nothing goes on there that another notice would disturb or that says more. */
function mayBeTold(now: FlowState): boolean {
  if (now.step !== "design" || now.opening || now.renderedFraction !== null) return false;
  return now.notice === null || (now.notice.tone === "note" && now.notice.code !== "draft-overtaken");
}

interface Work {
  readonly opening: LatestTask;
  /** Ends all work on photo and picture. */
  readonly stopWork: () => void;
}

export function createDraftTasks(
  deps: PictureDeps & { readonly state: StoreApi<FlowState> },
  dispatch: Dispatch,
  { opening, stopWork }: Work,
): DraftTasks & { readonly isOpeningDraft: () => boolean } {
  const { state, design, drafts } = deps;
  let running: AbortSignal | null = null;
  const open = (reading: Reading): Promise<void> => {
    dispatch({ type: "photo-picked" });
    return opening.start(async (signal) => {
      running = signal;
      await openDraft(deps, dispatch, reading, signal);
      if (running === signal) running = null;
    });
  };
  const sayOvertaken = (): void => {
    if (drafts.isOvertaken() && mayBeTold(state.getState()))
      dispatch({ type: "noticed", notice: noticeOf("draft-overtaken") });
  };
  // After everybody has seen the state as it is.
  state.subscribe(() => queueMicrotask(sayOvertaken));

  const backToDesign = (): boolean => {
    if (state.getState().step === "preview") dispatch({ type: "went-back" });
    return state.getState().step === "design";
  };
  const startOver = (): void => {
    const { step } = state.getState();
    if (step !== "design" && step !== "pick") return;
    stopWork();
    dispatch({ type: step === "design" ? "started-over" : "opening-stopped" });
    design.getState().clear();
  };
  return {
    resumeDraft: async () => {
      if (photoOf(design.getState().design) === null) await open({ read: () => drafts.read() });
    },
    sayOvertaken,
    takeOther: async () => {
      if (!backToDesign()) return;
      stopWork();
      await open({ read: () => drafts.readOther(), onOpened: (other) => drafts.takeOther(other) });
    },
    keepOwn: () => {
      drafts.keepOwn();
      dispatch({ type: "noticed", notice: null });
    },
    isDraftKept: () => drafts.isKept(),
    startOver,
    deleteDraft: async () => {
      const left = await drafts.deleteAll();
      backToDesign();
      startOver();
      dispatch({ type: "noticed", notice: noticeOf(codeOfDeletion(left)) });
    },
    isOpeningDraft: () => running !== null && !running.aborted,
  };
}
