import { Problem } from "#contracts/problem.ts";
import type { SubmissionState } from "#contracts/submission-state.ts";
import type { PhotoFile } from "#image/client.ts";
import type { Access, Shown } from "../api/access.ts";
import { isAssetStored, isDraftStored, isSubmissionView } from "../api/answers.ts";
import { formOfBlob } from "../api/file-form.ts";
import {
  type Call,
  NoAnswer,
  pageTransport,
  parseJson,
  parseText,
  request,
  requireKind,
  type Transport,
  usualBudget,
  withRetries,
} from "../api/request.ts";

const timeoutMs = 15_000;
/** 120 MB at 5 Mbit/s. */
const photoTimeoutMs = 200_000;

/** A design document as the server keeps it, and its SHA-256. */
export interface KeptDocument {
  readonly document: unknown;
  readonly sha256: string;
}

export interface NewDocument {
  readonly document: string;
  /** SHA-256 of those in whose place it comes; none: there is nothing. */
  readonly expected: readonly string[];
  /** The submission that was made of it already; with its card the draft goes. */
  readonly submissionId: string | null;
}

/**
 * The cardholder's draft at the server, whichever session or device asks. Calls reject with Problem (the server said no), NoAnswer, or
 * the signal's reason; what may be repeated safely has been repeated by then.
 */
export interface ServerDrafts {
  read(signal?: AbortSignal): Promise<KeptDocument | null>;
  readPhoto(sha256: string, signal?: AbortSignal): Promise<Blob>;
  /** Rejects with Problem: draft-changed, asset-unknown. */
  write(draft: NewDocument, signal: AbortSignal): Promise<void>;
  /** The file has to be bare. Tried once: it is large. */
  writePhoto(photo: PhotoFile, signal: AbortSignal): Promise<void>;
  /** The draft and its photos, for good; with `expected` only a document of those SHA-256. Rejects with Problem: draft-changed. */
  remove(expected?: readonly string[], signal?: AbortSignal): Promise<void>;
  /** What has become of a submission; null where the server does not know it. */
  readState(submissionId: string, signal?: AbortSignal): Promise<SubmissionState | null>;
}

/** However a proxy that has compressed the answer writes it: weak, or with a name of its own at the end. */
function readEtag(response: Response): string {
  const sha256 = /[0-9a-f]{64}/.exec(response.headers.get("etag") ?? "")?.[0];
  if (sha256 === undefined) throw new NoAnswer();
  return sha256;
}

const ifMatch = (expected: readonly string[]) => ({ "if-match": expected.map((sha256) => `"${sha256}"`).join(", ") });

/** For what this server says that it does not have. Anything on the way to it may answer 404 as well, and knows nothing. */
function nullIfMissing(error: unknown): null {
  if (error instanceof Problem && error.code === "not-found" && error.detail !== undefined) return null;
  throw error;
}

async function readImage(response: Response): Promise<Blob> {
  requireKind(response, "image/");
  return response.blob();
}

// A page in place of the answer is no proof that anything was kept or deleted.
const readDraftStored = async (response: Response) => parseText(await response.text(), isDraftStored);
const readAssetStored = async (response: Response) => parseText(await response.text(), isAssetStored);
async function requireGone({ status }: Response): Promise<void> {
  if (status !== 204) throw new NoAnswer();
}

export function createServerDrafts(access: Access, transport: Transport = pageTransport): ServerDrafts {
  const call = <Answer>(
    method: Call["method"],
    path: (session: string) => string,
    rest: Partial<Pick<Call, "headers" | "body" | "timeoutMs" | "signal">>,
    read: (response: Response) => Promise<Answer>,
    budget = usualBudget,
  ): Promise<Answer> =>
    withRetries(transport, budget, rest.signal, () =>
      access.withToken(
        { method, path },
        (shown: Shown) => {
          const headers = { ...shown.headers, ...rest.headers };
          return request(transport, { timeoutMs, ...rest, ...shown, headers }, read);
        },
        rest.signal,
      ),
    );
  const draft = (session: string): string => `${session}/draft`;
  const asset = (sha256: string) => (session: string) => `${session}/assets/${sha256}`;
  return {
    read: (signal) =>
      call("GET", draft, { signal }, async (response) => ({
        document: parseJson(await response.text()),
        sha256: readEtag(response),
      })).catch(nullIfMissing),
    readPhoto: (sha256, signal) => {
      const rest = { timeoutMs: photoTimeoutMs, signal };
      return call("GET", asset(sha256), rest, readImage, { ...usualBudget, retries: 1 });
    },
    write: async ({ document, expected, submissionId }, signal) => {
      const condition = expected.length === 0 ? { "if-none-match": "*" } : ifMatch(expected);
      const headers = { "content-type": "application/json", ...condition };
      const path = (session: string): string =>
        submissionId === null ? draft(session) : `${draft(session)}?submissionId=${encodeURIComponent(submissionId)}`;
      await call("POST", path, { headers, body: document, signal }, readDraftStored);
    },
    writePhoto: async ({ sha256, bytes }, signal) => {
      const { contentType, body } = await formOfBlob(bytes);
      signal.throwIfAborted();
      const rest = { headers: { "content-type": contentType }, body, timeoutMs: photoTimeoutMs, signal };
      await call("POST", asset(sha256), rest, readAssetStored, {
        ...usualBudget,
        retries: 0,
      });
    },
    remove: async (expected, signal) => {
      const headers = expected === undefined ? {} : ifMatch(expected);
      await call("POST", (session) => `${draft(session)}/delete`, { headers, signal }, requireGone);
    },
    readState: (submissionId, signal) =>
      call(
        "GET",
        () => `/v1/submissions/${encodeURIComponent(submissionId)}`,
        { signal },
        async (response) => parseText(await response.text(), isSubmissionView).state,
      ).catch(nullIfMissing),
  };
}
