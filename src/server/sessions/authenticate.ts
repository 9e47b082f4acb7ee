import type { FastifyRequest } from "fastify";
import { Problem } from "#contracts/problem.ts";
import { findByKey, type Issuer } from "../issuers.ts";
import { rememberSecret } from "../limits/limits.ts";
import type { AppParts } from "../parts.ts";
import { noteCaller } from "../request-log.ts";
import { hashSecret } from "./credentials.ts";
import { findSession, isOver, type SessionRow } from "./sessions.ts";

function readBearer(request: FastifyRequest): string {
  const match = /^Bearer +([A-Za-z0-9._~+/=-]{1,400})$/i.exec(request.headers.authorization ?? "");
  if (match?.[1] === undefined)
    throw new Problem("not-authenticated", {
      detail: "Send the header Authorization: Bearer, followed by the key or token.",
    });
  return match[1];
}

/** The issuer whose server asks. Throws Problem("not-authenticated"). */
export function requireIssuer(request: FastifyRequest, { config }: Pick<AppParts, "config">): Issuer {
  const key = readBearer(request);
  const issuer = findByKey(config.issuers, key);
  if (issuer === undefined) throw new Problem("not-authenticated", { detail: "The secret key is not an issuer's." });
  const { id: issuerId, keyHashes } = issuer;
  noteCaller(request, { issuerId, ...(keyHashes.length > 1 && { issuerKey: keyHashes.indexOf(hashSecret(key)) + 1 }) });
  return issuer;
}

/** A session, and until when (epoch milliseconds) the token that opened it is good. */
export interface OpenSession extends SessionRow {
  readonly tokenExpiresAt: number;
}

export type SessionParts = Pick<AppParts, "config" | "store" | "now">;

const opened = new WeakMap<FastifyRequest, Promise<OpenSession>>();

/**
 * The session whose access token the request carries; looked up once per request.
 * Where the route has a `:sessionId`, it must be the same session.
 * Throws Problem: not-authenticated, token-expired (get another through the host), session-expired (start again), not-allowed.
 */
export function requireSession(request: FastifyRequest, parts: SessionParts): Promise<OpenSession> {
  const session = opened.get(request) ?? readSession(request, parts);
  opened.set(request, session);
  return session;
}

async function readSession(request: FastifyRequest, parts: SessionParts): Promise<OpenSession> {
  const given = readBearer(request);
  const token = await parts.store
    .selectFrom("credentials")
    .select(["session_id", "expires_at"])
    .where("hash", "=", hashSecret(given))
    .where("kind", "=", "token")
    .executeTakeFirst();
  if (token === undefined) throw new Problem("not-authenticated", { detail: "The access token is not known." });
  rememberSecret(request, given, token.session_id);
  const session = await findSession(parts.store, token.session_id);
  noteCaller(request, { sessionId: token.session_id, ...(session && { issuerId: session.issuer_id }) });
  if (session === undefined || isOver(parts, session)) throw new Problem("session-expired");
  if (token.expires_at <= parts.now()) throw new Problem("token-expired");
  const asked = (request.params as { sessionId?: string } | undefined)?.sessionId;
  if (asked !== undefined && asked !== session.id)
    throw new Problem("not-allowed", { detail: "The access token belongs to another session." });
  return { ...session, tokenExpiresAt: token.expires_at };
}
