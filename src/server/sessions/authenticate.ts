import type { FastifyRequest } from "fastify";
import { Problem } from "#contracts/problem.ts";
import { findByKey, type Issuer } from "../issuers.ts";
import { distrustSecret, rememberSecret } from "../limits/limits.ts";
import type { AppParts } from "../parts.ts";
import { noteCaller } from "../request-log.ts";
import { hashSecret } from "./credentials.ts";
import { readOnce } from "./proofs.ts";
import { findSession, isOver, type SessionRow } from "./sessions.ts";

interface Shown {
  readonly scheme: "bearer" | "dpop";
  readonly secret: string;
}

/** What the header Authorization shows. */
function readShown(request: FastifyRequest): Shown {
  const given = readOnce(request, "authorization") ?? "";
  const [, scheme = "", secret = ""] = /^(Bearer|DPoP) +([A-Za-z0-9._~+/=-]{1,400})$/i.exec(given) ?? [];
  if (secret === "")
    throw new Problem("not-authenticated", {
      detail: "Send the header Authorization once: Bearer and a key, or DPoP and a token.",
    });
  return { scheme: scheme.toLowerCase() as Shown["scheme"], secret };
}

/** The issuer whose server asks. Throws Problem("not-authenticated"). */
export function requireIssuer(request: FastifyRequest, { config }: Pick<AppParts, "config">): Issuer {
  const { scheme, secret } = readShown(request);
  const issuer = scheme === "bearer" ? findByKey(config.issuers, secret) : undefined;
  if (issuer === undefined) throw new Problem("not-authenticated", { detail: "The secret key is not an issuer's." });
  const { id: issuerId, keyHashes } = issuer;
  noteCaller(request, {
    issuerId,
    ...(keyHashes.length > 1 && { issuerKey: keyHashes.indexOf(hashSecret(secret)) + 1 }),
  });
  return issuer;
}

/** A session, and until when (epoch milliseconds) the token that opened it is good. */
export interface OpenSession extends SessionRow {
  readonly tokenExpiresAt: number;
}

export type SessionParts = Pick<AppParts, "config" | "store" | "now" | "proofs">;

const opened = new WeakMap<FastifyRequest, Promise<OpenSession>>();

/**
 * The session whose access token the request carries; looked up once per request.
 * Where the route has a `:sessionId`, it must be the same session.
 * Throws Problem: not-authenticated, proof-outdated (make another proof), token-expired (get another token through the host), session-expired (start again), not-allowed.
 */
export function requireSession(request: FastifyRequest, parts: SessionParts): Promise<OpenSession> {
  const session = opened.get(request) ?? readSession(request, parts);
  opened.set(request, session);
  return session;
}

// One sentence for whatever is wrong, so that none is told from another.
const notGood = "The access token is not known, or the proof of its key in the header DPoP is not right.";

/** The token's row, if the request shows it as it has to be shown. Throws Problem: not-authenticated, proof-outdated. */
async function requireToken(request: FastifyRequest, { store, proofs }: SessionParts) {
  const { scheme, secret } = readShown(request);
  // Looked at first, so that a token which there is takes no longer to be refused.
  const proof = scheme === "dpop" ? await proofs.read(request, secret) : undefined;
  const token = await store
    .selectFrom("credentials")
    .select(["session_id", "expires_at", "thumbprint"])
    .where("hash", "=", hashSecret(secret))
    .where("kind", "=", "token")
    .executeTakeFirst();
  if (token === undefined) throw new Problem("not-authenticated", { detail: notGood });
  rememberSecret(request, secret, token.session_id);
  const isRight = scheme === "dpop" ? proof?.thumbprint === token.thumbprint : token.thumbprint === null;
  if (!isRight) {
    distrustSecret(request);
    throw new Problem("not-authenticated", { detail: notGood });
  }
  if (proof !== undefined) proofs.spend(proof);
  return token;
}

async function readSession(request: FastifyRequest, parts: SessionParts): Promise<OpenSession> {
  const token = await requireToken(request, parts);
  const session = await findSession(parts.store, token.session_id);
  noteCaller(request, { sessionId: token.session_id, ...(session && { issuerId: session.issuer_id }) });
  if (session === undefined || isOver(parts, session)) throw new Problem("session-expired");
  if (token.expires_at <= parts.now()) throw new Problem("token-expired");
  const asked = (request.params as { sessionId?: string } | undefined)?.sessionId;
  if (asked !== undefined && asked !== session.id)
    throw new Problem("not-allowed", { detail: "The access token belongs to another session." });
  return { ...session, tokenExpiresAt: token.expires_at };
}
