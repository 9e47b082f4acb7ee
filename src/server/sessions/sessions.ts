import type { Selectable } from "kysely";
import { Problem } from "#contracts/problem.ts";
import type { SecretRequest, SessionRequest, SessionSecret, TokenRequest } from "#contracts/session.ts";
import { findIssuer, type Issuer } from "../issuers.ts";
import type { AppParts } from "../parts.ts";
import type { SessionTable, Store } from "../store/schema.ts";
import { createId, hashSecret } from "./credentials.ts";
import { normaliseOrigins, requireReturn } from "./origins.ts";
import type { Proof } from "./proofs.ts";

export type SessionRow = Selectable<SessionTable>;
type Parts = Pick<AppParts, "config" | "store" | "now">;

/** One sentence for whatever is wrong, so that none is told from another. */
export const badClientSecret =
  "The client secret has been used, has run out, or was never given for this session, or the header DPoP has no right proof of a key. Ask the issuer's server for a new secret.";

/**
 * Opens a session of this issuer and gives its first client secret. Throws Problem("bad-request"): see `normaliseOrigins` and
 * `requireReturn`.
 */
export async function createSession(parts: Parts, issuer: Issuer, request: SessionRequest): Promise<SessionSecret> {
  const { config, store, now } = parts;
  const { origins, hosted } = request;
  if (origins === undefined && hosted === undefined)
    throw new Problem("bad-request", {
      detail: "body.origins: name the pages that may frame the designer, or give `hosted` for a page of this server.",
    });
  if (hosted !== undefined) requireReturn(issuer, hosted);
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
    locale: request.locale ?? "",
    origins: JSON.stringify(normaliseOrigins(issuer, origins ?? [])),
    data_capture: JSON.stringify(request.dataCapture ?? {}),
    opened_seq: openedSeq,
    created_at: now(),
    expires_at: now() + config.sessionLifeSeconds * 1000,
    revoked_at: null,
    binds_tokens: 1,
    other_products: JSON.stringify(request.otherProductIds ?? []),
    hosted: hosted === undefined ? null : JSON.stringify(hosted),
  };
  return store.transaction().execute(async (trx) => {
    await trx.insertInto("sessions").values(session).execute();
    return addClientSecret(parts, trx, session, hosted !== undefined);
  });
}

/** How the session's designer is shown from now on; what is left out stays. Throws Problem("bad-request"): see `normaliseOrigins` and `requireReturn`. */
export async function changeSession(
  store: Store,
  issuer: Issuer,
  sessionId: string,
  { origins, hosted }: NonNullable<SecretRequest>,
): Promise<void> {
  if (hosted !== undefined) requireReturn(issuer, hosted);
  const change = {
    ...(origins !== undefined && { origins: JSON.stringify(normaliseOrigins(issuer, origins)) }),
    ...(hosted !== undefined && { hosted: JSON.stringify(hosted) }),
  };
  if (Object.keys(change).length === 0) return;
  await store
    .updateTable("sessions")
    .set(change)
    .where("id", "=", sessionId)
    .where("issuer_id", "=", issuer.id)
    .execute();
}

/**
 * One more one-time client secret for a live session, and with `isHosted` one more address of a page of ours. Throws
 * Problem("session-expired") when its cardholder has just been deleted.
 */
export async function createClientSecret(parts: Parts, session: SessionRow, isHosted = false): Promise<SessionSecret> {
  return parts.store.transaction().execute(async (trx) => {
    await requireKept(trx, session.id);
    return addClientSecret(parts, trx, session, isHosted);
  });
}

async function addClientSecret(
  parts: Parts,
  trx: Store,
  session: SessionRow,
  isHosted: boolean,
): Promise<SessionSecret> {
  const [clientSecret, code] = [createId("cs"), createId("hpc")];
  const expiresAt = Math.min(parts.now() + parts.config.clientSecretLifeSeconds * 1000, session.expires_at);
  const unused = { session_id: session.id, expires_at: expiresAt, used_at: null, thumbprint: null };
  await trx
    .insertInto("credentials")
    .values([
      { ...unused, hash: hashSecret(clientSecret), kind: "client-secret" as const },
      ...(isHosted ? [{ ...unused, hash: hashSecret(code), kind: "page-code" as const }] : []),
    ])
    .execute();
  const times = { clientSecretExpiresAt: expiresAt, sessionExpiresAt: session.expires_at, expiresAt };
  // After "#", so that it reaches no server's log on its way.
  const address = isHosted && { hostedUrl: `${parts.config.publicUrl}/hosted#${code}` };
  return { sessionId: session.id, clientSecret, ...times, ...address };
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
 * Turns a one-time client secret into an access token that is bound to the proof's key. Only a session from before there were such
 * tokens gets one without.
 * Throws Problem: session-expired, not-authenticated for a secret that is unknown, used, too old or of another session, or not-allowed
 * where the session before was for another cardholder or product; then the secret is still good.
 */
export async function exchangeClientSecret(
  parts: Parts,
  sessionId: string,
  { clientSecret, insteadOf }: TokenRequest,
  proof: Pick<Proof, "thumbprint"> | undefined,
): Promise<{ token: string; expiresInSeconds: number; session: SessionRow }> {
  const { config, store, now } = parts;
  const at = now();
  const session = await findSession(store, sessionId);
  if (session === undefined || (proof === undefined && session.binds_tokens === 1))
    throw new Problem("not-authenticated", { detail: badClientSecret });
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
    if (insteadOf !== undefined && insteadOf !== sessionId) await requireSameCard(transaction, session, insteadOf);
    await transaction
      .insertInto("credentials")
      .values({
        hash: hashSecret(token),
        session_id: sessionId,
        kind: "token",
        expires_at: expiresAt,
        used_at: null,
        thumbprint: proof?.thumbprint ?? null,
      })
      .execute();
  });
  return { token, expiresInSeconds: Math.floor((expiresAt - at) / 1000), session };
}

/** Nobody's photo goes onto the card of whoever signs in next. Throws Problem("not-allowed"). */
async function requireSameCard(trx: Store, session: SessionRow, insteadOf: string): Promise<void> {
  const before = await findSession(trx, insteadOf);
  const isSame =
    before?.issuer_id === session.issuer_id &&
    before.cardholder_id === session.cardholder_id &&
    before.product_id === session.product_id;
  if (!isSame)
    throw new Problem("not-allowed", { detail: "The session before was for another cardholder or product." });
}

export async function findSession(store: Store, sessionId: string): Promise<SessionRow | undefined> {
  return store.selectFrom("sessions").selectAll().where("id", "=", sessionId).executeTakeFirst();
}

/** Whether its time is up, its issuer has ended it, or that is not in the configuration any more. */
export function isOver({ config, now }: Pick<AppParts, "config" | "now">, session: SessionRow): boolean {
  const isEnded = session.revoked_at !== null || session.expires_at <= now();
  return isEnded || findIssuer(config.issuers, session.issuer_id) === undefined;
}

/** Whether it is neither deleted nor ended by its issuer. */
export async function isKept(store: Store, sessionId: string): Promise<boolean> {
  const found = await store
    .selectFrom("sessions")
    .select("id")
    .where("id", "=", sessionId)
    .where("expires_at", ">", 0)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return found !== undefined;
}

/** It has not been ended, nor its cardholder deleted, since the request began. Throws Problem("session-expired"). */
export async function requireKept(trx: Store, sessionId: string): Promise<void> {
  if (!(await isKept(trx, sessionId))) throw new Problem("session-expired");
}

/**
 * Ends a session of this issuer at once: no secret or token of it opens anything any more. What was sent in it stays and is delivered.
 * One that has ended stays as it is. Throws Problem("not-found").
 */
export async function revokeSession(
  { store, now }: Pick<AppParts, "store" | "now">,
  issuer: Issuer,
  sessionId: string,
): Promise<void> {
  const session = await findSession(store, sessionId);
  if (session === undefined || session.issuer_id !== issuer.id)
    throw new Problem("not-found", { detail: "There is no such session." });
  await store
    .updateTable("sessions")
    .set({ revoked_at: now() })
    .where("id", "=", session.id)
    .where("revoked_at", "is", null)
    .execute();
}
