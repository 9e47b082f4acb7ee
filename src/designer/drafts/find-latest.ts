import { draftEnds, statesThatAllowAnother } from "#contracts/submission-state.ts";
import { photoOf } from "#design/design.ts";
import { NoAnswer } from "../api/request.ts";
import type { Draft, KeptDraft } from "./draft-store.ts";
import { readDesign } from "./read-design.ts";
import type { KeptDocument, ServerDrafts } from "./server-drafts.ts";

/** A draft of the server's, and the SHA-256 of its document. */
export interface Other {
  readonly draft: Draft;
  readonly sha256: string;
}

/** With its photo, if it has one. Rejects with Problem or NoAnswer, also for what is no design, and with LaterVersion. */
export async function openKept(
  server: ServerDrafts,
  { document, sha256 }: KeptDocument,
  signal?: AbortSignal,
): Promise<Other> {
  const design = await readDesign(document);
  if (design === null) throw new NoAnswer();
  const photo = photoOf(design);
  if (photo === null) return { draft: { design, photo }, sha256 };
  const bytes = await server.readPhoto(photo.sha256, signal);
  return { draft: { design, photo: { sha256: photo.sha256, bytes } }, sha256 };
}

/** What to go on with: what is on the device, which was sent before and not taken ("own-again") or not, or what the server has. */
export type Latest = "own" | "own-again" | "nothing" | Other;

/** Rejects where the server cannot be asked, and with LaterVersion where what it has cannot be read here. */
export async function findLatest(server: ServerDrafts, own: KeptDraft | null, signal?: AbortSignal): Promise<Latest> {
  const submissionId = own?.sync.submissionId ?? null;
  const state = submissionId === null ? null : await server.readState(submissionId, signal);
  const isMade = state !== null && draftEnds.has(state);
  const ownKind = state !== null && statesThatAllowAnother.has(state) ? "own-again" : "own";
  // What the server has not seen is newer, or never goes there.
  if (own !== null && own.sync.state !== "sent" && !isMade) return ownKind;
  const kept = await server.read(signal);
  if (kept === null) return "nothing";
  return kept.sha256 === own?.sync.base && !isMade ? ownKind : openKept(server, kept, signal);
}
