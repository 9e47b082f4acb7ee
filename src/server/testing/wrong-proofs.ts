import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { createProver, type ProofChange, type Prover } from "./prover.ts";

/** A key that nothing else has to do with. */
const nobodys = createProver();
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const rsaJwk = rsa.publicKey.export({ format: "jwk" });

/** Proofs in each of which one thing is wrong; those that need the key to make them are given it. */
export const wrongProofs: Readonly<Record<string, ProofChange | ((prover: Prover) => ProofChange)>> = {
  "for another method": { claims: { htm: "PATCH" } },
  "for another address": { claims: { htu: "https://cards.example/v1/sessions/ses_other" } },
  "for another host": { claims: { htu: "https://evil.example/" } },
  "for the address with its query": { claims: { htu: "https://cards.example/v1/events?after=1" } },
  "without a method": { claims: { htm: undefined } },
  "without a number": { claims: { jti: undefined } },
  "without a time": { claims: { iat: undefined } },
  "of another kind": { head: { typ: "JWT" } },
  "without a kind": { head: { typ: undefined } },
  "without a key": { head: { jwk: undefined } },
  "that nobody has signed": { head: { alg: "none" }, sign: () => Buffer.alloc(0) },
  "that says nobody has signed it": { head: { alg: "none" } },
  "signed with the public key": ({ jwk }) => ({
    head: { alg: "HS256" },
    sign: (input) => createHmac("sha256", JSON.stringify(jwk)).update(input).digest(),
  }),
  "signed with another kind of key": {
    head: { alg: "RS256", jwk: rsaJwk },
    sign: (input) => sign("sha256", input, rsa.privateKey),
  },
  "with the private key in it": ({ jwk, privateKey }) => ({
    head: { jwk: { ...jwk, d: privateKey.export({ format: "jwk" }).d } },
  }),
  "with its key in two places": { head: { jku: "https://evil.example/keys" } },
  "with what must be understood": { head: { crit: ["b64"], b64: true } },
  "that is too large": { claims: { more: "x".repeat(2_000) } },
  "with a signature in another form": { sign: (input, key) => sign("sha256", input, key) },
  "whose signature is another's": {
    sign: (input) => sign("sha256", input, { key: nobodys.privateKey, dsaEncoding: "ieee-p1363" }),
  },
};
