import { Problem } from "#contracts/problem.ts";
import type { SubmissionView } from "#contracts/submission.ts";
import type { DesignDocument } from "#design/document.ts";
import type { RenderedPicture } from "#image/client.ts";
import type { DesignerApi } from "../api/client.ts";
import { AnsweredProblem, mayRetry, NoConnection } from "../api/request.ts";
import { backOffMs, type Wait } from "../api/wait.ts";
import type { SendProblemCode } from "./notice.ts";

/** `isOther`: what the session holds is an earlier design, sent for example from another tab. */
export type SendOutcome =
  | { readonly kind: "acknowledged"; readonly submission: SubmissionView; readonly isOther: boolean }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly code: SendProblemCode };

export interface Sending {
  readonly api: DesignerApi;
  readonly design: DesignDocument;
  readonly picture: RenderedPicture;
  /** The same key for the same design and picture, always: that is what makes repeating safe. */
  readonly keyFor: (designSha256: string, pictureSha256: string) => string;
  /** The submission of this session that was known before, if any. */
  readonly previousSubmissionId: string | null;
  readonly onProgress: (fraction: number) => void;
  readonly signal: AbortSignal;
  readonly wait: Wait;
}

const attempts = 4;
/** After a cancelled upload the server may still be storing what arrived; so long it is asked whether it did. */
const lookUpPausesMs = [0, 700, 2000] as const;

/**
 * Stores the design, then sends the picture that belongs to it, at most once in effect.
 * When it cannot be known whether the picture arrived, the server is asked before anything else happens. Never rejects.
 */
export async function sendDesign(sending: Sending): Promise<SendOutcome> {
  const { api, design, picture, signal } = sending;
  let mayHaveArrived = false;
  const onProgress = (fraction: number): void => {
    if (fraction >= 1) mayHaveArrived = true;
    sending.onProgress(fraction);
  };
  try {
    const { designSha256 } = await api.storeDesign(design, signal);
    const idempotencyKey = sending.keyFor(designSha256, picture.sha256);
    const submission = await sendWithRetries(sending, { ...picture, designSha256, idempotencyKey, onProgress });
    return { kind: "acknowledged", submission, isOther: false };
  } catch (error) {
    const alreadySent = error instanceof Problem && error.code === "already-submitted";
    if (mayHaveArrived || alreadySent) {
      const found = await lookUp(sending, signal.aborted ? lookUpPausesMs : [0]);
      if (found !== null) {
        return { kind: "acknowledged", submission: found, isOther: found.pictureSha256 !== picture.sha256 };
      }
    }
    return signal.aborted ? { kind: "cancelled" } : { kind: "failed", code: codeOf(error) };
  }
}

type PictureToSend = Parameters<DesignerApi["sendPicture"]>[0];

async function sendWithRetries({ api, signal, wait }: Sending, picture: PictureToSend): Promise<SubmissionView> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await api.sendPicture(picture, signal);
    } catch (error) {
      if (signal.aborted || failures + 1 >= attempts || !mayRetry(error)) throw error;
      const asked = error instanceof AnsweredProblem ? (error.retryAfterMs ?? 0) : 0;
      await wait(Math.max(asked, backOffMs(failures, 1000, 8000)), signal);
    }
  }
}

/** The submission that has come into being since, or null when there is none or nobody can say. */
async function lookUp(
  { api, previousSubmissionId, wait }: Sending,
  pausesMs: readonly number[],
): Promise<SubmissionView | null> {
  try {
    for (const pauseMs of pausesMs) {
      if (pauseMs > 0) await wait(pauseMs);
      const { submission } = await api.readSession();
      if (submission !== null && submission.submissionId !== previousSubmissionId) return submission;
    }
  } catch {
    // Not knowing is an answer here: the same key makes the next attempt safe.
  }
  return null;
}

function codeOf(error: unknown): SendProblemCode {
  if (error instanceof NoConnection) return "send-no-connection";
  if (!(error instanceof Problem)) return "send-busy";
  if (error.code === "picture-refused" || error.code === "body-too-large") return "send-picture-refused";
  if (error.status === 401) return "session-ended";
  return error.retryable ? "send-busy" : "send-not-accepted";
}
