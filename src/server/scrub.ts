import { escapeXml } from "#providers/xml.ts";

export type Scrub = (text: string) => string;

/** How other programs' errors write a secret: as it is, in JSON, in a URL, in an XML element or attribute, in a Basic header. */
const forms: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => JSON.stringify(secret).slice(1, -1),
  (secret) => encodeURIComponent(secret),
  (secret) => escapeXml(secret, "&<>"),
  (secret) => escapeXml(secret, '&<>"'),
  (secret) => escapeXml(secret),
  (secret) => Buffer.from(secret).toString("base64"),
];

const ourCredential = /\b(tok|cs)_[A-Za-z0-9_-]{8,}/g;
const bearer = /\bBearer +[A-Za-z0-9._~+/=-]+/gi;
const query = /(\/[^\s"'<>?\\]*)\?[^\s"'<>\\]+/g;

/** Makes a function that removes these secrets, our own tokens and the query strings of addresses from a text. */
export function createScrub(secrets: readonly string[]): Scrub {
  const all = new Set(secrets.flatMap((secret) => forms.map((form) => form(secret))));
  const longestFirst = [...all].toSorted((a, b) => b.length - a.length);
  return (text) =>
    longestFirst
      .reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), text)
      .replace(ourCredential, "[secret]")
      .replace(bearer, "Bearer [secret]")
      .replace(query, "$1?[query]");
}

/** A JSON text with every string in it scrubbed. */
export function scrubJson(json: string, scrub: Scrub): string {
  return JSON.stringify(JSON.parse(json, (_key, value: unknown) => (typeof value === "string" ? scrub(value) : value)));
}
