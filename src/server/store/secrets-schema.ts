/** One-time client secrets, access tokens, and what opens a page of ours, as SHA-256 hashes only. */
export interface CredentialTable {
  hash: string;
  session_id: string;
  kind: "client-secret" | "token" | "page-code" | "page-key";
  expires_at: number;
  /** Set when a client secret, or a page's code, has been exchanged. */
  used_at: number | null;
  /** Of the key that a token is bound to (RFC 7638, base64url); null for a client secret, and for a token from before. */
  thumbprint: string | null;
}

/** What all processes of an installation share. */
export interface ServerKeyTable {
  name: "nonces" | "drafts";
  value: string;
}
