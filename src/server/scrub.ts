import { createSecretSearch } from "./secret-search.ts";

export type Scrub = (text: string) => string;

const ourCredential = /\b(?:(?:tok|cs|isk|hpc|hpk)_[A-Za-z0-9_-]{8,}|whsec_[A-Za-z0-9+/=_-]{8,})/g;
/** Of the scheme DPoP, which sentences speak of too. */
const bound = /\b(DPoP:?) +[\w.~+/=-]{16,}/gi;
/** A proof of a key, or any other signed text: its head is a JSON object in base64. */
const signedText = /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g;
/** A word that only speaks of the scheme ("Bearer token") is no credential. */
const bearer =
  /\b(Bearer) +(?!(?:auth(?:entication|orization)?|credentials?|keys?|scheme|tokens?)(?![\w.~+/=-]))[A-Za-z0-9._~+/=-]+/gi;

// What ends an address in a text: white space, a quote (an apostrophe inside does not) or an angle bracket, also escaped.
const run = String.raw`(?:(?!&(?:amp;)*(?:quot|apos|lt|gt|#34|#39|#x22|#x27);)[^\s"'<>\x60\\]|'(?=[\w%-])|\\(?!["'\x60nrt]))`;

/** `?`, `#` and `=` as they are, percent-encoded however often, in JSON and in HTML. */
function sign(plain: string, hex: string): string {
  return String.raw`(?:${plain}|%(?:25)*${hex}|\\+u00${hex}|&(?:amp;)*#(?:${Number.parseInt(hex, 16)}|x${hex});)`;
}
const [questionMark, hash, equals] = [sign(String.raw`\?`, "3f"), sign("#", "23"), sign("=", "3d")];
const name = String.raw`[\w.~%$@+-]{1,100}(?:\[[^\]\s"']{0,100}\])?`;

/** Of an address with its scheme all that follows `?` or `#` goes, and who signs in. */
const absolute = new RegExp(String.raw`(?<![a-z\d+.-])([a-z][a-z\d+.-]*:\/\/)(${run}+)`, "gi");
/** The same, percent-encoded. */
const encoded = new RegExp(
  String.raw`(?<![a-z\d+.-])([a-z][a-z\d+.-]*%(?:25)*3a(?:%(?:25)*2f){2}(?:(?!%(?:25)*(?:3f|23))[\w.~%-])*)(%(?:25)*(?:3f|23))(${run}+)`,
  "gi",
);
/** Elsewhere a question mark or hash is an address's when a name and an equals sign follow: in a regular expression none does. */
const named = new RegExp(
  String.raw`(?<![\\&])(${questionMark}|${hash})(?=${name}(?:&(?:amp;)*${name}){0,50}${equals})(${run}+)`,
  "gi",
);
/** Or behind a path when what follows is as long as a key. */
const bare = /(?<![^\s"'`([{<=,:;|])(\/[\w.~%!$&()*+,;=:@/-]{0,500})([?#])([\w.~%+=-]{16,})(?![^\s"'`)\]}>,;|])/g;

/** Most likely of the sentence around an address. */
const closing = /[)\]},.;:!]+$/;

function remove(mark: string, rest: string): string {
  const what = /(?:#|23;?|35;)$/.test(mark) ? "[fragment]" : "[query]";
  return `${mark}${what}${closing.exec(rest)?.[0] ?? ""}`;
}

function scrubAbsolute(_whole: string, scheme: string, rest: string): string {
  const [, user, place = "", mark = "", end = ""] = /^([^/?#]*@)?([^?#]*)([?#]?)(.*)$/s.exec(rest) ?? [];
  const from = `${scheme}${user === undefined ? "" : "[secret]@"}${place}`;
  return end === "" ? `${from}${mark}` : `${from}${remove(mark, end)}`;
}

/**
 * Makes a function that removes from a text these secrets in whatever form, our own tokens, and the query strings, fragments
 * and credentials of addresses. All else stays as it is.
 */
export function createScrub(secrets: readonly string[]): Scrub {
  const removeSecrets = createSecretSearch(secrets);
  return (text) =>
    removeSecrets(text)
      .replace(ourCredential, "[secret]")
      .replace(signedText, "[secret]")
      .replace(bearer, "$1 [secret]")
      .replace(bound, "$1 [secret]")
      .replace(absolute, scrubAbsolute)
      .replace(encoded, (_whole, place: string, mark: string, rest: string) => `${place}${remove(mark, rest)}`)
      .replace(named, (_whole, mark: string, rest: string) => remove(mark, rest))
      .replace(bare, (_whole, place: string, mark: string, rest: string) => `${place}${remove(mark, rest)}`);
}

/** A JSON text with every string in it scrubbed. */
export function scrubJson(json: string, scrub: Scrub): string {
  return JSON.stringify(JSON.parse(json, (_key, value: unknown) => (typeof value === "string" ? scrub(value) : value)));
}
