import type { StoreApi } from "zustand/vanilla";
import { emptyPick, type FlowState } from "./flow-state.ts";
import { type Notice, type NoticeCode, noticeOf } from "./notice.ts";

/** What was picked, dropped or pasted at once. */
export type Picked = Blob | readonly Blob[];

/** Of the file that a cardholder's own copy of a design is. */
export const designFileEnding = ".fullbleed";

/** What the first screen may ask for. Nothing rejects: what goes wrong is in the state. */
export interface FirstFlow {
  readonly state: StoreApi<FlowState>;
  /** Several files are one photo in several encodings, with whatever came beside it. */
  openPhoto(picked: Picked): Promise<void>;
  /** A card of a colour or a gradient. */
  startWithoutPhoto(): Promise<void>;
  stopOpening(): void;
  /** `cause` as that of a notice. */
  showNotice(code: NoticeCode | null, cause?: string): void;
}

/** The first screen's flow before there is one that can do the work. */
export interface WaitingFlow extends FirstFlow {
  /** Resolves when a photo is to be opened, and at once if one is already. */
  isWanted(): Promise<void>;
  /**
   * Has the flow that `make` makes of the same state do what the cardholder has asked for meanwhile. Who looks at the state from then
   * on sees that being asked for, as if it were only now, so that it is said and reported like everything else.
   */
  handOver<Whole extends { readonly flow: NextFlow }>(make: () => Whole): Whole;
}

interface NextFlow extends FirstFlow {
  resumeDraft(): Promise<void>;
  /** Whether to begin with what is on the card that was left for this one: once true, then no more. */
  takeAlong(): boolean;
  takeOtherPhoto(withElements?: boolean): Promise<void>;
}

/**
 * Shows at once what it is asked for, and keeps it until the work can be done. `hasDraft`: what is there is opened unless the
 * cardholder wants something else.
 */
export function createFirstFlow(state: StoreApi<FlowState>, hasDraft = false): WaitingFlow {
  let file: Picked | "none" | null = null;
  let isResuming = hasDraft;
  let notice: Notice | null = null;
  let successor: FirstFlow | undefined;
  const show = (): void => state.setState({ ...emptyPick, opening: file !== null || isResuming, notice }, true);
  if (hasDraft) show();
  return {
    state,
    isWanted: () =>
      new Promise((resolve) => {
        const look = (): void => {
          if (file !== null || isResuming) resolve();
        };
        state.subscribe(look);
        look();
      }),
    openPhoto: async (picked) => {
      if (successor !== undefined) return successor.openPhoto(picked);
      [file, notice, isResuming] = [picked, null, false];
      show();
    },
    startWithoutPhoto: async () => {
      if (successor !== undefined) return successor.startWithoutPhoto();
      [file, notice, isResuming] = ["none", null, false];
      show();
    },
    stopOpening: () => {
      if (successor !== undefined) return successor.stopOpening();
      [file, isResuming] = [null, false];
      show();
    },
    showNotice: (code, cause) => {
      if (successor !== undefined) return successor.showNotice(code, cause);
      notice = code === null ? null : noticeOf(code, cause);
      show();
    },
    handOver: (make) => {
      if (file !== null || notice !== null || isResuming) state.setState(emptyPick, true);
      const whole = make();
      successor = whole.flow;
      // Taken whether it is used or not, or a later visit in this tab would begin with it.
      const isAlong = whole.flow.takeAlong();
      if (file === "none") void successor.startWithoutPhoto();
      else if (file !== null) void successor.openPhoto(file);
      else if (isResuming) void whole.flow.resumeDraft();
      else if (isAlong) void whole.flow.takeOtherPhoto(true);
      if (notice !== null) successor.showNotice(notice.code, notice.cause);
      return whole;
    },
  };
}
