/** The cardholder's agreement to the issuer's picture rules. */
export interface Agreement {
  /** Which rules, as the designer names them. */
  readonly rulesVersion: string;
  /** Epoch milliseconds, by the clock of the cardholder's browser. */
  readonly agreedAt: number;
}

/** What the header looks like, for whoever has got it wrong. */
export const agreementForm = 'rules="VERSION", at=MS: 1 to 40 visible characters, epoch milliseconds';

// What cannot be seen, or would turn round what stands beside it.
const unseen = "\\p{Cc}\\p{Cs}\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069";
const unseenRuns = new RegExp(`[${unseen}]+`, "gu");
const maxVersionCharacters = 40;
const atMost = new RegExp(`^.{0,${maxVersionCharacters}}`, "u");
const visible = new RegExp(`^(?=.*\\S)[^${unseen}]{1,${maxVersionCharacters}}$`, "u");

/** An ASCII String of RFC 9651, or its Display String where an issuer writes its version in other letters. */
function writeText(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
  return `%"${encodeURIComponent(text).replaceAll(/%../g, (byte) => byte.toLowerCase())}"`;
}

/**
 * The header `Agreement: rules="VERSION", at=MS`, a dictionary of RFC 9651. Of a version that is longer than 40 characters the
 * first 40 are sent, and a blank for what cannot be seen.
 */
export function writeAgreement({ rulesVersion, agreedAt }: Agreement): string {
  const [fitting = ""] = atMost.exec(rulesVersion.replaceAll(unseenRuns, " ").trim()) ?? [];
  return `rules=${writeText(fitting)}, at=${agreedAt}`;
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
 * What `writeAgreement` writes, in either order; undefined for anything else: a version that is not 1 to 40 visible characters,
 * a time beyond 2^53 - 1, one of both missing, twice or with something beside it.
 */
export function readAgreement(header: string): Agreement | undefined {
  const found = [...header.trim().matchAll(member)];
  if (found.length !== 2 || found.map(([whole]) => whole).join("") !== header.trim()) return undefined;
  const [rules, at] = [found.find((match) => match[3] === undefined), found.find((match) => match[3] !== undefined)];
  const rulesVersion = rules?.[1]?.replaceAll(/\\(.)/g, "$1") ?? decode(rules?.[2] ?? "");
  const agreedAt = Number(at?.[3]);
  if (rulesVersion === undefined || !visible.test(rulesVersion) || !Number.isSafeInteger(agreedAt)) return undefined;
  return { rulesVersion, agreedAt };
}
