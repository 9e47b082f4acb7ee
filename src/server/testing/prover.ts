import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { testEnv } from "./env.ts";

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** What a request is for, as its proof has it. `token` is the one that goes with it. */
export interface Target {
  readonly method: string;
  /** With or without its query. */
  readonly path: string;
  readonly token?: string | undefined;
  readonly nonce?: string | undefined;
}

/** What a test may change of a proof; `sign` gives the signature's bytes. */
export interface ProofChange {
  readonly head?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly sign?: (input: Buffer, key: KeyObject) => Buffer;
}

/** Makes proofs of a key of its own as a designer's frame does, by other means than the server reads them with. */
export interface Prover {
  readonly jwk: { readonly kty: "EC"; readonly crv: "P-256"; readonly x: string; readonly y: string };
  readonly privateKey: KeyObject;
  prove(target: Target, change?: ProofChange): string;
  /** The headers of a call with a token. */
  show(target: Target & { readonly token: string }, change?: ProofChange): { authorization: string; dpop: string };
}

const signES256 = (input: Buffer, key: KeyObject): Buffer => sign("sha256", input, { key, dsaEncoding: "ieee-p1363" });

/** `origin` is where browsers find the server. */
export function createProver(origin: string = testEnv.FULLBLEED_PUBLIC_URL): Prover {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const jwk = { kty: "EC", crv: "P-256", x, y } as const;
  const prove: Prover["prove"] = ({ method, path, token, nonce }, change = {}) => {
    const [withoutQuery = ""] = path.split("?", 1);
    const head = { typ: "dpop+jwt", alg: "ES256", jwk, ...change.head };
    const claims = {
      jti: randomBytes(16).toString("base64url"),
      htm: method,
      htu: `${origin}${withoutQuery}`,
      // The clock of a phone may show any year.
      iat: 0,
      ...(token !== undefined && { ath: createHash("sha256").update(token).digest("base64url") }),
      ...(nonce !== undefined && { nonce }),
      ...change.claims,
    };
    const input = `${encode(head)}.${encode(claims)}`;
    const signature = (change.sign ?? signES256)(Buffer.from(input), privateKey);
    return `${input}.${signature.toString("base64url")}`;
  };
  return {
    jwk,
    privateKey,
    prove,
    show: (target, change) => ({ authorization: `DPoP ${target.token}`, dpop: prove(target, change) }),
  };
}
