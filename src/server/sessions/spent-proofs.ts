import { nonceLifeMs } from "./nonces.ts";

/** About 40 MB. A proof that is used again is told from the others for as long as its nonce is good. */
const mostProofs = 300_000;

/** The proofs that were used with nonces that are still good. */
export interface SpentProofs {
  /** Whether this is its first use; `outdated` when nobody knows, because too many others have come since, or it may be from before a restart. */
  spend(proof: {
    readonly jti: string;
    readonly thumbprint: string;
    readonly issuedAt: number;
  }): "first" | "again" | "outdated";
}

/**
 * Remembers proofs until their nonces are too old. When there are more than it can remember, it forgets the oldest, and takes no
 * proof any more whose nonce is as old as theirs, nor one from before it was made: its sender gets a new nonce and makes another.
 * `now` in epoch milliseconds.
 */
export function createSpentProofs(now: () => number, most = mostProofs): SpentProofs {
  const spent = new Map<string, number>();
  let forgottenUntil = now() - 1;
  const forget = (): void => {
    for (const [key, issuedAt] of spent) {
      const isOver = now() - issuedAt >= nonceLifeMs;
      if (!isOver && spent.size <= most) return;
      spent.delete(key);
      // Also of what is over: the clock may be set back.
      forgottenUntil = Math.max(forgottenUntil, issuedAt);
    }
  };
  return {
    spend({ jti, thumbprint, issuedAt }) {
      // A clock that was set back must not lock everybody out.
      forgottenUntil = Math.min(forgottenUntil, now() - 1);
      if (issuedAt <= forgottenUntil) return "outdated";
      const key = `${thumbprint}${jti}`;
      if (spent.has(key)) return "again";
      spent.set(key, issuedAt);
      forget();
      return "first";
    },
  };
}
