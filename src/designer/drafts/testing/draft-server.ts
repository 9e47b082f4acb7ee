import { createHash } from "node:crypto";
import { vi } from "vitest";
import { Problem } from "#contracts/problem.ts";
import { draftEnds, type SubmissionState } from "#contracts/submission-state.ts";
import { type Design, photoOf } from "#design/design.ts";
import { abortable, NoAnswer } from "../../api/request.ts";
import type { ServerDrafts } from "../server-drafts.ts";

const nameOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The server as several devices see it, with what it was asked to keep. */
export function makeServer() {
  let kept: string | null = null;
  const photos = new Map<string, Blob>();
  const states = new Map<string, SubmissionState>();
  /** `isDeaf`: it does what it is asked, and its answers are lost. */
  const away = { isAway: false, isDeaf: false };
  /** What each call waits for before the server does it, and after. */
  let pause: () => Promise<void> = async () => {};
  let onChange: (before: Design | null, after: Design | null) => void = () => {};
  const design = (): Design | null => (kept === null ? null : (JSON.parse(kept) as Design));
  const keep = (next: string | null): void => {
    const before = design();
    kept = next;
    onChange(before, design());
  };
  const serve = async <Answer>(work: () => Answer): Promise<Answer> => {
    await pause();
    if (away.isAway) throw new NoAnswer();
    const done = work();
    await pause();
    if (away.isDeaf) throw new NoAnswer();
    return done;
  };
  /** Who has hung up hears nothing more, whatever the server does. */
  const answer = <Answer>(signal: AbortSignal | undefined, work: () => Answer): Promise<Answer> =>
    abortable(signal?.aborted === true ? new Promise<never>(() => {}) : serve(work), signal);
  const requireExpected = (expected: readonly string[] | undefined): void => {
    const isMeant = expected === undefined || (kept === null ? expected.length === 0 : expected.includes(nameOf(kept)));
    if (!isMeant) throw new Problem("draft-changed");
  };
  const drafts = {
    read: (signal) =>
      answer(signal, () => (kept === null ? null : { document: JSON.parse(kept) as unknown, sha256: nameOf(kept) })),
    readPhoto: (sha256, signal) => answer(signal, () => photos.get(sha256)!),
    write: vi.fn(({ document, expected, submissionId }, signal) =>
      answer(signal, () => {
        const state = submissionId === null ? undefined : states.get(submissionId);
        if (state !== undefined && draftEnds.has(state)) throw new Problem("draft-changed");
        if (document !== kept) requireExpected(expected);
        const named = photoOf(JSON.parse(document) as Design);
        if (named !== null && !photos.has(named.sha256)) throw new Problem("asset-unknown");
        keep(document);
      }),
    ),
    writePhoto: vi.fn(({ sha256, bytes }, signal) => answer(signal, () => void photos.set(sha256, bytes))),
    remove: vi.fn((expected, signal) =>
      answer(signal, () => {
        requireExpected(expected);
        photos.clear();
        keep(null);
      }),
    ),
    readState: (submissionId, signal) => answer(signal, () => states.get(submissionId) ?? null),
  } satisfies ServerDrafts;
  return {
    drafts,
    away,
    photos,
    states,
    design,
    setPause: (next: typeof pause): void => void (pause = next),
    onChange: (listener: typeof onChange): void => void (onChange = listener),
    /** As after the approval of the card that it was made of. */
    forget: (): void => {
      photos.clear();
      kept = null;
    },
  };
}
