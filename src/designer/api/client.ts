import { Problem } from "#contracts/problem.ts";
import { type SessionView, sessionView } from "#contracts/session.ts";
import {
  type DesignStored,
  designStored,
  finalStates,
  type SubmissionView,
  submissionView,
} from "#contracts/submission.ts";
import type { DesignDocument } from "#design/document.ts";
import { type Access, createAccess, type HostAccess } from "./access.ts";
import { parseAnswer, parseText } from "./answer.ts";
import { readEvents } from "./events.ts";
import { asFailure, endsSession, pageWays, request, retrying, usualBudget, type Ways } from "./request.ts";
import { type SendUpload, sendUpload } from "./upload.ts";
import { backOffMs } from "./wait.ts";

const timeoutMs = 15_000;
/** A preview may take the platform a while: about four minutes of patience, then the designed picture has to do. */
const previewBudget = { retries: 20, firstMs: 1000, longestMs: 15_000 } as const;
const longestFollowPauseMs = 60_000;

export interface PictureToSend {
  readonly png: Uint8Array<ArrayBuffer>;
  /** SHA-256 of `png`, hexadecimal. */
  readonly sha256: string;
  readonly designSha256: string;
  readonly idempotencyKey: string;
  readonly onProgress: (fraction: number) => void;
}

/**
 * The server, as the designer sees it. Calls reject with Problem (the server said no), NoConnection (nobody knows),
 * or the reason of the signal. Everything that may be repeated safely has been repeated before it rejects.
 */
export interface DesignerApi {
  open(): Promise<SessionView>;
  readSession(signal?: AbortSignal): Promise<SessionView>;
  storeDesign(design: DesignDocument, signal: AbortSignal): Promise<DesignStored>;
  /** One attempt: whether and when to make another belongs to the caller, who keeps the idempotency key. */
  sendPicture(picture: PictureToSend, signal: AbortSignal): Promise<SubmissionView>;
  /**
   * Tells every change after `from` until a final state; survives breaks of the connection.
   * Rejects with Problem("not-found") when neither the server nor the session knows of the submission any more.
   */
  followSubmission(from: SubmissionView, onChange: (now: SubmissionView) => void, signal: AbortSignal): Promise<void>;
  /** The platform's own picture of the card, `widthPx` wide with round corners. Waits while it does not exist yet. */
  readPreview(submissionId: string, widthPx: number, signal: AbortSignal): Promise<Blob>;
}

/** `sha-256=:BASE64:` of RFC 9530, from a hexadecimal digest. */
export function digestHeader(sha256: string): string {
  const bytes = sha256.match(/../g)?.map((pair) => String.fromCharCode(Number.parseInt(pair, 16))) ?? [];
  return `sha-256=:${btoa(bytes.join(""))}:`;
}

export function createApi(host: HostAccess, ways: Ways = pageWays, upload: SendUpload = sendUpload): DesignerApi {
  const access = createAccess(ways, host);
  const sessionPath = `/v1/sessions/${encodeURIComponent(access.sessionId)}`;

  const readSession = (signal?: AbortSignal): Promise<SessionView> =>
    retrying(ways, usualBudget, signal, () =>
      access.withToken(async (authorization) => {
        const call = { method: "GET", path: sessionPath, headers: { authorization }, timeoutMs, signal } as const;
        return parseAnswer(await request(ways, call), sessionView);
      }, signal),
    );

  return {
    open: access.open,
    readSession,
    storeDesign: (design, signal) =>
      retrying(ways, usualBudget, signal, () =>
        access.withToken(async (authorization) => {
          const headers = { authorization, "content-type": "application/json" };
          const call = { method: "PUT", path: `${sessionPath}/design`, headers, body: JSON.stringify(design) } as const;
          return parseAnswer(await request(ways, { ...call, timeoutMs, signal }), designStored);
        }, signal),
      ),
    sendPicture: (picture, signal) =>
      access.withToken(async (authorization) => {
        const headers = {
          authorization,
          "content-type": "image/png",
          "content-digest": digestHeader(picture.sha256),
          "design-digest": digestHeader(picture.designSha256),
          "idempotency-key": picture.idempotencyKey,
        };
        const url = `${ways.baseUrl}${sessionPath}/submissions`;
        const answer = await upload({ url, headers, body: picture.png, onProgress: picture.onProgress, signal });
        return parseText(answer, submissionView);
      }, signal),
    followSubmission: (from, onChange, signal) => follow({ ways, access, readSession }, from, onChange, signal),
    readPreview: (submissionId, widthPx, signal) =>
      retrying(ways, previewBudget, signal, () =>
        access.withToken(async (authorization) => {
          const path = `/v1/submissions/${encodeURIComponent(submissionId)}/preview?width=${widthPx}&format=png&corner=round&type=design-with-template`;
          const response = await request(ways, { method: "GET", path, headers: { authorization }, timeoutMs, signal });
          return response.blob().catch((error: unknown) => Promise.reject(asFailure(error, signal)));
        }, signal),
      ),
  };
}

interface FollowWays {
  readonly ways: Ways;
  readonly access: Access;
  readonly readSession: DesignerApi["readSession"];
}

async function follow(
  { ways, access, readSession }: FollowWays,
  from: SubmissionView,
  tell: (now: SubmissionView) => void,
  signal: AbortSignal,
): Promise<void> {
  let last = from;
  let pauses = 0;
  const onChange = (now: SubmissionView): void => {
    if (now.submissionId !== from.submissionId || now.sequence <= last.sequence) return;
    last = now;
    pauses = 0;
    tell(now);
  };
  const { submissionId } = from;
  const onOpen = (): void => {
    pauses = 0;
  };
  while (!finalStates.has(last.state)) {
    try {
      await access.withToken(
        (authorization) =>
          readEvents(ways, { submissionId, authorization, lastEventId: last.sequence, onOpen, onChange, signal }),
        signal,
      );
    } catch (error) {
      if (signal.aborted) throw error;
      // No stream to be had: the state itself is asked for instead.
      const session = await readSession(signal).catch((reason: unknown) => {
        if (signal.aborted || endsSession(reason)) throw reason;
        return null;
      });
      const isGone = session !== null && session.submission?.submissionId !== submissionId;
      if (isGone && error instanceof Problem && error.code === "not-found") throw error;
      if (session?.submission) onChange(session.submission);
    }
    if (finalStates.has(last.state)) return;
    await ways.wait(backOffMs(pauses, 1000, longestFollowPauseMs), signal);
    pauses += 1;
  }
}
