import { type Agreement, writeAgreement } from "#contracts/agreement.ts";
import type { SessionView } from "#contracts/session.ts";
import type { DesignStored, SubmissionView } from "#contracts/submission.ts";
import { withResolvers } from "#contracts/with-resolvers.ts";
import type { Design } from "#design/design.ts";
import type { Access } from "./access.ts";
import { isDesignStored, isSessionView, isSubmissionView, withKnownArt } from "./answers.ts";
import { formOfBytes } from "./file-form.ts";
import { followSubmission } from "./follow.ts";
import {
  type AnswerHead,
  type Asked,
  ForeignAnswer,
  NoAnswer,
  pageTransport,
  parseJson,
  parseText,
  readProblem,
  request,
  requestParsed,
  requireKind,
  type Transport,
  usualBudget,
  withRetries,
} from "./request.ts";
import type { Page } from "./sight.ts";
import { withTrace } from "./trace.ts";

const timeoutMs = 15_000;
/** The platform may need a while for its preview: about four minutes of retries, then the designed picture has to do. */
const previewBudget = { retries: 20, firstMs: 1000, longestMs: 15_000 } as const;

export interface PictureToSend {
  readonly png: Uint8Array<ArrayBuffer>;
  /** SHA-256 of `png`, hexadecimal. */
  readonly sha256: string;
  readonly designSha256: string;
  readonly agreement: Agreement;
  readonly idempotencyKey: string;
  readonly onProgress: (fraction: number) => void;
}

/**
 * The server, as the designer sees it. Calls reject with Problem (the server said no), NoAnswer (nobody knows),
 * or the reason of the signal. Everything that may be repeated safely has been repeated before it rejects.
 */
export interface DesignerApi {
  readSession(signal?: AbortSignal): Promise<SessionView>;
  storeDesign(design: Design, signal: AbortSignal): Promise<DesignStored>;
  /** One attempt: whether and when to make another belongs to the caller, who keeps the idempotency key and tells of a foreign answer. */
  sendPicture(picture: PictureToSend, signal: AbortSignal): Promise<SubmissionView>;
  /** Tells of a foreign answer to a picture that is not sent again. */
  reportForeign(answer: ForeignAnswer): void;
  /**
   * Reports every change after `from` until a final state; survives breaks of the connection.
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

const headersOf = (picture: PictureToSend) => ({
  "picture-digest": digestHeader(picture.sha256),
  "design-digest": digestHeader(picture.designSha256),
  agreement: writeAgreement(picture.agreement),
  "idempotency-key": picture.idempotencyKey,
});

export function createApi(
  access: Access,
  transport: Transport = pageTransport,
  upload: SendUpload = sendUpload,
  page: Page | undefined = globalThis.document,
): DesignerApi {
  const readSession = (signal?: AbortSignal): Promise<SessionView> =>
    withRetries(transport, usualBudget, signal, () =>
      access.withToken(
        { method: "GET", path: (session) => session },
        async (shown) => withKnownArt(await requestParsed(transport, { ...shown, timeoutMs, signal }, isSessionView)),
        signal,
      ),
    );

  return {
    readSession,
    storeDesign: (design, signal) =>
      withRetries(transport, usualBudget, signal, () =>
        access.withToken(
          { method: "POST", path: (session) => `${session}/design` },
          (shown) => {
            const headers = { ...shown.headers, "content-type": "application/json" };
            const call = { ...shown, headers, body: JSON.stringify(design) };
            return requestParsed(transport, { ...call, timeoutMs, signal }, isDesignStored);
          },
          signal,
        ),
      ),
    sendPicture: (picture, signal) => sendPicture({ transport, access, upload }, picture, signal),
    reportForeign: (answer) => transport.onForeign?.(answer),
    followSubmission: (from, onChange, signal) =>
      followSubmission({ transport, access, readSession, page }, from, onChange, signal),
    readPreview: (submissionId, widthPx, signal) =>
      withRetries(transport, previewBudget, signal, () =>
        access.withToken(
          {
            method: "GET",
            path: () =>
              `/v1/submissions/${encodeURIComponent(submissionId)}/preview?width=${widthPx}&format=png&corner=round&type=design-with-template`,
          },
          (shown) =>
            request(transport, { ...shown, timeoutMs, signal }, async (response) => {
              requireKind(response, "image/");
              return response.blob();
            }),
          signal,
        ),
      ),
  };
}

interface SendDeps {
  readonly transport: Transport;
  readonly access: Access;
  readonly upload: SendUpload;
}

function sendPicture(
  { transport, access, upload }: SendDeps,
  picture: PictureToSend,
  signal: AbortSignal,
): Promise<SubmissionView> {
  const { contentType, body } = formOfBytes(picture.png);
  const { onProgress } = picture;
  return access.withToken(
    { method: "POST", path: (session) => `${session}/submissions` },
    async ({ path, headers: shown, onNonce }) => {
      const url = `${transport.baseUrl}${path}`;
      const answer = await withTrace((traceparent) => {
        const headers = { ...shown, ...headersOf(picture), "content-type": contentType, traceparent };
        return upload({ url, headers, body, onProgress, onNonce, signal });
      });
      return parseText(answer, isSubmissionView);
    },
    signal,
  );
}

export interface Upload {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
  /** 0 to 1 while the bytes leave; 1 means that all have left, not that they have arrived. */
  readonly onProgress: (fraction: number) => void;
  /** Told the nonce of the answer. */
  readonly onNonce: (nonce: string | null) => void;
  readonly signal: AbortSignal;
}

/** Sends bytes by POST and resolves with the answer's text. Rejects with Problem, NoAnswer, or the signal's reason. */
export type SendUpload = (upload: Upload) => Promise<string>;

/** The longest an upload may take as a whole: 12 MB at 1 Mbit/s is 96 s. */
const uploadTimeoutMs = 180_000;

/** Why the answer to an upload is none, if that is so. */
export function findFailure(asked: Asked, head: AnswerHead, text: string): Error | null {
  const { status, contentType } = head;
  if (status < 200 || status >= 300) return readProblem(asked, head, text);
  return isSubmissionView(parseJson(text)) ? null : new ForeignAnswer(asked, status, contentType);
}

/** By XMLHttpRequest, since `fetch` does not tell how much has left. */
export const sendUpload: SendUpload = ({ url, headers, body, onProgress, onNonce, signal }) => {
  const { promise, resolve, reject } = withResolvers<string>();
  if (signal.aborted) return Promise.reject(signal.reason as Error);
  const xhr = new XMLHttpRequest();
  const abort = () => xhr.abort();
  xhr.open("POST", url);
  xhr.timeout = uploadTimeoutMs;
  for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
  xhr.upload.onprogress = (event) => onProgress(event.lengthComputable ? event.loaded / event.total : 0);
  xhr.upload.onload = () => onProgress(1);
  xhr.onload = () => {
    onNonce(xhr.getResponseHeader("dpop-nonce"));
    const [contentType, retryAfter] = ["content-type", "retry-after"].map((name) => xhr.getResponseHeader(name));
    const head = { status: xhr.status, contentType: contentType ?? null, retryAfter: retryAfter ?? null };
    const failure = findFailure({ method: "POST", path: url, sentBytes: body.length }, head, xhr.responseText);
    if (failure === null) resolve(xhr.responseText);
    else reject(failure);
  };
  xhr.onerror = () => reject(new NoAnswer());
  xhr.ontimeout = () => reject(new NoAnswer());
  xhr.onabort = () => reject(signal.reason);
  xhr.onloadend = () => signal.removeEventListener("abort", abort);
  signal.addEventListener("abort", abort, { once: true });
  xhr.send(body);
  return promise;
};
