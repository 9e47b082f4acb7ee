import { createHmac } from "node:crypto";
import type { DraftOwner } from "../store/drafts-schema.ts";

/** What a browser keeps a cardholder's drafts under. */
export type ScopeOf = (owner: Omit<DraftOwner, "product_id">) => string;

/**
 * The same for one issuer's cardholder in every session, and nobody's else: 128 bits of an HMAC, so that who reads it on a shared
 * device, or in a browser's memory, learns no cardholder's name.
 */
export function createScopes(key: Buffer): ScopeOf {
  return ({ issuer_id: issuerId, cardholder_id: cardholderId }) =>
    createHmac("sha256", key)
      .update(JSON.stringify([issuerId, cardholderId]))
      .digest()
      .subarray(0, 16)
      .toString("base64url");
}
