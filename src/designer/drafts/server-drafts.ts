import { Problem } from "#contracts/problem.ts";
import type { PhotoFile } from "#image/client.ts";
import type { Access, Shown } from "../api/access.ts";
import {
  type Call,
  NoAnswer,
  pageTransport,
  parseJson,
  request,
  type Transport,
  usualBudget,
  withRetries,
} from "../api/request.ts";

const timeoutMs = 15_000;
/** 120 MB at 5 Mbit/s. */
const photoTimeoutMs = 200_000;

/** A design document as the server keeps it, and the ETag that names it. */
export interface KeptDocument {
  readonly document: unknown;
  readonly etag: string;
}

/**
 * The cardholder's draft at the server, whichever session or device asks. Calls reject with Problem (the server said no) or NoAnswer;
 * what may be repeated safely has been repeated by then.
 */
export interface ServerDrafts {
  read(): Promise<KeptDocument | null>;
  readPhoto(sha256: string): Promise<Blob>;
  /** In place of the document that `base` names; null: of none. Gives the new one's ETag. Rejects with Problem("draft-changed"). */
  write(document: string, base: string | null): Promise<string>;
  /** The file has to be bare. Rejects with the signal's reason, too. */
  writePhoto(photo: PhotoFile, signal: AbortSignal): Promise<void>;
  /** The draft and its photos, for good. */
  remove(): Promise<void>;
}

function readEtag(response: Response): string {
  const etag = response.headers.get("etag");
  if (etag === null) throw new NoAnswer();
  return etag;
}

export function createServerDrafts(access: Access, transport: Transport = pageTransport): ServerDrafts {
  const call = <Answer>(
    method: Call["method"],
    path: string,
    rest: Partial<Pick<Call, "headers" | "body" | "timeoutMs" | "signal">>,
    read: (response: Response) => Promise<Answer>,
  ): Promise<Answer> =>
    withRetries(transport, usualBudget, rest.signal, () =>
      access.withToken(
        { method, path: (session) => `${session}/${path}` },
        (shown: Shown) => {
          const headers = { ...shown.headers, ...rest.headers };
          return request(transport, { timeoutMs, ...rest, ...shown, headers }, read);
        },
        rest.signal,
      ),
    );
  return {
    read: () =>
      call("GET", "draft", {}, async (response) => ({
        document: parseJson(await response.text()),
        etag: readEtag(response),
      })).catch((error: unknown) => {
        if (error instanceof Problem && error.code === "not-found") return null;
        throw error;
      }),
    readPhoto: (sha256) =>
      call("GET", `assets/${sha256}`, { timeoutMs: photoTimeoutMs }, (response) => response.blob()),
    write: (body, base) => {
      const condition = base === null ? { "if-none-match": "*" } : { "if-match": base };
      const headers = { "content-type": "application/json", ...condition };
      return call("PUT", "draft", { headers, body }, async (response) => {
        await response.text();
        return readEtag(response);
      });
    },
    writePhoto: async ({ sha256, bytes }, signal) => {
      const rest = { headers: { "content-type": bytes.type }, body: bytes, timeoutMs: photoTimeoutMs, signal };
      await call("PUT", `assets/${sha256}`, rest, (response) => response.text());
    },
    remove: async () => {
      await call("DELETE", "draft", {}, (response) => response.text());
    },
  };
}
