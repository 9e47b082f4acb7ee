export type Scrub = (text: string) => string;

const escapes: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => JSON.stringify(text).slice(1, -1),
  (text) => encodeURIComponent(text),
  (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
  (text) => Buffer.from(text).toString("base64"),
];

const credential = /\b(tok|cs)_[A-Za-z0-9_-]{8,}/g;
const bearer = /\bBearer +[A-Za-z0-9._~+/=-]+/gi;
const query = /(\bhttps?:\/\/[^\s"'<>?]*)\?[^\s"'<>\\]*/g;

/** Makes a function that takes secrets (as they are, and escaped), our own tokens and the query strings of URLs out of a text. */
export function createScrub(secrets: readonly string[]): Scrub {
  const forms = new Set(secrets.flatMap((secret) => escapes.map((escape) => escape(secret))));
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  return (text) =>
    longestFirst
      .reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), text)
      .replace(credential, "[secret]")
      .replace(bearer, "Bearer [secret]")
      .replace(query, "$1?[query]");
}
