import { Problem } from "#contracts/problem.ts";
import type { HostedOpening } from "#contracts/hosted-page.ts";
import type { HostedRequest } from "#contracts/session.ts";
import type { AppParts } from "../parts.ts";
import { hashSecret } from "./credentials.ts";
import { findSession, isOver, type SessionRow } from "./sessions.ts";

type Parts = Pick<AppParts, "config" | "store" | "now">;

export interface HostedSession {
  readonly session: SessionRow;
  readonly hosted: HostedRequest;
}

// One sentence for whatever is wrong, so that none is told from another.
const notGood = "The address has been used, has run out, or was never given. Ask the issuer's server for a new one.";

/** How a page of ours shows this session; null when none does. */
export function readHosted({ hosted }: Pick<SessionRow, "hosted">): HostedRequest | null {
  return hosted === null ? null : (JSON.parse(hosted) as HostedRequest);
}

/** The session of a credential of this kind, whether or not it is still good. */
async function findSessionOf({ store }: Parts, secret: string, kind: "page-code" | "page-key") {
  const credential = await store
    .selectFrom("credentials")
    .select("session_id")
    .where("hash", "=", hashSecret(secret))
    .where("kind", "=", kind)
    .executeTakeFirst();
  return credential && findSession(store, credential.session_id);
}

/** Uses the code up for this key. Throws Problem("not-authenticated") when it has been, or has run out. */
async function spendCode({ store, now }: Parts, session: SessionRow, code: string, key: string): Promise<void> {
  const at = now();
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
    const row = { hash: hashSecret(key), session_id: session.id, kind: "page-key" as const };
    await trx
      .insertInto("credentials")
      .values({ ...row, expires_at: session.expires_at, used_at: null, thumbprint: null })
      .execute();
  });
}

/**
 * What a page of ours may open with its key, and at first with the one-time code of its address. The same code with the same key opens it
 * again: an answer may get lost on its way. Throws Problem: not-authenticated, or session-expired to whoever shows one that there is.
 */
export async function openHosted(parts: Parts, { key, code }: HostedOpening): Promise<HostedSession> {
  const known = await findSessionOf(parts, key, "page-key");
  const session = known ?? (code === undefined ? undefined : await findSessionOf(parts, code, "page-code"));
  const hosted = session && readHosted(session);
  if (session === undefined || !hosted) throw new Problem("not-authenticated", { detail: notGood });
  if (isOver(parts, session)) throw new Problem("session-expired");
  if (known === undefined) await spendCode(parts, session, code ?? "", key);
  return { session, hosted };
}
