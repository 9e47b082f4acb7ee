import { Problem } from "#contracts/problem.ts";
import { isEncryptedOrLocal } from "#providers/encrypted-or-local.ts";
import type { Issuer } from "../issuers.ts";

/**
 * Origins as a browser spells them: lower case, no default port, each once.
 * Throws Problem("bad-request") for one that is none, that is neither https nor on this machine, or that the issuer's list has not.
 */
export function normaliseOrigins({ origins: allowed }: Pick<Issuer, "origins">, origins: readonly string[]): string[] {
  const normal = origins.map((origin, index) => {
    const url = URL.parse(origin);
    const refuse = (detail: string): Problem =>
      new Problem("bad-request", { detail: `body.origins.${index}: ${detail}.` });
    if (url === null || !isEncryptedOrLocal(url))
      throw refuse("expected an https origin, such as https://bank.example");
    if (allowed !== undefined && !allowed.includes(url.origin))
      throw refuse(`not among the origins that the server's operator has listed for you: ${allowed.join(", ")}`);
    return url.origin;
  });
  return [...new Set(normal)];
}
