import type { StoreApi } from "zustand/vanilla";
import { withResolvers } from "#contracts/with-resolvers.ts";
import { emptyPick, type FlowState } from "./flow-state.ts";
import { type NoticeCode, noticeOf } from "./notice.ts";

/** What the first screen may ask for. Nothing rejects: what goes wrong is in the state. */
export interface FirstFlow {
  readonly state: StoreApi<FlowState>;
  openPhoto(file: Blob): Promise<void>;
  stopOpening(): void;
  showNotice(code: NoticeCode | null): void;
}

/** The first screen's flow before there is one that can do the work. */
export interface WaitingFlow extends FirstFlow {
  /** Resolves once a photo is to be opened. */
  readonly wanted: Promise<void>;
  /** Has `flow`, which is of the same state, do what the cardholder has asked for meanwhile. */
  handOver(flow: FirstFlow): void;
}

/** Shows at once what it is asked for, and keeps it until the work can be done. */
export function createFirstFlow(state: StoreApi<FlowState>): WaitingFlow {
  const wanted = withResolvers<void>();
  let file: Blob | null = null;
  let notice: NoticeCode | null = null;
  let successor: FirstFlow | undefined;
  const show = (): void =>
    state.setState({ ...emptyPick, opening: file !== null, notice: notice === null ? null : noticeOf(notice) }, true);
  return {
    state,
    wanted: wanted.promise,
    openPhoto: async (picked) => {
      if (successor !== undefined) return successor.openPhoto(picked);
      [file, notice] = [picked, null];
      show();
      wanted.resolve();
    },
    stopOpening: () => {
      if (successor !== undefined) return successor.stopOpening();
      file = null;
      show();
    },
    showNotice: (code) => {
      if (successor !== undefined) return successor.showNotice(code);
      notice = code;
      show();
    },
    handOver: (flow) => {
      successor = flow;
      if (file === null && notice === null) return;
      // As if it were asked for only now, so that it is said and reported like everything else.
      state.setState(emptyPick, true);
      if (file !== null) void flow.openPhoto(file);
      if (notice !== null) flow.showNotice(notice);
    },
  };
}
