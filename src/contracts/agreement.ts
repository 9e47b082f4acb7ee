import { toOneLine } from "./one-line.ts";

/** The cardholder's agreement to the issuer's picture rules. */
export interface Agreement {
  /** Which rules; empty if nothing could be seen of the name that an early designer gave them. */
  readonly rulesVersion: string;
  /** Epoch milliseconds, by the clock of the cardholder's browser. */
  readonly agreedAt: number;
}

/** What the header looks like, for whoever has got it wrong. */
export const agreementForm = 'rules="VERSION", at=MS: 1 to 40 visible characters, epoch milliseconds';

const maxVersionCharacters = 40;
const fitting = new RegExp(`^.{0,${maxVersionCharacters}}`, "u");

/** A version as it is sent and kept: one line of what can be seen of it, its first 40 characters. Empty if that is nothing. */
export function toRulesVersion(text: string): string {
  return fitting.exec(toOneLine(text).trim())?.[0].trimEnd() ?? "";
}

/** An ASCII String of RFC 9651, or its Display String where an issuer writes its version in other letters. */
function writeText(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
  return `%"${encodeURIComponent(text).replaceAll(/%../g, (byte) => byte.toLowerCase())}"`;
}

/** The header `Agreement: rules="VERSION", at=MS`, a dictionary of RFC 9651, with the version as `toRulesVersion` gives it. */
export function writeAgreement({ rulesVersion, agreedAt }: Agreement): string {
  return `rules=${writeText(toRulesVersion(rulesVersion))}, at=${agreedAt}`;
}

const text = String.raw`"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"`;
const displayText = String.raw`%"((?:[\x20\x21\x23\x24\x26-\x7e]|%[0-9a-f]{2})*)"`;
// Up to 2^53 - 1, as documents of version 1 had it: one digit more than an Integer of RFC 9651 has.
const member = new RegExp(`(?:rules=(?:${text}|${displayText})|at=(\\d{1,16}))(?:[ \\t]*,[ \\t]*(?=[ra])|$)`, "gy");

function decode(display: string): string | undefined {
  try {
    return decodeURIComponent(display);
  } catch {
    return undefined;
  }
}

/**
 * What `writeAgreement` writes, in either order; undefined for anything else: a version that is longer than 40 characters or of
 * which nothing can be seen, a time beyond 2^53 - 1, one of both missing, twice or with something beside it. The version is as
 * `toRulesVersion` gives it, since the browser that wrote it may know an older Unicode.
 */
export function readAgreement(header: string): Agreement | undefined {
  // Of what trim() takes away, a header may have blanks and tabs around it.
  if (/[^\t\x20-\x7e]/.test(header)) return undefined;
  const dictionary = header.trim();
  const found = [...dictionary.matchAll(member)];
  if (found.length !== 2 || found.map(([whole]) => whole).join("") !== dictionary) return undefined;
  const [rules, at] = [found.find((match) => match[3] === undefined), found.find((match) => match[3] !== undefined)];
  const given = rules?.[1]?.replaceAll(/\\(.)/g, "$1") ?? decode(rules?.[2] ?? "");
  const agreedAt = Number(at?.[3]);
  if (given === undefined || Array.from(given).length > maxVersionCharacters || !Number.isSafeInteger(agreedAt))
    return undefined;
  const rulesVersion = toRulesVersion(given);
  return rulesVersion === "" ? undefined : { rulesVersion, agreedAt };
}
