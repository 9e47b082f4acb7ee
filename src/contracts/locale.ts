/** A language tag as BCP 47 has them: `ar`, `en-GB`, `ar-EG-u-nu-latn`. */
export const localeForm = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$/;

/** No tag that anybody means is longer. */
export const maxLocaleLength = 100;

/** The language of a tag, in lower case; empty when it names none. `ar_EG` is read as Java and POSIX mean it. */
export function languageOf(tag: string): string {
  const [, language = ""] = /^\s*([a-z]{2,3})(?![^-_\s])/i.exec(tag) ?? [];
  return language.toLowerCase();
}
