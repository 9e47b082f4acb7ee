import { Problem } from "#contracts/problem.ts";
import type { Sender } from "./sender.ts";

/** What a client claims to send: the same claim under the same key is the same submission. */
export interface Claim {
  readonly idempotencyKey: string;
  readonly designSha256: string;
  readonly pictureSha256: string;
}

export function isSameSubmission(one: Claim, other: Claim): boolean {
  return one.designSha256 === other.designSha256 && one.pictureSha256 === other.pictureSha256;
}

export function refuseReusedKey(): Problem {
  return new Problem("idempotency-key-reused", {
    detail: "This Idempotency-Key came with another design or picture before. Use a new key for a new submission.",
  });
}

/** An upload's part of the memory that all of them share. */
export interface Place {
  /** Aborted, with a Problem as its reason, when the upload is over before it is complete: its sender has gone, or others need the memory. */
  readonly signal: AbortSignal;
  /**
   * Counts bytes that have come in. Room is made by ending an upload of the address that holds most: the one from which nothing
   * has come for longest.
   */
  take(bytes: number): void;
  /** Nothing more will come in: from here on the upload is ended neither for others nor with its connection. */
  complete(): void;
}

interface Upload {
  readonly address: string;
  bytes: number;
  readonly end: (why: Problem) => void;
}

/**
 * The memory of uploads, at most `mostBytes`. What has come in is counted, not what has been announced: slow senders hold
 * little, and however many there are, they keep nobody out.
 */
function createMemory(mostBytes: number) {
  let heldBytes = 0;
  const heldByAddress = new Map<string, number>();
  /** Those that are coming in, the one that has been silent for longest first. */
  const arriving = new Set<Upload>();
  const count = (upload: Upload, bytes: number): void => {
    upload.bytes += bytes;
    heldBytes += bytes;
    const held = (heldByAddress.get(upload.address) ?? 0) + bytes;
    if (held === 0) heldByAddress.delete(upload.address);
    else heldByAddress.set(upload.address, held);
  };
  const letGo = (upload: Upload): void => {
    arriving.delete(upload);
    count(upload, -upload.bytes);
  };
  const heldBeside = ({ address }: Upload): number => heldByAddress.get(address) ?? 0;
  const makeRoom = (): void => {
    while (heldBytes > mostBytes && arriving.size > 0) {
      const ended = [...arriving].reduce((one, other) => (heldBeside(other) > heldBeside(one) ? other : one));
      letGo(ended);
      ended.end(new Problem("overloaded"));
    }
  };
  return {
    enter(address: string, gone: AbortSignal): Place & { leave(): void } {
      const ended = new AbortController();
      const upload: Upload = { address, bytes: 0, end: (why) => ended.abort(why) };
      arriving.add(upload);
      const endUnlessComplete = (): void => void (arriving.has(upload) && ended.abort(gone.reason));
      gone.addEventListener("abort", endUnlessComplete, { once: true });
      return {
        signal: ended.signal,
        take(bytes) {
          if (!arriving.delete(upload)) return;
          arriving.add(upload);
          count(upload, bytes);
          makeRoom();
        },
        complete: () => void arriving.delete(upload),
        leave: () => letGo(upload),
      };
    },
  };
}

/** Uploads being received by this process: one per session, and `mostBytes` of memory for all of them. */
export function createInFlight(mostBytes: number) {
  const memory = createMemory(mostBytes);
  const uploads = new Map<string, Claim>();
  return {
    /**
     * Runs `receive` while holding the session's place, which is free again as soon as `gone` aborts: the same picture sent
     * twice is the database's to find. Throws Problem: submission-in-flight, idempotency-key-reused, or the reason of `gone`.
     */
    async hold<Answer>(
      { sessionId, address }: Sender,
      claim: Claim,
      gone: AbortSignal,
      receive: (place: Place) => Promise<Answer>,
    ): Promise<Answer> {
      gone.throwIfAborted();
      const other = uploads.get(sessionId);
      if (other?.idempotencyKey === claim.idempotencyKey && !isSameSubmission(other, claim)) throw refuseReusedKey();
      if (other !== undefined) throw new Problem("submission-in-flight");
      const own = { ...claim };
      uploads.set(sessionId, own);
      const leaveSession = (): void => {
        if (uploads.get(sessionId) === own) uploads.delete(sessionId);
      };
      gone.addEventListener("abort", leaveSession, { once: true });
      const place = memory.enter(address, gone);
      try {
        return await receive(place);
      } finally {
        place.leave();
        leaveSession();
      }
    },
  };
}
