import type { Design } from "#design/design.ts";
import type { PhotoFile } from "#image/client.ts";

/** A card that is not finished: what lies on it, and its photo's own file; null of a card without one. */
export interface Draft {
  readonly design: Design;
  readonly photo: PhotoFile | null;
}

/** How far the server knows of a draft. */
export interface Sync {
  /** SHA-256 of the server's document that it was made from; null for none. */
  readonly base: string | null;
  /** Of those that it was sent as without an answer: one of them may be there in place of `base`. */
  readonly offered: readonly string[];
  /** SHA-256 of the photo's bare file, once the server has it. */
  readonly photoSha256: string | null;
  /** "here": as it is it stays on this device. */
  readonly state: "unsent" | "sent" | "here";
  /** The submission that was made of it. */
  readonly submissionId: string | null;
  /** The submission that was known to be rejected when its photo was chosen: this photo is not of that one. Left out for none. */
  readonly photoChosenAfter?: string | undefined;
}

/** Of what was never sent, nor found at the server. */
export const notSynced: Sync = { base: null, offered: [], photoSha256: null, state: "unsent", submissionId: null };

export interface KeptDraft extends Draft {
  readonly sync: Sync;
}

/** With what is known of its photo, which is nothing where it comes from another device. */
export interface FoundDraft extends Draft {
  readonly sync?: Pick<Sync, "photoChosenAfter">;
}

/** Keeps one cardholder's draft of one card on the device. Nothing else rejects: where it cannot be kept, the cardholder goes on without. */
export interface DeviceStore {
  /** What was written last; null where there is nothing, or what there is cannot be read any more. Rejects with LaterVersion, which stays where it is from then on. */
  read(): Promise<KeptDraft | null>;
  /** In place of the one before. */
  write(draft: KeptDraft): Promise<void>;
  /** What is known by now of the draft that this page has read or written last. One that another page has written stays as it is. */
  note(sync: Sync): Promise<void>;
  /** Whether a later visit finds this design here, which this page has written or read: not where the browser denied it room. */
  has(design: Design): boolean;
  /** Whether another page has written a card in place of what this page has read or written last. */
  isReplaced(): Promise<boolean>;
  /** With `isMeant` only a draft of which that is so. False where it may be there still. */
  remove(isMeant?: (sync: Sync) => boolean): Promise<boolean>;
}

/** Where a draft that was to be deleted may be there still. */
export interface Left {
  readonly onDevice: boolean;
  readonly atServer: boolean;
}

/** A cardholder's draft of one card, which their other devices change too. */
export interface SharedDrafts {
  /** What is to be gone on with; null where there is nothing. Rejects where nothing is here and the server cannot be asked now, and with LaterVersion. */
  read(signal?: AbortSignal): Promise<FoundDraft | null>;
  /**
   * In place of the one before, once that has been deleted if it is being. `notOf`: the rejected submission of which it is certain that
   * it was made of another photo, if there is one.
   */
  write(draft: Draft, notOf?: string): Promise<void>;
  /** Whether something is kept, as far as is known. */
  isKept(): boolean;
  /** Resolves when a later visit finds what lies here, or when that has failed for now. */
  makeSafe(): Promise<void>;
  /** Whether a later visit finds what lies here, what could not be deleted, or what is looked for and has not been found out yet. */
  isSafe(): boolean;
  /** Somebody else has changed the card meanwhile, and the cardholder has not chosen yet. */
  isOvertaken(): boolean;
  /** What lies on this device's card goes in place of the other. */
  keepOwn(): void;
  /** The other card; null where it has been deleted, and then what is here stays. Rejects where it cannot be had now, and with LaterVersion. */
  readOther(signal?: AbortSignal): Promise<Draft | null>;
  /** The other card lies on the screen. */
  takeOther(other: Draft): void;
  /** Whether another page has kept a card in place of this one's on the device. */
  isReplaced(): Promise<boolean>;
  /** While something is sent that the cardholder waits for, nothing else takes a part of the line. */
  yieldLine(isBusy: boolean): void;
  /** What lies here was sent as this submission; null: it is worked on again. */
  noteSubmission(submissionId: string | null): void;
  /** The card of this submission is made: the device needs its draft no more, and the server has deleted its own. */
  removeSubmitted(submissionId: string): Promise<void>;
  /** Deletes it on the device and at the server, and says where that has failed. */
  deleteAll(): Promise<Left>;
}

/** For as long as the page is there. */
export function createMemoryStore(): DeviceStore {
  let kept: KeptDraft | null = null;
  return {
    read: async () => kept,
    write: async (draft) => {
      kept = draft;
    },
    note: async (sync) => {
      kept &&= { ...kept, sync };
    },
    has: () => false,
    isReplaced: () => Promise.resolve(false),
    remove: async (isMeant = () => true) => {
      if (kept !== null && isMeant(kept.sync)) kept = null;
      return true;
    },
  };
}
