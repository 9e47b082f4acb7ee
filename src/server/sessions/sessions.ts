import type { Selectable } from "kysely";
import { Problem } from "#contracts/problem.ts";
import type { SessionRequest, SessionSecret } from "#contracts/session.ts";
import { findIssuer, type Issuer } from "../issuers.ts";
import type { AppParts } from "../parts.ts";
import type { SessionTable, Store } from "../store/schema.ts";
import { createId, hashSecret } from "./credentials.ts";
import { normaliseOrigins } from "./origins.ts";

export type SessionRow = Selectable<SessionTable>;
type Parts = Pick<AppParts, "config" | "store" | "now">;

const badClientSecret =
  "The client secret has been used, has run out, or was never given for this session. Ask the issuer's server for a new one.";

/** Opens a session of this issuer and gives its first client secret. Throws Problem("bad-request"): see `normaliseOrigins`. */
export async function createSession(parts: Parts, issuer: Issuer, request: SessionRequest): Promise<SessionSecret> {
  const { config, store, now } = parts;
  const { last_seq: openedSeq } = await store
    .selectFrom("issuers")
    .select("last_seq")
    .where("id", "=", issuer.id)
    .executeTakeFirstOrThrow();
  const session: SessionRow = {
    id: createId("ses"),
    issuer_id: issuer.id,
    cardholder_id: request.cardholderId,
    product_id: request.productId,
    locale: request.locale ?? "en",
    origins: JSON.stringify(normaliseOrigins(issuer, request.origins)),
    data_capture: JSON.stringify(request.dataCapture ?? {}),
    opened_seq: openedSeq,
    created_at: now(),
    expires_at: now() + config.sessionLifeSeconds * 1000,
  };
  return store.transaction().execute(async (trx) => {
    await trx.insertInto("sessions").values(session).execute();
    return addClientSecret(parts, trx, session);
  });
}

/** From now on these pages may frame the session's designer. Throws Problem("bad-request"): see `normaliseOrigins`. */
export async function setOrigins(
  store: Store,
  issuer: Issuer,
  sessionId: string,
  origins: readonly string[],
): Promise<void> {
  const normal = JSON.stringify(normaliseOrigins(issuer, origins));
  await store
    .updateTable("sessions")
    .set({ origins: normal })
    .where("id", "=", sessionId)
    .where("issuer_id", "=", issuer.id)
    .execute();
}

/** One more one-time client secret for a live session. Throws Problem("session-expired") when its cardholder has just been deleted. */
export async function createClientSecret(parts: Parts, session: SessionRow): Promise<SessionSecret> {
  return parts.store.transaction().execute(async (trx) => {
    await requireKept(trx, session.id);
    return addClientSecret(parts, trx, session);
  });
}

async function addClientSecret(parts: Parts, trx: Store, session: SessionRow): Promise<SessionSecret> {
  const clientSecret = createId("cs");
  const expiresAt = Math.min(parts.now() + parts.config.clientSecretLifeSeconds * 1000, session.expires_at);
  await trx
    .insertInto("credentials")
    .values({
      hash: hashSecret(clientSecret),
      session_id: session.id,
      kind: "client-secret",
      expires_at: expiresAt,
      used_at: null,
    })
    .execute();
  const times = { clientSecretExpiresAt: expiresAt, sessionExpiresAt: session.expires_at, expiresAt };
  return { sessionId: session.id, clientSecret, ...times };
}

/** Marks the secret as used, unless it already is. One statement, so that only one of two exchanges can win. */
async function spendClientSecret(store: Store, sessionId: string, clientSecret: string, now: number): Promise<boolean> {
  const spent = await store
    .updateTable("credentials")
    .set({ used_at: now })
    .where("hash", "=", hashSecret(clientSecret))
    .where("session_id", "=", sessionId)
    .where("kind", "=", "client-secret")
    .where("used_at", "is", null)
    .where("expires_at", ">", now)
    .returning("hash")
    .executeTakeFirst();
  return spent !== undefined;
}

/** Whether it was given for this session, used and expired ones too. */
async function isSecretOf(store: Store, session: SessionRow, clientSecret: string): Promise<boolean> {
  const found = await store
    .selectFrom("credentials")
    .select("hash")
    .where("hash", "=", hashSecret(clientSecret))
    .where("session_id", "=", session.id)
    .executeTakeFirst();
  return found !== undefined;
}

/**
 * Turns a one-time client secret into an access token.
 * Throws Problem: session-expired, or not-authenticated for a secret that is unknown, used, too old or of another session.
 */
export async function exchangeClientSecret(
  parts: Parts,
  sessionId: string,
  clientSecret: string,
): Promise<{ token: string; expiresInSeconds: number; session: SessionRow }> {
  const { config, store, now } = parts;
  const at = now();
  const session = await findSession(store, sessionId);
  if (session === undefined) throw new Problem("not-authenticated", { detail: badClientSecret });
  if (isOver(parts, session)) {
    // Who has no secret of this session is told no more of it than of one that there never was.
    if (!(await isSecretOf(store, session, clientSecret)))
      throw new Problem("not-authenticated", { detail: badClientSecret });
    throw new Problem("session-expired");
  }
  const token = createId("tok");
  const expiresAt = Math.min(at + config.tokenLifeSeconds * 1000, session.expires_at);
  await store.transaction().execute(async (transaction) => {
    if (!(await spendClientSecret(transaction, sessionId, clientSecret, at))) {
      throw new Problem("not-authenticated", { detail: badClientSecret });
    }
    await transaction
      .insertInto("credentials")
      .values({ hash: hashSecret(token), session_id: sessionId, kind: "token", expires_at: expiresAt, used_at: null })
      .execute();
  });
  return { token, expiresInSeconds: Math.floor((expiresAt - at) / 1000), session };
}

export async function findSession(store: Store, sessionId: string): Promise<SessionRow | undefined> {
  return store.selectFrom("sessions").selectAll().where("id", "=", sessionId).executeTakeFirst();
}

/** Whether its time is up, or its issuer is not in the configuration any more. */
export function isOver({ config, now }: Pick<AppParts, "config" | "now">, session: SessionRow): boolean {
  return session.expires_at <= now() || findIssuer(config.issuers, session.issuer_id) === undefined;
}

/** Its cardholder has not been deleted since the request began. Throws Problem("session-expired"). */
export async function requireKept(trx: Store, sessionId: string): Promise<void> {
  const session = await trx.selectFrom("sessions").select("expires_at").where("id", "=", sessionId).executeTakeFirst();
  if (session === undefined || session.expires_at === 0) throw new Problem("session-expired");
}
