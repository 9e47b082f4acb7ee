import type { AppParts } from "../parts.ts";
import { hashSecret } from "../sessions/credentials.ts";
import { keepLast } from "./counts.ts";

/** 20 MB at most. */
const mostSecrets = 100_000;

/**
 * The client secrets and tokens that were given out last, spent ones and old ones too, since this process alone gives them out. So one
 * that there is, is told from a guess without the database.
 */
export interface KnownSecrets {
  /** The session that it was given for. */
  find(secret: string): string | undefined;
  add(secret: string, sessionId: string): void;
  /** Those of before a restart. */
  load(): Promise<void>;
}

export function createKnownSecrets({ store }: Pick<AppParts, "store">): KnownSecrets {
  const known = new Map<string, string>();
  return {
    find: (secret) => known.get(hashSecret(secret)),
    add: (secret, sessionId) => keepLast(known, hashSecret(secret), sessionId, mostSecrets),
    async load() {
      const rows = await store
        .selectFrom("credentials")
        .select(["hash", "session_id"])
        .orderBy("expires_at", "desc")
        .limit(mostSecrets)
        .execute();
      for (const row of rows.toReversed()) keepLast(known, row.hash, row.session_id, mostSecrets);
    },
  };
}
