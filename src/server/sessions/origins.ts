import { Problem } from "#contracts/problem.ts";
import type { HostedRequest } from "#contracts/session.ts";
import { isEncryptedOrLocal } from "#providers/encrypted-or-local.ts";
import type { Issuer } from "../issuers.ts";

/** Schemes that no app can have: those of servers, of files and texts, of browsers and their extensions, and of calls to other apps. */
const foreignScheme =
  /^(https?|http\+unix|wss?|ftp|file|data|blob|filesystem|javascript|vbscript|about|intent|chrome(-\w+)?|edge|devtools|moz-extension|safari(-web)?-extension|resource|view-source):/;

/** `capacitor://localhost` and its like: a web view gives what an app brings along an address of the app's own. Undefined for anything else. */
export function readAppOrigin(address: string): string | undefined {
  const [origin] = /^[a-z][a-z0-9+.-]{1,30}:\/\/[a-z0-9.-]+(?::\d{1,5})?(?=\/|$)/i.exec(address) ?? [];
  const lower = origin?.toLowerCase();
  return lower === undefined || foreignScheme.test(lower) ? undefined : lower;
}

/** As a browser spells it; undefined for what is neither https, nor on this machine, nor an app's. */
function readOrigin(address: string): string | undefined {
  const app = readAppOrigin(address);
  if (app !== undefined) return app;
  const url = URL.parse(address);
  return url !== null && isEncryptedOrLocal(url) ? url.origin : undefined;
}

/** Whether it is an origin as a browser spells it, https, on this machine, or an app's. */
export function isPageOrigin(value: string): boolean {
  return readOrigin(value) === value;
}

/**
 * Where a page of ours may lead the cardholder. Throws Problem("bad-request") for what is no address, or that the issuer's list has not.
 */
export function requireReturn({ returnOrigins }: Pick<Issuer, "returnOrigins">, { returnUrl }: HostedRequest): void {
  const refuse = (detail: string): Problem =>
    new Problem("bad-request", { detail: `body.hosted.returnUrl: ${detail}.` });
  const listed = "the server's operator has listed for you (FULLBLEED_RETURN_ORIGINS, or returnOrigins of the file)";
  if (returnOrigins.length === 0) throw refuse(`not among the addresses that ${listed}: there are none`);
  const origin = /[\s\p{Cc}\\]/u.test(returnUrl) ? undefined : readOrigin(returnUrl);
  const { username, password } = URL.parse(returnUrl) ?? {};
  if (origin === undefined || username !== "" || password !== "")
    throw refuse("expected an https address, or an app's such as mybank://cards/done, a path before any question mark");
  if (!returnOrigins.includes(origin)) throw refuse(`not among those that ${listed}: ${returnOrigins.join(", ")}`);
}

/**
 * Origins as a browser spells them: lower case, no default port, each once.
 * Throws Problem("bad-request") for one that is none, that is neither https nor on this machine nor an app's, or that the issuer's list has not.
 */
export function normaliseOrigins({ origins: allowed }: Pick<Issuer, "origins">, origins: readonly string[]): string[] {
  const spelt = origins.map((origin, index) => {
    const normal = readOrigin(origin);
    const refuse = (detail: string): Problem =>
      new Problem("bad-request", { detail: `body.origins.${index}: ${detail}.` });
    if (normal === undefined) throw refuse("expected an https origin, such as https://bank.example");
    if (allowed !== undefined && !allowed.includes(normal))
      throw refuse(`not among the origins that the server's operator has listed for you: ${allowed.join(", ")}`);
    return normal;
  });
  return [...new Set(spelt)];
}
