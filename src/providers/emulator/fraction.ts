import { createHash } from "node:crypto";

/** At random in [0, 1), the same for the same text. */
export function fraction(text: string): number {
  return createHash("sha256").update(text).digest().readUIntBE(0, 6) / 2 ** 48;
}
