import { Problem } from "#contracts/problem.ts";
import type { Design } from "#design/design.ts";
import { NoAnswer } from "../api/request.ts";
import type { Sync } from "./draft-store.ts";
import type { NewDocument, ServerDrafts } from "./server-drafts.ts";

export const isProblem = (error: unknown, code: Problem["code"]): boolean =>
  error instanceof Problem && error.code === code;

/** The design as the server keeps it: with its photo, where it has one, under the name of the bare file. */
export function documentOf(design: Design, photoSha256: string | null): string {
  const elements = design.elements.map((one) =>
    one.kind === "photo" && photoSha256 !== null ? { ...one, sha256: photoSha256 } : one,
  );
  return JSON.stringify({ ...design, elements });
}

/** The server's documents that a draft may take the place of, by SHA-256. */
export function listKnown({ base, offered }: Sync): string[] {
  return [...(base === null ? [] : [base]), ...offered];
}

export type Replaced =
  | { readonly kind: "stored" }
  /** What it was made from has been deleted. */
  | { readonly kind: "deleted" }
  /** The document of this SHA-256 is there, which nobody here has seen. */
  | { readonly kind: "changed"; readonly sha256: string }
  /** The photo of the new one is not there. */
  | { readonly kind: "photo-missing" };

async function put(server: ServerDrafts, draft: NewDocument, signal: AbortSignal): Promise<Replaced> {
  try {
    await server.write(draft, signal);
    return { kind: "stored" };
  } catch (error) {
    if (isProblem(error, "asset-unknown")) return { kind: "photo-missing" };
    if (!isProblem(error, "draft-changed")) throw error;
    const kept = await server.read(signal);
    return kept === null ? { kind: "deleted" } : { kind: "changed", sha256: kept.sha256 };
  }
}

/**
 * Puts the document, whose photo the server was given, in place of what it was made from (`base`), of what it was sent as before
 * (`offered`), or of nothing. With a photo that was deleted the card does not come back. Rejects with Problem, NoAnswer, or the
 * signal's reason.
 */
export async function replaceDocument(
  server: ServerDrafts,
  document: string,
  sync: Sync,
  signal: AbortSignal,
): Promise<Replaced> {
  const known = listKnown(sync);
  const { submissionId } = sync;
  if (known.length > 0) {
    const replaced = await put(server, { document, submissionId, expected: known }, signal);
    if (replaced.kind !== "deleted") return replaced;
  }
  const created = await put(server, { document, submissionId, expected: [] }, signal);
  if (created.kind === "deleted") {
    // The card of the submission is made.
    if (submissionId !== null) return created;
    // There was another one for a moment.
    throw new NoAnswer();
  }
  // It was there with its photo before, and nothing but a deletion takes that away so soon.
  return created.kind === "photo-missing" && known.length > 0 ? { kind: "deleted" } : created;
}
