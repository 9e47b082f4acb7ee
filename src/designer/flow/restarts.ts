import type { StoreApi } from "zustand/vanilla";
import { nameCard } from "#design/design.ts";
import type { DesignStore } from "../store/design-store.ts";
import type { DraftTasks } from "./draft-tasks.ts";
import { type FlowState, submissionOf } from "./flow-state.ts";
import type { LatestTask } from "./latest-task.ts";
import { isRejected } from "./machine.ts";
import type { Dispatch } from "./pictures.ts";

export interface Restarts extends Pick<DraftTasks, "resumeDraft"> {
  /** After a rejection: the same design again, also while it is being opened, or an empty card where there is none. */
  changeDesign(): void;
  /** After a rejection: an empty card. */
  startAfresh(): void;
}

interface RestartDeps extends Pick<DraftTasks, "resumeDraft"> {
  readonly state: StoreApi<FlowState>;
  readonly design: DesignStore;
  readonly following: LatestTask;
  readonly stopOpening: () => void;
  /** The visit begins where a design is likely to be kept. */
  readonly hasDraft: boolean;
}

/** So long the shape of the design stands for it; then the cardholder reads on, and it is opened beside that. */
const longestReturnMs = 8000;

/** The ways to another design. `deps.state` is as the visit begins. */
export function createRestarts(deps: RestartDeps, dispatch: Dispatch): Restarts {
  const { state, design, following, stopOpening, resumeDraft, hasDraft } = deps;
  const found = submissionOf(state.getState());
  const photoSha256 = (): string | null => {
    const { isBegun, design: card } = design.getState();
    return isBegun ? nameCard(card) : null;
  };
  const startAgain = (withPhoto: string | null): void => {
    dispatch({ type: "change-asked", photoSha256: withPhoto });
    // What becomes of the one before is no news beside the next.
    if (state.getState().step !== "follow") following.stop();
  };
  return {
    changeDesign: () => {
      const now = state.getState();
      // What could not be fetched is tried again.
      if (now.step === "follow" && now.unfetched === true) void resumeDraft();
      startAgain(photoSha256());
    },
    startAfresh: () => {
      // The draft of the card that was not taken may still be opened.
      stopOpening();
      startAgain(null);
      if (state.getState().step === "pick") design.getState().clear();
    },
    resumeDraft: async () => {
      const isFound = (): boolean => found !== null && submissionOf(state.getState()) === found && isRejected(found);
      const resumed = resumeDraft();
      // Who comes back to a rejection finds the design on the card, with the reason above it.
      const isAwaited = isFound() && hasDraft;
      if (isAwaited) dispatch({ type: "return-awaited" });
      const late = isAwaited ? setTimeout(() => dispatch({ type: "return-late" }), longestReturnMs) : undefined;
      await resumed;
      clearTimeout(late);
      if (isFound() && photoSha256() !== null && !hasDraft) startAgain(photoSha256());
      if (state.getState().step !== "follow") following.stop();
    },
  };
}
