import { vi } from "vitest";
import { Problem } from "#contracts/problem.ts";
import type { Design } from "#design/design.ts";
import { NoAnswer } from "../../api/request.ts";
import type { ServerDrafts } from "../server-drafts.ts";

/** The server as several devices see it, with what it was asked to keep. */
export function makeServer() {
  let count = 0;
  let kept: { readonly text: string; readonly etag: string } | null = null;
  const photos = new Map<string, Blob>();
  const away = { isAway: false };
  const answer = async <Answer>(work: () => Answer): Promise<Answer> => {
    if (away.isAway) throw new NoAnswer();
    return work();
  };
  const drafts: ServerDrafts = {
    read: () => answer(() => kept && { document: JSON.parse(kept.text), etag: kept.etag }),
    readPhoto: (sha256) => answer(() => photos.get(sha256)!),
    write: vi.fn((text, base) =>
      answer(() => {
        if (base !== (kept?.etag ?? null)) throw new Problem("draft-changed");
        kept = { text, etag: `"${(count += 1)}"` };
        return kept.etag;
      }),
    ),
    writePhoto: vi.fn(({ sha256, bytes }) => answer(() => void photos.set(sha256, bytes))),
    remove: () => answer(() => (photos.clear(), void (kept = null))),
  };
  return { drafts, away, photos, design: (): Design | null => kept && JSON.parse(kept.text) };
}
