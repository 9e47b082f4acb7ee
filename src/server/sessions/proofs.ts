import { createHash } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { calculateJwkThumbprint, compactVerify, EmbeddedJWK } from "jose";
import * as z from "zod/mini";
import { Problem } from "#contracts/problem.ts";
import { showsKnownSecret } from "../limits/limits.ts";
import type { AppParts } from "../parts.ts";
import { createNonces } from "./nonces.ts";
import { createSpentProofs } from "./spent-proofs.ts";

/** Three times what the designer's own proofs have. */
const maxLength = 2_048;
/** Of a P-256 coordinate, and of a SHA-256. */
const of32Bytes = z.string().check(z.regex(/^[\w-]{43}$/));

/** RFC 9449, 4.2, with one algorithm and one kind of key, and nothing beside them: no private part, no other place for a key. */
const proofHead = z.strictObject({
  typ: z.literal("dpop+jwt"),
  alg: z.literal("ES256"),
  jwk: z.strictObject({ kty: z.literal("EC"), crv: z.literal("P-256"), x: of32Bytes, y: of32Bytes }),
});
const proofClaims = z.object({
  jti: z.string().check(z.regex(/^[\w-]{16,64}$/)),
  htm: z.string(),
  htu: z.string(),
  // The clock of a phone may be wrong by years: the nonce says when it was made.
  iat: z.number(),
  ath: z.optional(of32Bytes),
  nonce: z.optional(z.string().check(z.maxLength(64))),
});

/** What a right proof says. */
export interface Proof {
  /** RFC 7638, of the key that made it. */
  readonly thumbprint: string;
  readonly jti: string;
  /** Undefined where it has none. */
  readonly nonce: string | undefined;
}

/** Proofs that a request comes from who holds a key (DPoP, RFC 9449). */
export interface Proofs {
  /** For the header `DPoP-Nonce` of an answer. */
  issueNonce(): string;
  /**
   * The proof that the request carries, made for its method and address and, where there is one, for this token. Undefined for
   * none and for a wrong one. Whether its nonce is good is not looked at.
   */
  read(request: FastifyRequest, token?: string): Promise<Proof | undefined>;
  /**
   * Uses it up. Throws Problem("proof-outdated") when its nonce is not one of the last minutes, and when it has been used before:
   * browsers and proxies send a request once more, as it was, when a connection breaks before the answer. Who holds the key makes another.
   */
  spend(proof: Proof): void;
}

/** The one value of the header; undefined when it is missing, or stands there more than once. */
export function readOnce({ raw: { rawHeaders } }: FastifyRequest, name: string): string | undefined {
  const values = rawHeaders.filter((_value, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
  return values.length === 1 ? values[0] : undefined;
}

/** Bits that decoding drops would make another text of the same signature. */
function isCanonical(jws: string): boolean {
  const signature = jws.slice(jws.lastIndexOf(".") + 1);
  return Buffer.from(signature, "base64url").toString("base64url") === signature;
}

function parse(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as unknown;
}

/** What a proof says that its own key has signed; undefined for anything else, whatever it is. */
async function readSigned(jws: string): Promise<(z.output<typeof proofClaims> & { thumbprint: string }) | undefined> {
  if (jws.length > maxLength || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(jws) || !isCanonical(jws)) return undefined;
  try {
    const { protectedHeader, payload } = await compactVerify(jws, EmbeddedJWK, { algorithms: ["ES256"] });
    const { jwk } = proofHead.parse(protectedHeader);
    return { ...proofClaims.parse(parse(payload)), thumbprint: await calculateJwkThumbprint(jwk) };
  } catch {
    return undefined;
  }
}

const hash = (text: string): string => createHash("sha256").update(text).digest("base64url");

const repeatAfterMs = 60_000;

/** Says once a minute, when one that has a secret of ours does, that browsers know the server by another address than its settings do: nothing works then. */
function createWarning({ log }: Pick<AppParts, "log">, origin: string) {
  let quietUntil = 0;
  return (htu: string): void => {
    const seen = URL.parse(htu)?.origin;
    if (seen === undefined || seen === origin || performance.now() < quietUntil) return;
    quietUntil = performance.now() + repeatAfterMs;
    log.warn(
      { seen, expected: origin },
      "a designer that was loaded from another address is refused: FULLBLEED_PUBLIC_URL has to be the one at which browsers reach this server",
    );
  };
}

/** `nonceKey` is the installation's: see `keepServerKey`. */
export function createProofs(parts: Pick<AppParts, "config" | "now" | "log">, nonceKey: Buffer): Proofs {
  const { origin } = new URL(parts.config.publicUrl);
  const nonces = createNonces(nonceKey, parts.now);
  const spent = createSpentProofs(parts.now);
  const warn = createWarning(parts, origin);
  return {
    issueNonce: nonces.issue,
    async read(request, token) {
      const jws = readOnce(request, "dpop");
      const claims = jws === undefined ? undefined : await readSigned(jws);
      if (claims === undefined || claims.htm !== request.method) return undefined;
      const [path = ""] = request.url.split("?", 1);
      // Its own public address, and not Host, which whatever is in front may change.
      if (claims.htu !== `${origin}${path}`) {
        if (showsKnownSecret(request)) warn(claims.htu);
        return undefined;
      }
      if (token !== undefined && claims.ath !== hash(token)) return undefined;
      const { thumbprint, jti, nonce } = claims;
      return { thumbprint, jti, nonce };
    },
    spend({ thumbprint, jti, nonce = "" }) {
      const issuedAt = nonces.read(nonce);
      const isFirst = issuedAt !== undefined && spent.spend({ thumbprint, jti, issuedAt }) === "first";
      if (!isFirst) throw new Problem("proof-outdated");
    },
  };
}
