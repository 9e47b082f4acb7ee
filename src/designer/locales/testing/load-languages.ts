import { chooseLocale, loadLocale, locales } from "../locale.ts";

// Run by Vitest before every file: tests may use any language without waiting for it.
await Promise.all(locales.map(({ language }) => loadLocale(chooseLocale(language))));
