import type { Names } from "#design/templates/template.ts";

/** The name in this language (BCP 47), or in English. */
export function nameIn(names: Names, language: string): string {
  return names[language.split("-")[0] ?? ""] ?? names["en"] ?? "";
}
