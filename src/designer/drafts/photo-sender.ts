import { Problem } from "#contracts/problem.ts";
import type { ImageClient, PhotoFile } from "#image/client.ts";
import { ForeignAnswer, NoAnswer } from "../api/request.ts";
import type { ServerDrafts } from "./server-drafts.ts";

/** The server, or what stands before it, will never take this photo. */
const isRefusal = (error: unknown): boolean =>
  error instanceof ForeignAnswer
    ? [413, 415, 422].includes(error.status)
    : error instanceof Problem &&
      !error.retryable &&
      (error.code === "beyond-limit" || [413, 415, 422].includes(error.status));

/** A photo is large: one that did not get through is not tried with every edit, unless the connection is back. */
const pauseMs = 60_000;

export interface PhotoSender {
  /**
   * Sees to it that the server has the photo's bare file, and gives that file's SHA-256; null where it is never to have it. It is not
   * sent again where it is `known` to be there. Rejects with NoAnswer, Problem, PhotoProblem, or the signal's reason.
   */
  send(photo: PhotoFile, known: string | null, signal: AbortSignal): Promise<string | null>;
  /** The connection is back. */
  stopPausing(): void;
}

export function createPhotoSender(server: ServerDrafts, makeBare: ImageClient["makeBare"]): PhotoSender {
  let bare: { readonly of: string; readonly file: PhotoFile | null } | undefined;
  let failure: { readonly sha256: string; readonly at: number } | undefined;
  return {
    async send(photo, known, signal) {
      if (bare?.of !== photo.sha256) bare = { of: photo.sha256, file: await makeBare(photo.bytes, signal) };
      const { file } = bare;
      if (file === null || file.sha256 === known) return file?.sha256 ?? null;
      if (failure?.sha256 === file.sha256 && Date.now() < failure.at + pauseMs) throw new NoAnswer();
      try {
        await server.writePhoto(file, signal);
        return file.sha256;
      } catch (error) {
        if (isRefusal(error)) {
          bare = { of: photo.sha256, file: null };
          return null;
        }
        if (!signal.aborted) failure = { sha256: file.sha256, at: Date.now() };
        throw error;
      }
    },
    stopPausing() {
      failure = undefined;
    },
  };
}
