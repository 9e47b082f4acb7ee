import { Problem } from "#contracts/problem.ts";
import type { HostedRequest } from "#contracts/session.ts";
import type { AppParts } from "../parts.ts";
import { createId, hashSecret } from "./credentials.ts";
import { findSession, isOver, type SessionRow } from "./sessions.ts";

export interface HostedSession {
  readonly session: SessionRow;
  readonly hosted: HostedRequest;
  /** Opens the page again until the session ends. */
  readonly key: string;
}

// One sentence for whatever is wrong, so that none is told from another.
const notGood = "The address has been used, has run out, or was never given. Ask the issuer's server for a new one.";

/** How a page of ours shows this session; null when none does. */
export function readHosted({ hosted }: Pick<SessionRow, "hosted">): HostedRequest | null {
  return hosted === null ? null : (JSON.parse(hosted) as HostedRequest);
}

/**
 * What a page of ours may open: with the one-time code of its address, for which it gets a key, or with such a key, any number of times.
 * Throws Problem: not-authenticated, or session-expired to whoever shows one that there is.
 */
export async function openHosted(
  { config, store, now }: Pick<AppParts, "config" | "store" | "now">,
  code: string,
): Promise<HostedSession> {
  const at = now();
  const credential = await store
    .selectFrom("credentials")
    .select(["session_id", "kind", "expires_at", "used_at"])
    .where("hash", "=", hashSecret(code))
    .where("kind", "in", ["page-code", "page-key"])
    .executeTakeFirst();
  const session = credential && (await findSession(store, credential.session_id));
  const hosted = session && readHosted(session);
  if (credential === undefined || session === undefined || !hosted)
    throw new Problem("not-authenticated", { detail: notGood });
  if (isOver({ config, now }, session)) throw new Problem("session-expired");
  if (credential.kind === "page-key") return { session, hosted, key: code };
  const key = createId("hpk");
  await store.transaction().execute(async (trx) => {
    // One statement, so that only one of two who show it can win.
    const spent = await trx
      .updateTable("credentials")
      .set({ used_at: at })
      .where("hash", "=", hashSecret(code))
      .where("used_at", "is", null)
      .where("expires_at", ">", at)
      .returning("hash")
      .executeTakeFirst();
    if (spent === undefined) throw new Problem("not-authenticated", { detail: notGood });
    await trx
      .insertInto("credentials")
      .values({
        hash: hashSecret(key),
        session_id: session.id,
        kind: "page-key",
        expires_at: session.expires_at,
        used_at: null,
        thumbprint: null,
      })
      .execute();
  });
  return { session, hosted, key };
}
