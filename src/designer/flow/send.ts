import type { Agreement } from "#contracts/agreement.ts";
import { describeCause } from "#contracts/describe-cause.ts";
import { Problem, type ProblemCode } from "#contracts/problem.ts";
import type { SubmissionView } from "#contracts/submission.ts";
import { statesThatAllowAnother } from "#contracts/submission-state.ts";
import { anySignal } from "../api/any-signal.ts";
import type { DesignerApi } from "../api/client.ts";
import { backOffMs, endsSession, ForeignAnswer, mayRetry, NoAnswer, pauseMs, type Wait } from "../api/request.ts";
import { addTrace } from "../api/trace.ts";
import type { Refusal } from "./ask-page.ts";
import type { PreviewPicture } from "./flow-state.ts";
import type { SendProblemCode } from "./notice.ts";

/**
 * `isOther`: what the session holds is an earlier design, sent for example from another tab.
 * `cancelled` and `failed` mean that the design has not arrived; `unknown` that nobody here can find out any more.
 */
export type SendOutcome =
  | { readonly kind: "acknowledged"; readonly submission: SubmissionView; readonly isOther: boolean }
  | Extract<Refusal, { kind: "declined" }>
  | { readonly kind: "cancelled" }
  /** `cause` is what `code` leaves open, for the issuer's support. */
  | { readonly kind: "failed"; readonly code: SendProblemCode; readonly cause?: string | undefined }
  | { readonly kind: "unknown" };

export interface Sending {
  readonly api: DesignerApi;
  readonly picture: Pick<PreviewPicture, "png" | "sha256" | "design">;
  readonly agreement: Agreement;
  /** The same key for the same design and picture until a submission has come of them: that is what makes repeating safe. */
  readonly keyFor: (designSha256: string, pictureSha256: string) => string;
  /** The submission of this session that was known before, if any. */
  readonly previousSubmissionId: string | null;
  readonly onProgress: (fraction: number) => void;
  /** The picture may have arrived, no answer has, and the first lookup has not settled it. */
  readonly onUnconfirmed: () => void;
  /** The cardholder cancelled: nothing more is sent, but what may have arrived is still looked up. */
  readonly cancelled: AbortSignal;
  /** The designer is closed: everything ends. */
  readonly signal: AbortSignal;
  readonly wait: Wait;
}

const attempts = 4;
/** Of a picture that may have arrived, with the first time: some four minutes, and it may have 12 MB. */
const maxSends = 24;
const lookUpTimeoutMs = 8000;
const longestPauseMs = 15_000;
/** After the last byte the server may still be busy with the picture, so one empty lookup proves nothing; this many in a row do. */
const maxEmptyLookups = 5;

/**
 * Stores the design, then sends the picture that belongs to it, at most once in effect. Once the picture may have
 * arrived this goes on, as long as it takes, until the server has said whether it did. Never rejects.
 */
export async function sendDesign(sending: Sending): Promise<SendOutcome> {
  const { api } = sending;
  let broken: unknown;
  const outcome = await settle(sending, (error) => {
    broken = error;
  });
  if (outcome.kind !== "acknowledged" && broken instanceof ForeignAnswer) api.reportForeign(broken);
  return outcome;
}

/** `onBroken` is told why each attempt to send the picture has failed. */
async function settle(sending: Sending, onBroken: (error: unknown) => void): Promise<SendOutcome> {
  const { api, agreement, picture, cancelled, signal } = sending;
  const stop = anySignal([cancelled, signal]);
  try {
    const { designSha256 } = await api.storeDesign(picture.design, stop);
    const idempotencyKey = sending.keyFor(designSha256, picture.sha256);
    const attempt = async (): Promise<Attempt> => {
      const once = async (): Promise<Attempt> => {
        const result = await sendOnce(sending, { ...picture, designSha256, agreement, idempotencyKey }, stop);
        if (result.kind === "broken") onBroken(result.error);
        return result;
      };
      const first = await once();
      if (first.kind === "acknowledged" || !isDesignUnknown(first.error)) return first;
      // The session has been replaced by another in between.
      await api.storeDesign(picture.design, stop);
      return once();
    };
    const first = await trySending(sending, attempt, stop);
    if (first.kind === "acknowledged") return first;
    return await (first.mayHaveArrived
      ? resolveUnconfirmed(sending, attempt, first.error)
      : endWith(first.error, cancelled));
  } catch (error) {
    return signal.aborted ? { kind: "unknown" } : endWith(error, cancelled);
  }
}

type PictureToSend = Omit<Parameters<DesignerApi["sendPicture"]>[0], "onProgress">;
type Acknowledged = Extract<SendOutcome, { kind: "acknowledged" }>;
type Attempt = Acknowledged | { readonly kind: "broken"; readonly error: unknown; readonly mayHaveArrived: boolean };

async function sendOnce(sending: Sending, picture: PictureToSend, stop: AbortSignal): Promise<Attempt> {
  let allLeft = false;
  const onProgress = (fraction: number): void => {
    if (fraction >= 1) allLeft = true;
    sending.onProgress(fraction);
  };
  try {
    const submission = await sending.api.sendPicture({ ...picture, onProgress }, stop);
    return { kind: "acknowledged", submission, isOther: false };
  } catch (error) {
    return { kind: "broken", error, mayHaveArrived: mayHaveArrived(error, allLeft) };
  }
}

const isDesignUnknown = (error: unknown): boolean => error instanceof Problem && error.code === "design-unknown";

/**
 * After the last byte, no answer and 5xx leave it open, and so does whatever something on the way has answered to the picture, at any
 * time: it may have passed it on before. So does any 409: something is there already.
 */
function mayHaveArrived(error: unknown, allLeft: boolean): boolean {
  // Before the picture a token may have been asked for.
  if (error instanceof ForeignAnswer) return allLeft || error.asked.path.endsWith("/submissions");
  if (!(error instanceof Problem)) return allLeft;
  return error.status === 409 || (allLeft && error.status >= 500);
}

/** A connection that was too slow will be so again, so the cardholder is told after the first time. */
function mayTryAgain(error: unknown): boolean {
  return mayRetry(error) && !(error instanceof Problem && error.code === "body-too-slow");
}

async function trySending({ wait }: Sending, attempt: () => Promise<Attempt>, stop: AbortSignal): Promise<Attempt> {
  for (let failures = 0; ; failures += 1) {
    const result = await attempt();
    if (result.kind === "acknowledged" || result.mayHaveArrived || stop.aborted) return result;
    if (failures + 1 >= attempts || !mayTryAgain(result.error)) return result;
    await wait(pauseMs(result.error, backOffMs(failures, 1000, longestPauseMs)), stop);
  }
}

/** Looks up and, unless it was cancelled, sends again under the same key, so many times; looks up until the server has said what it has. */
async function resolveUnconfirmed(
  sending: Sending,
  attempt: () => Promise<Attempt>,
  firstError: unknown,
): Promise<SendOutcome> {
  const { cancelled, signal, wait, onUnconfirmed } = sending;
  let error = firstError;
  let emptyLookups = 0;
  let sends = 1;
  let foreignAnswers = firstError instanceof ForeignAnswer ? 1 : 0;
  for (let rounds = 0; ; rounds += 1) {
    const lookup = await lookUp(sending);
    if (lookup.kind === "found") {
      const { submission } = lookup;
      return { kind: "acknowledged", submission, isOther: submission.pictureSha256 !== sending.picture.sha256 };
    }
    if (lookup.kind === "refused") return { kind: "unknown" };
    onUnconfirmed();
    emptyLookups = lookup.kind === "none" ? emptyLookups + 1 : 0;
    if (emptyLookups === maxEmptyLookups) return endWith(error, cancelled);
    // What answers in the server's place while that can be asked all the same will not let it through with any number of tries.
    const maySend = sends < maxSends && foreignAnswers < attempts;
    if (emptyLookups > 0 && !cancelled.aborted && mayTryAgain(error) && maySend) {
      sends += 1;
      const again = await attempt();
      if (again.kind === "acknowledged") return again;
      error = again.error;
      if (error instanceof ForeignAnswer) foreignAnswers += 1;
      if (again.mayHaveArrived) emptyLookups = 0;
    }
    await wait(pauseMs(error, backOffMs(rounds, 1000, longestPauseMs)), signal);
  }
}

type Lookup =
  | { readonly kind: "found"; readonly submission: SubmissionView }
  /** `none`: nothing has come into being. `unknown`: no answer. `refused`: the session has ended. */
  | { readonly kind: "none" | "unknown" | "refused" };

/** Whether a submission of this picture, or another one that is under way, has come into being since. */
async function lookUp({ api, picture, previousSubmissionId, signal }: Sending): Promise<Lookup> {
  try {
    const { submission } = await api.readSession(anySignal([signal, AbortSignal.timeout(lookUpTimeoutMs)]));
    if (submission === null || submission.submissionId === previousSubmissionId) return { kind: "none" };
    const isAnswer = submission.pictureSha256 === picture.sha256 || !statesThatAllowAnother.has(submission.state);
    return isAnswer ? { kind: "found", submission } : { kind: "none" };
  } catch (error) {
    return { kind: endsSession(error) ? "refused" : "unknown" };
  }
}

function endWith(error: unknown, cancelled: AbortSignal): SendOutcome {
  if (cancelled.aborted) return { kind: "cancelled" };
  const code = codeOf(error);
  const isPlain = error instanceof NoAnswer || (error instanceof Problem && codes[error.code] !== undefined);
  const cause = addTrace(error, isPlain ? undefined : causeOf(error));
  return { kind: "failed", code, ...(cause !== undefined && { cause }) };
}

/** A server's problem by its code; anything else is a fault of ours. */
function causeOf(error: unknown): string | undefined {
  if (!(error instanceof Problem)) return describeCause(error);
  const behind = error.cause instanceof Problem ? ` < ${causeOf(error.cause)}` : "";
  return `${error.code} (${error.status})${behind}`;
}

const codes: Partial<Record<ProblemCode, SendProblemCode>> = {
  "text-refused": "send-text-refused",
  "picture-refused": "send-picture-refused",
  "picture-differs": "send-picture-differs",
  "body-too-large": "send-picture-refused",
  "body-too-slow": "send-too-slow",
  "digest-mismatch": "send-damaged",
  "not-offered": "not-offered",
  "template-broken": "not-offered",
};

function codeOf(error: unknown): SendProblemCode {
  if (error instanceof ForeignAnswer) return "foreign-answer";
  if (error instanceof NoAnswer) return "send-no-connection";
  if (!(error instanceof Problem)) return "send-busy";
  if (error.status === 401 && !error.retryable) return "session-ended";
  return codes[error.code] ?? (error.retryable ? "send-busy" : "send-not-accepted");
}
