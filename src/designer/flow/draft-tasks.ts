import { describeCause } from "#contracts/describe-cause.ts";
import { photoOf } from "#design/design.ts";
import { PhotoProblem } from "#image/client.ts";
import type { StoreApi } from "zustand/vanilla";
import type { Draft } from "../drafts/draft-store.ts";
import type { FlowState } from "./flow-state.ts";
import type { LatestTask } from "./latest-task.ts";
import { noticeOf } from "./notice.ts";
import type { Dispatch, PictureDeps } from "./pictures.ts";

/** What may be asked for of a card that is not finished. */
export interface DraftTasks {
  /** Goes on with the draft where there is one. Where something was sent before, it lies ready for when that is not taken. */
  resumeDraft(): Promise<void>;
  /** Where another device has changed the card meanwhile: it is to be as it is there, or as it is here. */
  takeOther(): Promise<void>;
  keepOwn(): void;
  /** Deletes the draft on the device and at the server, and empties the card; where that fails everything stays as it is. */
  deleteDraft(): Promise<void>;
  /** An empty card in place of the draft that was gone on with. It is kept until another photo lies there. */
  startOver(): void;
}

/**
 * Opens the draft's photo and lays it as it lay. Without a draft everything stays as it is, and when its photo cannot be opened
 * that is said. Once stopped it does nothing more.
 */
async function openDraft(
  { image, design }: PictureDeps,
  dispatch: Dispatch,
  read: () => Promise<Draft | null>,
  signal: AbortSignal,
): Promise<void> {
  const draft = await read();
  if (signal.aborted) return;
  if (draft === null) return dispatch({ type: "opening-stopped" });
  try {
    const photo = await image.openPhoto(draft.photo.bytes, design.getState().product, signal);
    if (signal.aborted) return photo.close();
    design.getState().resume(photo, draft.design);
    dispatch({ type: "photo-opened", notice: noticeOf("draft-resumed") });
  } catch (error) {
    const cause = describeCause(error instanceof PhotoProblem ? (error.cause ?? error.code) : error);
    if (!signal.aborted) dispatch({ type: "photo-failed", notice: noticeOf("draft-not-opened", cause) });
  }
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
): DraftTasks {
  const { state, design, drafts } = deps;
  const open = (read: () => Promise<Draft | null>): Promise<void> => {
    dispatch({ type: "photo-picked" });
    return opening.start((signal) => openDraft(deps, dispatch, read, signal));
  };
  const startOver = (): void => {
    if (state.getState().step !== "design") return;
    stopWork();
    dispatch({ type: "started-over" });
    design.getState().clear();
  };
  return {
    resumeDraft: async () => {
      if (photoOf(design.getState().design) === null) await open(() => drafts.read());
    },
    takeOther: async () => {
      const { step } = state.getState();
      if (step === "preview") dispatch({ type: "went-back" });
      else if (step !== "design") return;
      stopWork();
      await open(() => drafts.readOther());
    },
    keepOwn: () => {
      dispatch({ type: "noticed", notice: null });
      void drafts.keepOwn();
    },
    startOver,
    deleteDraft: async () => {
      const isDeleted = await drafts.deleteAll();
      if (isDeleted) startOver();
      dispatch({ type: "noticed", notice: noticeOf(isDeleted ? "draft-deleted" : "draft-not-deleted") });
    },
  };
}
