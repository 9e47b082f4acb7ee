import { type Surroundings, UsageError } from "./cli-client.ts";
import { createId, hashSecret } from "./sessions/credentials.ts";
import { bearerKey } from "./setting-kinds.ts";

export const issuerKeyHelp = `  fullbleed issuer-key                  a fresh key for an issuer's server, and the hash of it for the file of issuers
  fullbleed issuer-key --stdin          the hash of the key that comes on the standard input`;

/** More than any key has, so that nothing larger is read to its end. */
const mostCharacters = 1_000;

async function readGiven(input: Surroundings["input"]): Promise<string> {
  let text = "";
  for await (const piece of input ?? []) {
    text += String(piece);
    if (text.length > mostCharacters) break;
  }
  const key = text.trim();
  if (!bearerKey.safeParse(key).success)
    throw new UsageError(
      "The standard input has no key: expected one of 32 to 200 characters from A-Z a-z 0-9 . _ ~ + / = -.",
    );
  return key;
}

/** A key never comes as an argument: those can be seen by all who use the machine. */
export async function runIssuerKey(
  { input }: Surroundings,
  words: readonly string[],
  isGiven: boolean,
): Promise<{ answer: { key?: string; hash: string }; lines: string[] }> {
  if (words.length > 0) throw new UsageError("issuer-key takes no key as an argument; use --stdin.");
  const key = isGiven ? await readGiven(input) : createId("isk");
  const hash = `sha256:${hashSecret(key)}`;
  if (isGiven) return { answer: { hash }, lines: [hash] };
  const lines = [`key   ${key}`, `hash  ${hash}`];
  return { answer: { key, hash }, lines };
}
