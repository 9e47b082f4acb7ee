import type { Design } from "#design/design.ts";
import type { PhotoFile } from "#image/client.ts";

/** A card that is not finished: what lies on it, and its photo's own file. */
export interface Draft {
  readonly design: Design;
  readonly photo: PhotoFile;
  /** How far the server knows of it; absent before it was asked. */
  readonly sync?: {
    /** ETag of the server's document that this one was made from; null for none. */
    readonly base: string | null;
    /** It is that document. */
    readonly isSent: boolean;
  };
}

/** Keeps one cardholder's draft of one card. Nothing rejects: where it cannot be kept, the cardholder goes on without. */
export interface DraftStore {
  /** What was written last; null where there is nothing, or what there is cannot be read any more. */
  read(): Promise<Draft | null>;
  /** In place of the one before. */
  write(draft: Draft): Promise<void>;
  remove(): Promise<void>;
}

/** Drafts that other devices of the cardholder change too. */
export interface SharedDrafts extends DraftStore {
  /** What lies on this device's card goes in place of what another device has written. */
  keepOwn(): Promise<void>;
  /** What another device has written; null where it cannot be had now. */
  readOther(): Promise<Draft | null>;
  /** While something is sent that the cardholder waits for, nothing else takes a part of the line. */
  yieldLine(isBusy: boolean): void;
  /** Deletes it on the device and at the server. False where the server has not said so: then nothing is deleted. */
  deleteAll(): Promise<boolean>;
}

/** A store that nobody else writes into. */
export function keptAlone(store: DraftStore): SharedDrafts {
  return {
    ...store,
    keepOwn: async () => {},
    readOther: store.read,
    yieldLine: () => {},
    deleteAll: () => store.remove().then(() => true),
  };
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
