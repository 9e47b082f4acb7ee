import { ar } from "./ar.ts";
import { en, type MessageId } from "./en.ts";

export type Direction = "ltr" | "rtl";

/** Every language of the designer. CONTRIBUTING.md says what else a new one needs. */
export const locales = [
  { language: "en", direction: "ltr", messages: en },
  { language: "ar", direction: "rtl", messages: ar },
] as const satisfies readonly {
  language: string;
  direction: Direction;
  messages: Readonly<Record<MessageId, string>>;
}[];

export type AppLocale = (typeof locales)[number];

/** The first of the wanted BCP 47 tags whose language we have, otherwise English. */
export function chooseLocale(...wanted: readonly (string | undefined)[]): AppLocale {
  for (const tag of wanted) {
    const language = tag?.split("-")[0]?.toLowerCase();
    const found = locales.find((locale) => locale.language === language);
    if (found !== undefined) return found;
  }
  return locales[0];
}
