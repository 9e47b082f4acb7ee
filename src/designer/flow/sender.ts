import type { StoreApi } from "zustand/vanilla";
import { describeCause } from "#contracts/describe-cause.ts";
import type { DesignerEventInput } from "#contracts/frame-messages.ts";
import type { SubmissionView } from "#contracts/submission.ts";
import { anySignal } from "../api/any-signal.ts";
import type { DesignerApi } from "../api/client.ts";
import { wait } from "../api/request.ts";
import type { Translate } from "../locales/text.tsx";
import { type AskPage, askBeforeSubmit, type Refusal } from "./ask-page.ts";
import { type FlowState, submissionOf } from "./flow-state.ts";
import type { LatestTask } from "./latest-task.ts";
import { type FlowEvent, mayStartAgain } from "./machine.ts";
import { type Notice, noticeOf } from "./notice.ts";
import { problemEvent, unexpectedDetail } from "./problem-event.ts";
import { type Sending, type SendOutcome, sendDesign } from "./send.ts";

export interface SenderDeps {
  readonly state: StoreApi<FlowState>;
  readonly api: DesignerApi;
  readonly emit: (event: DesignerEventInput) => void;
  /** The texts on screen, in the language of the moment. */
  readonly translate: Translate;
  /** Where the issuer's page wants to be asked before a design is sent. */
  readonly askPage?: AskPage | undefined;
}

export interface Sender {
  /**
   * Sends when the rules are agreed to, and the very picture that was not accepted only when it is to be the `same`; otherwise points
   * that out. Resolves with the submission, or null.
   */
  send(same?: boolean): Promise<SubmissionView | null>;
  cancel(): void;
}

/** Sends one design at a time: what is asked for meanwhile gets the answer to that. */
export function createSender(
  deps: SenderDeps,
  dispatch: (event: FlowEvent) => void,
  task: LatestTask,
  onAcknowledged: (submission: SubmissionView) => void,
): Sender {
  const { state } = deps;
  let keyFor = createIdempotencyKeys();
  let previousSubmissionId = submissionOf(state.getState())?.submissionId ?? null;
  let running: Promise<SubmissionView | null> | null = null;
  let cancelling = new AbortController();

  const settle = (outcome: SendOutcome): SubmissionView | null => {
    if (outcome.kind === "acknowledged") {
      const { submission, isOther } = outcome;
      // The same design sent again, after a rejection, is another submission.
      keyFor = createIdempotencyKeys();
      previousSubmissionId = submission.submissionId;
      dispatch({ type: "acknowledged", submission, notice: isOther ? noticeOf("already-sent") : null });
      deps.emit({ type: "submitted", submissionId: submission.submissionId });
      onAcknowledged(submission);
      return submission;
    }
    if (outcome.kind === "unknown") dispatch({ type: "send-unresolved" });
    else {
      dispatch({ type: "send-stopped", notice: noticeOfStopped(outcome) });
    }
    return null;
  };

  const send = (same = false): Promise<SubmissionView | null> => {
    if (running !== null) return running;
    const before = state.getState();
    if (isOutdated(before, deps.translate("rules.version"))) dispatch({ type: "agreed", agreement: null });
    dispatch({ type: "send-asked", same });
    const now = state.getState();
    if (now.step === "follow" && !mayStartAgain(now.submission)) return Promise.resolve(now.submission);
    if (now.step !== "sending" || now === before) return Promise.resolve(null);
    const { picture, agreement } = now;
    cancelling = new AbortController();
    const rest = {
      onProgress: (fraction: number): void => dispatch({ type: "send-progressed", fraction }),
      onUnconfirmed: (): void => dispatch({ type: "send-unconfirmed" }),
      cancelled: cancelling.signal,
      wait,
    };
    running = task
      .start(async (signal) => {
        const sending = { api: deps.api, picture, agreement, keyFor, previousSubmissionId, signal, ...rest };
        return (await askPage(deps, dispatch, sending)) ?? sendDesign(sending);
      })
      .catch((error: unknown): SendOutcome => {
        // Nobody knows how far it came, so it is not called not sent.
        deps.emit(problemEvent("unexpected", unexpectedDetail, describeCause(error)));
        return { kind: "unknown" };
      })
      .then(settle)
      .finally(() => {
        running = null;
      });
    return running;
  };
  return { send, cancel: () => cancelling.abort() };
}

/** Null when the issuer's page lets it be sent, or does not want to be asked. */
async function askPage(
  deps: SenderDeps,
  dispatch: (event: FlowEvent) => void,
  { picture, agreement, cancelled, signal }: Pick<Sending, "picture" | "agreement" | "cancelled" | "signal">,
): Promise<Refusal | null> {
  if (deps.askPage === undefined) return null;
  dispatch({ type: "page-asked", waits: true });
  const summary = {
    productId: picture.design.productId,
    pictureSha256: picture.sha256,
    rulesVersion: agreement.rulesVersion,
  };
  const refusal = await askBeforeSubmit(deps.askPage, summary, anySignal([cancelled, signal]));
  dispatch({ type: "page-asked", waits: false });
  return refusal;
}

function noticeOfStopped(outcome: Exclude<SendOutcome, { kind: "acknowledged" | "unknown" }>): Notice {
  if (outcome.kind === "failed") return noticeOf(outcome.code, outcome.cause);
  if (outcome.kind === "cancelled") return noticeOf("send-cancelled");
  return { ...noticeOf("send-declined"), ...(outcome.sentence !== undefined && { sentence: outcome.sentence }) };
}

/** The issuer has changed its rules since they were agreed to. */
function isOutdated(state: FlowState, rulesNow: string): boolean {
  return state.step === "preview" && state.agreement !== null && state.agreement.rulesVersion !== rulesNow;
}

/** One key for each pair of design and picture. */
function createIdempotencyKeys(): (designSha256: string, pictureSha256: string) => string {
  const keys = new Map<string, string>();
  return (designSha256, pictureSha256) => {
    const pair = `${designSha256} ${pictureSha256}`;
    const key = keys.get(pair) ?? crypto.randomUUID();
    keys.set(pair, key);
    return key;
  };
}
