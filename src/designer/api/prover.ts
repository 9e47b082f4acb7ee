/** Proves, by a key that nobody can take out of this frame, that calls come from here (DPoP, RFC 9449). */
export interface Prover {
  /** The header `DPoP` of one call to this path; `token` is the one that goes with it. Rejects where the browser makes no key. */
  prove(method: string, path: string, token?: string): Promise<string>;
  /** Takes the header `DPoP-Nonce` of an answer: with it the server knows a proof as new, whatever the clock here says. */
  note(nonce: string | null | undefined): void;
}

const encode = (bytes: ArrayBuffer | Uint8Array<ArrayBuffer>): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=/g, "");

const toBytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const encodeJson = (value: object): string => encode(toBytes(JSON.stringify(value)));
const ecdsa = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** With a key of its own, which is kept in memory only. `origin` is the server's; empty for the page's own. */
export function createProver(origin: string): Prover {
  let nonce: string | undefined;
  const making = makeKey();
  // Whoever needs it is told.
  making.catch(() => {});
  return {
    async prove(method, path, token) {
      const { privateKey, head } = await making;
      const claims = {
        jti: encode(crypto.getRandomValues(new Uint8Array(16))),
        htm: method,
        htu: `${origin || location.origin}${path.replace(/\?.*/, "")}`,
        iat: Math.floor(Date.now() / 1000),
        ath: token && encode(await crypto.subtle.digest("SHA-256", toBytes(token))),
        nonce,
      };
      const input = `${head}.${encodeJson(claims)}`;
      const signature = await crypto.subtle.sign(ecdsa, privateKey, toBytes(input));
      return `${input}.${encode(signature)}`;
    },
    note(given) {
      nonce = given ?? nonce;
    },
  };
}

async function makeKey() {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(ecdsa, false, ["sign"]);
  // Browsers add more to it, each its own.
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
  return { privateKey, head: encodeJson({ typ: "dpop+jwt", alg: "ES256", jwk: { kty, crv, x, y } }) };
}
