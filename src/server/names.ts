import * as z from "zod";
import { line } from "./json-file.ts";

export const language = z.string().regex(/^[a-z]{2,3}$/);
const longestName = 100;
const name = `1 to ${longestName} characters in one line, or an object from language, such as en, to such a text, with English among them`;
const byLanguage = z.record(language, line(longestName)).refine((names) => names["en"] !== undefined, name);

/** One for all languages, or an object with that of each. */
export const nameField = z.union([line(longestName), byLanguage], name);

/** The names by language; none where one is for all. */
export function namesOf(given: z.output<typeof nameField>): Readonly<Record<string, string>> {
  return typeof given === "string" ? {} : given;
}

/** What stands where no language is asked for. */
export function plainNameOf(given: z.output<typeof nameField>): string {
  return typeof given === "string" ? given : (given["en"] ?? "");
}
