import { Problem } from "#contracts/problem.ts";
import { NoAnswer } from "../api/request.ts";
import type { Sync } from "./draft-store.ts";
import type { ServerDrafts } from "./server-drafts.ts";

export const isProblem = (error: unknown, code: Problem["code"]): boolean =>
  error instanceof Problem && error.code === code;

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
  /** The draft is there, and the photo of the new one is not. */
  | { readonly kind: "photo-missing" };

async function put(
  server: ServerDrafts,
  document: string,
  expected: readonly string[],
  signal: AbortSignal,
): Promise<Replaced> {
  try {
    await server.write(document, expected, signal);
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
 * (`offered`), or of nothing. With a photo that was deleted the card does not come back. Rejects with Problem, NoAnswer, or the signal's reason.
 */
export async function replaceDocument(
  server: ServerDrafts,
  document: string,
  sync: Sync,
  signal: AbortSignal,
): Promise<Replaced> {
  const known = listKnown(sync);
  if (known.length > 0) {
    const replaced = await put(server, document, known, signal);
    if (replaced.kind !== "deleted") return replaced;
  }
  const created = await put(server, document, [], signal);
  // There was another one for a moment.
  if (created.kind === "deleted") throw new NoAnswer();
  // The photo was given before, and nothing but a deletion takes it away so soon.
  return created.kind === "photo-missing" ? { kind: "deleted" } : created;
}
