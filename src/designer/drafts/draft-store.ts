import type { Design } from "#design/design.ts";
import type { PhotoFile } from "#image/client.ts";

/** A card that is not finished: what lies on it, and its photo's own file. */
export interface Draft {
  readonly design: Design;
  readonly photo: PhotoFile;
}

/** Keeps one cardholder's draft of one card. Nothing rejects: where it cannot be kept, the cardholder goes on without. */
export interface DraftStore {
  /** What was written last; null where there is nothing, or what there is cannot be read any more. */
  read(): Promise<Draft | null>;
  /** In place of the one before. */
  write(draft: Draft): Promise<void>;
  remove(): Promise<void>;
}

/** For as long as the page is there. */
export function createMemoryStore(): DraftStore {
  let kept: Draft | null = null;
  return {
    read: async () => kept,
    write: async (draft) => {
      kept = draft;
    },
    remove: async () => {
      kept = null;
    },
  };
}
