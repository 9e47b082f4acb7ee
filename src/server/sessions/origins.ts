import { Problem } from "#contracts/problem.ts";
import { isEncryptedOrLocal } from "#providers/encrypted-or-local.ts";

/**
 * Origins as a browser spells them: lower case, no default port, each once.
 * Throws Problem("bad-request") for one that is none, or that is neither https nor on this machine.
 */
export function normaliseOrigins(origins: readonly string[]): string[] {
  const normal = origins.map((origin, index) => {
    const url = URL.parse(origin);
    if (url === null || !isEncryptedOrLocal(url)) {
      throw new Problem("bad-request", {
        detail: `body.origins.${index}: expected an https origin, such as https://bank.example.`,
      });
    }
    return url.origin;
  });
  return [...new Set(normal)];
}
