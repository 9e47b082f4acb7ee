import { createHash, randomBytes } from "node:crypto";

const bytes = { ses: 16, whe: 16, cs: 32, tok: 32, isk: 32, hpc: 32 } as const;

/** A random name: `ses_` and `whe_` (128 bits, not secret), `cs_`, `tok_`, `isk_` and `hpc_` (256 bits, secret). */
export function createId(kind: keyof typeof bytes): string {
  return `${kind}_${randomBytes(bytes[kind]).toString("base64url")}`;
}

/** What is stored instead of a secret. No salt: the secret is 256 random bits. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
