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
   * Counts bytes that have come in. Room is made by ending an upload of the issuer, and of its address, that holds most: the one
   * from which nothing has come for longest.
   */
  take(bytes: number): void;
  /** Nothing more will come in: from here on the upload is ended neither for others nor with its connection. */
  complete(): void;
}

interface Upload {
  readonly issuerId: string;
  /** With the issuer's id: two banks' cardholders may share one. */
  readonly address: string;
  bytes: number;
  readonly end: (why: Problem) => void;
}

const parts = ["issuerId", "address"] as const;

/**
 * The memory of uploads, at most `mostBytes`. What has come in is counted, not what has been announced: slow senders hold
 * little, and however many there are, they keep nobody out.
 */
function createMemory(mostBytes: number) {
  let heldBytes = 0;
  const held = { issuerId: new Map<string, number>(), address: new Map<string, number>() };
  /** Those that are coming in, the one that has been silent for longest first. */
  const arriving = new Set<Upload>();
  const heldBeside = (upload: Upload, part: (typeof parts)[number]): number => held[part].get(upload[part]) ?? 0;
  const count = (upload: Upload, bytes: number): void => {
    upload.bytes += bytes;
    heldBytes += bytes;
    for (const part of parts) {
      const sum = heldBeside(upload, part) + bytes;
      if (sum === 0) held[part].delete(upload[part]);
      else held[part].set(upload[part], sum);
    }
  };
  const letGo = (upload: Upload): void => {
    arriving.delete(upload);
    count(upload, -upload.bytes);
  };
  const holdsMore = (one: Upload, other: Upload): boolean => {
    const part = one.issuerId === other.issuerId ? "address" : "issuerId";
    return heldBeside(one, part) > heldBeside(other, part);
  };
  const makeRoom = (): void => {
    while (heldBytes > mostBytes && arriving.size > 0) {
      const ended = [...arriving].reduce((one, other) => (holdsMore(other, one) ? other : one));
      letGo(ended);
      ended.end(new Problem("overloaded"));
    }
  };
  return {
    heldBytes: () => heldBytes,
    enter({ issuerId, address }: Sender, gone: AbortSignal): Place & { leave(): void } {
      const ended = new AbortController();
      const upload: Upload = { issuerId, address: `${issuerId}/${address}`, bytes: 0, end: (why) => ended.abort(why) };
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
    heldBytes: memory.heldBytes,
    /**
     * Runs `receive` while holding the session's place, which is free again as soon as `gone` aborts: the same picture sent
     * twice is the database's to find. Throws Problem: submission-in-flight, idempotency-key-reused, or the reason of `gone`.
     */
    async hold<Answer>(
      sender: Sender,
      claim: Claim,
      gone: AbortSignal,
      receive: (place: Place) => Promise<Answer>,
    ): Promise<Answer> {
      gone.throwIfAborted();
      const { sessionId } = sender;
      const other = uploads.get(sessionId);
      if (other?.idempotencyKey === claim.idempotencyKey && !isSameSubmission(other, claim)) throw refuseReusedKey();
      if (other !== undefined) throw new Problem("submission-in-flight");
      const own = { ...claim };
      uploads.set(sessionId, own);
      const leaveSession = (): void => {
        if (uploads.get(sessionId) === own) uploads.delete(sessionId);
      };
      gone.addEventListener("abort", leaveSession, { once: true });
      const place = memory.enter(sender, gone);
      try {
        return await receive(place);
      } finally {
        place.leave();
        leaveSession();
      }
    },
  };
}
