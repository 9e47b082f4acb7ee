import { createStore, type StoreApi } from "zustand/vanilla";
import { Problem } from "#contracts/problem.ts";
import type { SubmissionView } from "#contracts/submission.ts";
import { wait } from "../api/wait.ts";
import { designDocumentOf } from "./design-document.ts";
import { type FlowEvent, type FlowState, mayStartAgain, nextFlow, startFlow } from "./machine.ts";
import { type NoticeCode, noticeOf } from "./notice.ts";
import type { FlowParts } from "./parts.ts";
import { openPhoto, renderPreview } from "./pictures.ts";
import { type SendOutcome, sendDesign } from "./send.ts";
import { createTask, type Task } from "./task.ts";

/** What the screens may ask for. Nothing rejects: what goes wrong is in the state. */
export interface Flow {
  readonly state: StoreApi<FlowState>;
  openPhoto(file: Blob): Promise<void>;
  stopOpening(): void;
  showNotice(code: NoticeCode | null): void;
  showPreview(): Promise<void>;
  stopRendering(): void;
  goBack(): void;
  agree(agreed: boolean): void;
  /** Sends when the rules are agreed to and otherwise points that out. Resolves with the submission, or null. */
  send(): Promise<SubmissionView | null>;
  cancelSending(): void;
  /** After a rejection: the same design again, or an empty card when there is none in this tab. */
  changeDesign(): void;
  /** After a rejection: an empty card. */
  startAfresh(): void;
  /** Stops all work. */
  close(): void;
}

/** Runs the machine: does what each step needs and feeds it with what comes of it. */
export function createFlow(parts: FlowParts): Flow {
  const { design, tell } = parts;
  const state = createStore<FlowState>()(() => startFlow(parts.submission));
  const opening = createTask();
  const rendering = createTask();
  const sending = createTask();
  const following = createTask();

  const dispatch = (event: FlowEvent): void => {
    const before = state.getState();
    const after = nextFlow(before, event);
    if (after !== before) state.setState(after, true);
  };
  const hasDesign = (): boolean => design.getState().photo !== null;
  const watch = createWatcher(parts, dispatch, following);
  const sender = createSender(parts, state, dispatch, sending, watch);

  state.subscribe((now, before) => {
    const notice = "notice" in now ? now.notice : null;
    const known = "notice" in before ? before.notice : null;
    if (notice !== null && notice !== known && notice.tone === "problem") {
      tell({ type: "problem", code: notice.code, detail: parts.words.sentence(notice.code) });
    }
    releasePicture(before, now);
  });
  if (parts.submission !== null) watch(parts.submission);

  return {
    state,
    openPhoto: (file) => {
      dispatch({ type: "photo-picked" });
      return opening.start((signal) => openPhoto(parts, dispatch, file, signal));
    },
    stopOpening: opening.stop,
    showNotice: (code) => dispatch({ type: "noticed", notice: code === null ? null : noticeOf(code) }),
    showPreview: () => rendering.start((signal) => renderPreview(parts, state, dispatch, signal)),
    stopRendering: rendering.stop,
    goBack: () => dispatch({ type: "went-back" }),
    agree: (agreed) => dispatch({ type: "agreed", at: agreed ? Date.now() : null }),
    send: sender.send,
    cancelSending: () => {
      dispatch({ type: "cancel-asked" });
      sender.cancel();
    },
    changeDesign: () => dispatch({ type: "change-asked", hasDesign: hasDesign() }),
    startAfresh: () => {
      dispatch({ type: "change-asked", hasDesign: false });
      if (state.getState().step === "pick") design.getState().clearPhoto();
    },
    close: () => {
      for (const task of [opening, rendering, sending, following]) task.stop();
    },
  };
}

/** Follows a submission and tells of each change, until its end or the task's. */
function createWatcher(
  { api, tell }: FlowParts,
  dispatch: (event: FlowEvent) => void,
  task: Task,
): (submission: SubmissionView) => void {
  const onChange = (now: SubmissionView): void => {
    dispatch({ type: "status-changed", submission: now });
    tell({ type: "status", submissionId: now.submissionId, state: now.state });
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

/** A picture's URL is given back as soon as no screen can show it any more. */
function releasePicture(before: FlowState, now: FlowState): void {
  const old = "picture" in before ? before.picture : null;
  const kept = "picture" in now ? now.picture : null;
  if (old !== null && old !== kept) URL.revokeObjectURL(old.url);
}

function createSender(
  parts: FlowParts,
  state: StoreApi<FlowState>,
  dispatch: (event: FlowEvent) => void,
  task: Task,
  onAcknowledged: (submission: SubmissionView) => void,
): { readonly send: Flow["send"]; cancel(): void } {
  const keyFor = createKeys();
  let previousSubmissionId = parts.submission?.submissionId ?? null;
  let running: Promise<SubmissionView | null> | null = null;
  let cancelling = new AbortController();

  const settle = (outcome: SendOutcome): SubmissionView | null => {
    if (outcome.kind === "acknowledged") {
      const { submission, isOther } = outcome;
      previousSubmissionId = submission.submissionId;
      dispatch({ type: "acknowledged", submission, notice: isOther ? noticeOf("already-sent") : null });
      parts.tell({ type: "submitted", submissionId: submission.submissionId });
      onAcknowledged(submission);
      return submission;
    }
    if (outcome.kind === "unknown") dispatch({ type: "send-lost" });
    else {
      const notice = noticeOf(outcome.kind === "cancelled" ? "send-cancelled" : outcome.code);
      dispatch({ type: "send-stopped", notice });
    }
    return null;
  };

  const send = (): Promise<SubmissionView | null> => {
    if (running !== null) return running;
    const before = state.getState();
    dispatch({ type: "send-asked" });
    const now = state.getState();
    if (now.step === "follow" && !mayStartAgain(now.submission)) return Promise.resolve(now.submission);
    if (now.step !== "sending" || now === before) return Promise.resolve(null);
    const design = designDocumentOf(parts.design.getState(), {
      rulesVersion: parts.words.rulesVersion(),
      agreedAt: now.agreedAt,
    });
    cancelling = new AbortController();
    const { signal: cancelled } = cancelling;
    const rest = {
      onProgress: (fraction: number): void => dispatch({ type: "send-progressed", fraction }),
      onDoubt: (): void => dispatch({ type: "send-doubted" }),
      cancelled,
      wait,
    };
    running = task
      .start((signal) =>
        sendDesign({ api: parts.api, design, picture: now.picture, keyFor, previousSubmissionId, signal, ...rest }),
      )
      .then(settle)
      .finally(() => {
        running = null;
      });
    return running;
  };
  return { send, cancel: () => cancelling.abort() };
}

/** One key for each pair of design and picture, for as long as the page is open. */
function createKeys(): (designSha256: string, pictureSha256: string) => string {
  const keys = new Map<string, string>();
  return (designSha256, pictureSha256) => {
    const pair = `${designSha256} ${pictureSha256}`;
    const key = keys.get(pair) ?? crypto.randomUUID();
    keys.set(pair, key);
    return key;
  };
}
