import { describeCause } from "#contracts/describe-cause.ts";
import { Problem } from "#contracts/problem.ts";
import { shortReference } from "#contracts/short-reference.ts";
import type { SubmissionView } from "#contracts/submission.ts";
import type { Elsewhere } from "../drafts/elsewhere.ts";
import {
  createDesignLeaving,
  createDraftTasks,
  createProductTurning,
  type DesignLeaving,
  type DraftTasks,
  type ProductTurning,
} from "./draft-tasks.ts";
import type { FirstFlow, Picked } from "./first-flow.ts";
import { type FlowState, submissionOf } from "./flow-state.ts";
import { createLatestTask, type LatestTask } from "./latest-task.ts";
import { type FlowEvent, nextFlow } from "./machine.ts";
import { type NoticeCode, noticeOf } from "./notice.ts";
import { openOtherPhoto, openPhoto, type PictureDeps, renderPreview } from "./pictures.ts";
import { notMyPicture, problemEvent, problemOf } from "./problem-event.ts";
import { createRenderAhead } from "./render-ahead.ts";
import { createRestarts, type Restarts } from "./restarts.ts";
import { createTakingOff, type TakingOff } from "./take-off.ts";
import { createSender, type Sender, type SenderDeps } from "./sender.ts";

export interface FlowDeps extends PictureDeps, SenderDeps {
  /** Keeps what is on the card at once, where the device may keep it. */
  readonly keepNow?: (() => Promise<void>) | undefined;
  /** The visit begins where a design is likely to be kept. */
  readonly hasDraft?: boolean | undefined;
  /** Where the same card may be open in another place of the browser. */
  readonly elsewhere?: Pick<Elsewhere, "find" | "takeOver"> | undefined;
}

/** What the screens may ask for. Nothing rejects: what goes wrong is in the state. */
export interface Flow extends FirstFlow, DraftTasks, DesignLeaving, ProductTurning, Restarts, TakingOff {
  showPreview(): Promise<void>;
  stopRendering(): void;
  goBack(): void;
  /** Whether the photo of the cardholder's other card can be used. */
  hasOtherPhoto(): boolean;
  /** Puts it on this card, as a photo that was picked. */
  takeOtherPhoto(withElements?: boolean): Promise<void>;
  /** Whether this card is to begin with the photo of the one that was left for it: once true, then no more. */
  takeAlong(): boolean;
  agree(agreed: boolean): void;
  readonly send: Sender["send"];
  /** The picture that was not accepted is not sent again, for now. */
  thinkOver(): void;
  cancelSending(): void;
  /** What the card maker shows is another picture, says the cardholder. */
  reportOtherPicture(): void;
  /** The card cannot be drawn. */
  reportStageFailure(error: unknown): void;
  /** Stops all work. */
  close(): void;
}

/** Runs the machine: starts the work that each step needs and dispatches what comes of it. */
export function createFlow(deps: FlowDeps): Flow {
  const { state, design, emit } = deps;
  const sending = createLatestTask();
  const following = createLatestTask();

  const dispatch = (event: FlowEvent): void => {
    const before = state.getState();
    const after = nextFlow(before, event);
    if (after !== before) state.setState(after, true);
  };
  const watch = createWatcher(deps, dispatch, following);
  const sender = createSender(deps, dispatch, sending, watch);

  state.subscribe((now, before) => {
    const problem = problemOf(before, now, design.getState().product, deps.translate);
    if (problem !== null) emit(problem);
    releasePicture(before, now);
  });
  const submission = submissionOf(state.getState());
  if (submission !== null) watch(submission);

  const { stopAll: stopPictures, opening, stopWork, ...pictures } = createPictureTasks(deps, dispatch);
  const { stopOpening } = pictures;
  const drafts = createDraftTasks(deps, dispatch, { opening, stopWork });

  return {
    state,
    ...pictures,
    ...drafts,
    ...createDesignLeaving(deps, dispatch, stopWork),
    ...createRestarts(
      { state, design, following, stopOpening, resumeDraft: drafts.resumeDraft, hasDraft: deps.hasDraft === true },
      dispatch,
    ),
    ...createProductTurning(deps),
    ...createTakingOff(deps, dispatch, { opening, stopWork }),
    goBack: () => dispatch({ type: "went-back" }),
    agree: (agreed) => {
      const agreement = { rulesVersion: deps.translate("rules.version"), agreedAt: Date.now() };
      dispatch({ type: "agreed", agreement: agreed ? agreement : null });
    },
    send: sender.send,
    thinkOver: () => dispatch({ type: "send-thought-over" }),
    cancelSending: () => {
      dispatch({ type: "cancel-asked" });
      sender.cancel();
    },
    reportOtherPicture: () => {
      const { submissionId = "" } = submissionOf(state.getState()) ?? {};
      emit(problemEvent("not-my-picture", notMyPicture, `reference ${shortReference(submissionId)}, ${submissionId}`));
    },
    reportStageFailure: (error) =>
      emit(problemEvent("stage-failed", deps.translate("design.stageFailed"), describeCause(error))),
    close: () => {
      stopPictures();
      for (const task of [sending, following]) task.stop();
    },
  };
}

/** Print shows it well, and white lettering is read on it. */
const firstGround = { from: "#14274e", to: "#2e6fdb", angleDeg: 45 } as const;

/** The work on photo and picture: of opening a photo and rendering one only the latest runs, and each stops the other. */
function createPictureTasks(deps: FlowDeps, dispatch: (event: FlowEvent) => void) {
  const { state } = deps;
  const opening = createLatestTask();
  const rendering = createLatestTask();
  const ahead = createRenderAhead(deps.image, deps.design, () => {
    const now = state.getState();
    return now.step === "design" && !now.opening;
  });
  const stopOpening = (): void => {
    opening.stop();
    dispatch({ type: "opening-stopped" });
  };
  const stopRendering = (): void => {
    rendering.stop();
    dispatch({ type: "rendering-stopped" });
  };
  const stopWork = (): void => {
    rendering.stop();
    // The photo is opened by the same worker.
    ahead.stop();
    opening.stop();
  };
  const open = async (work: (signal: AbortSignal) => Promise<void>): Promise<void> => {
    const { step } = state.getState();
    if (step !== "pick" && step !== "design") return;
    stopWork();
    dispatch({ type: "photo-picked" });
    await opening.start(work);
  };
  return {
    openPhoto: (picked: Picked) => open((signal) => openPhoto(deps, dispatch, picked, signal)),
    startWithoutPhoto: () =>
      open(async () => {
        const { template } = deps.design.getState().design;
        deps.design.getState().begin(firstGround);
        const isDetached = template !== undefined && deps.design.getState().design.template === undefined;
        dispatch({ type: "photo-opened", notice: isDetached ? noticeOf("template-needs-photo") : null });
      }),
    hasOtherPhoto: () => deps.otherCard?.isThere() ?? false,
    takeOtherPhoto: (withElements = false) => open((signal) => openOtherPhoto(deps, dispatch, signal, withElements)),
    takeAlong: () => deps.otherCard?.takeAlong() ?? false,
    stopOpening,
    showNotice: (code: NoticeCode | null, cause?: string): void => {
      if (code !== null) rendering.stop();
      dispatch({ type: "noticed", notice: code === null ? null : noticeOf(code, cause) });
    },
    showPreview: async (): Promise<void> => {
      const now = state.getState();
      // While another photo opens, the card does not yet show what would be printed.
      if (now.step !== "design" || now.opening) return;
      await rendering.start((signal) => renderPreview(deps.design, ahead, dispatch, signal));
    },
    stopRendering,
    opening,
    stopWork,
    stopAll: (): void => {
      stopOpening();
      stopRendering();
      ahead.close();
    },
  };
}

/** Follows a submission and reports each change, until its end or the task's. */
function createWatcher(
  { api, emit }: FlowDeps,
  dispatch: (event: FlowEvent) => void,
  task: LatestTask,
): (submission: SubmissionView) => void {
  const onChange = (now: SubmissionView): void => {
    dispatch({ type: "status-changed", submission: now });
    emit({ type: "status", submissionId: now.submissionId, state: now.state });
  };
  return (submission) => {
    task
      .start((signal) => api.followSubmission(submission, onChange, signal))
      .catch((error: unknown) => {
        if (!(error instanceof Problem)) return;
        dispatch({ type: "noticed", notice: noticeOf(error.status === 404 ? "submission-gone" : "session-ended") });
      });
  };
}

/** Revokes a picture's URL as soon as no screen can show it any more. */
function releasePicture(before: FlowState, now: FlowState): void {
  const old = "picture" in before ? before.picture : null;
  const kept = "picture" in now ? now.picture : null;
  if (old !== null && old !== kept) URL.revokeObjectURL(old.url);
}
