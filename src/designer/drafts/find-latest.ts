import { photoOf } from "#design/design.ts";
import { NoAnswer } from "../api/request.ts";
import { type Draft, draftEnds, type KeptDraft } from "./draft-store.ts";
import { readDesign } from "./read-design.ts";
import type { KeptDocument, ServerDrafts } from "./server-drafts.ts";

/** A draft of the server's, and the SHA-256 of its document. */
export interface Other {
  readonly draft: Draft;
  readonly sha256: string;
}

/** With its photo. Rejects with Problem or NoAnswer, also for what is no design of this version. */
export async function openKept(server: ServerDrafts, { document, sha256 }: KeptDocument): Promise<Other> {
  const design = await readDesign(document);
  const photo = design === null ? null : photoOf(design);
  if (design === null || photo === null) throw new NoAnswer();
  const bytes = await server.readPhoto(photo.sha256);
  return { draft: { design, photo: { sha256: photo.sha256, bytes } }, sha256 };
}

/** Whether to go on with what is on the device, or with what the server has in place of it. Rejects where it cannot be asked. */
export async function findLatest(server: ServerDrafts, own: KeptDraft | null): Promise<"own" | "nothing" | Other> {
  const submissionId = own?.sync.submissionId ?? null;
  const state = submissionId === null ? null : await server.readState(submissionId);
  const isMade = state !== null && draftEnds.has(state);
  // What the server has not seen is newer, or never goes there.
  if (own !== null && own.sync.state !== "sent" && !isMade) return "own";
  const kept = await server.read();
  if (kept === null) return "nothing";
  return kept.sha256 === own?.sync.base && !isMade ? "own" : openKept(server, kept);
}
