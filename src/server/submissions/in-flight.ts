import { Problem } from "#contracts/problem.ts";

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

/** Uploads being received by this process: one per session, `most` in all, so that memory stays bounded. */
export function createInFlight(most: number) {
  const uploads = new Map<string, Claim>();
  return {
    /** Runs `receive` while holding the session's place. Throws Problem: submission-in-flight, idempotency-key-reused, overloaded. */
    async hold<Answer>(sessionId: string, claim: Claim, receive: () => Promise<Answer>): Promise<Answer> {
      const other = uploads.get(sessionId);
      if (other?.idempotencyKey === claim.idempotencyKey && !isSameSubmission(other, claim)) throw refuseReusedKey();
      if (other !== undefined) throw new Problem("submission-in-flight");
      if (uploads.size >= most) throw new Problem("overloaded");
      uploads.set(sessionId, claim);
      try {
        return await receive();
      } finally {
        uploads.delete(sessionId);
      }
    },
  };
}
