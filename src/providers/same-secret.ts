import { createHash, timingSafeEqual } from "node:crypto";

function sha256(text: string): Buffer {
  return createHash("sha256").update(text, "utf8").digest();
}

/** Compares secrets in constant time. Nothing equals an empty one. */
export function isSameSecret(given: string | undefined, expected: string): boolean {
  return given !== undefined && expected !== "" && timingSafeEqual(sha256(given), sha256(expected));
}
