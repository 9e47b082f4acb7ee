/** SHA-256 as 64 hexadecimal digits. Needs a secure context: https, or localhost and 127.0.0.1. */
export async function hashSha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
