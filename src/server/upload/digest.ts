/** The SHA-256 in a header of RFC 9530 form (`sha-256=:BASE64:`, other algorithms beside it ignored) as lower-case hex, or undefined. */
export function readSha256(header: string | undefined): string | undefined {
  for (const member of (header ?? "").split(",")) {
    const match = /^\s*sha-256=:([A-Za-z0-9+/]{43}=):\s*$/.exec(member);
    if (match?.[1] !== undefined) return Buffer.from(match[1], "base64").toString("hex");
  }
  return undefined;
}

/** `sha-256=:BASE64:` of a hex digest. */
export function writeSha256(sha256: string): string {
  return `sha-256=:${Buffer.from(sha256, "hex").toString("base64")}:`;
}
