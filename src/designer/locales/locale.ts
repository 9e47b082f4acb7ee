import { languageOf, maxLocaleLength } from "#contracts/locale.ts";
import type { MessageId } from "./en.ts";
import { firstTexts } from "./first-texts.ts";

export type Direction = "ltr" | "rtl";
export type Messages = Readonly<Record<MessageId, string>>;

/** Every language of the designer. CONTRIBUTING.md says what else a new one needs. */
export const locales = [
  {
    language: "en",
    direction: "ltr",
    loadFirstScreen: async () => (await import("./first-screen/en.ts")).en,
    load: async () => (await import("./en.ts")).en,
  },
  {
    language: "de",
    direction: "ltr",
    loadFirstScreen: async () => (await import("./first-screen/de.ts")).de,
    load: async () => (await import("./de.ts")).de,
  },
  {
    language: "fr",
    direction: "ltr",
    loadFirstScreen: async () => (await import("./first-screen/fr.ts")).fr,
    load: async () => (await import("./fr.ts")).fr,
  },
  {
    language: "es",
    direction: "ltr",
    loadFirstScreen: async () => (await import("./first-screen/es.ts")).es,
    load: async () => (await import("./es.ts")).es,
  },
  {
    language: "ar",
    direction: "rtl",
    loadFirstScreen: async () => (await import("./first-screen/ar.ts")).ar,
    load: async () => (await import("./ar.ts")).ar,
  },
] as const satisfies readonly {
  language: keyof typeof firstTexts;
  direction: Direction;
  loadFirstScreen: () => Promise<Partial<Messages>>;
  load: () => Promise<Messages>;
}[];

type Language = (typeof locales)[number]["language"];

export interface AppLocale {
  /** Of the texts. */
  readonly language: Language;
  readonly direction: Direction;
  /** Language and region, for the document. */
  readonly lang: string;
  /** BCP 47, for `Intl`: the tag that was asked for, with its region and its digits, where the texts are in its language. */
  readonly tag: string;
  /** The first texts alone until the language has been loaded; then those of the first screen, then all. */
  readonly messages: Partial<Messages>;
}

const loaded = new Map<Language, { readonly messages: Partial<Messages>; readonly isWhole: boolean }>();

/**
 * The first of the wanted BCP 47 tags whose language we have, otherwise English. What is no tag is read as far as it is one:
 * `ar_EG` and `ar-EG-` are `ar-EG`.
 */
export function chooseLocale(...wanted: readonly (string | undefined)[]): AppLocale {
  const tags = wanted.filter((tag) => tag !== undefined);
  for (const tag of tags) {
    const found = locales.find(({ language }) => language === readLanguage(tag));
    if (found !== undefined) return describeLocale(found, tag);
  }
  return describeLocale(locales[0], "en");
}

/** As `Intl` knows it, for which `deu` is `de`. */
function readLanguage(tag: string): string {
  return readTag(tag)?.language ?? languageOf(tag);
}

function findLocale(language: Language): (typeof locales)[number] {
  return locales.find((each) => each.language === language) ?? locales[0];
}

function describeLocale({ language, direction }: (typeof locales)[number], wanted: string): AppLocale {
  const tag = readTag(wanted);
  const lang = tag?.region === undefined ? language : `${language}-${tag.region}`;
  const messages = loaded.get(language)?.messages ?? firstTexts[language];
  return { language, direction, lang, tag: tag?.toString() ?? language, messages };
}

/** The longest beginning of the text that is a tag; undefined without one, or in a browser that cannot tell. */
function readTag(text: string): Intl.Locale | undefined {
  const subtags = text.trim().slice(0, maxLocaleLength).replaceAll("_", "-").split("-");
  for (; subtags.length > 0; subtags.pop()) {
    try {
      return new Intl.Locale(subtags.join("-"));
    } catch {
      // Then without its last part.
    }
  }
}

const loadTimeoutMs = 20_000;

/**
 * The same locale with all its texts, or at least those of the first screen. Rejects when they cannot be loaded within 20 s.
 */
export async function loadLocale(locale: AppLocale, part: "all" | "first-screen" = "all"): Promise<AppLocale> {
  const { language } = locale;
  const isWhole = part === "all";
  const known = loaded.get(language);
  if (known !== undefined && (known.isWhole || !isWhole)) return { ...locale, messages: known.messages };
  const { load, loadFirstScreen } = findLocale(language);
  const come = await withTimeout<Partial<Messages>>(isWhole ? load() : loadFirstScreen());
  const messages = { ...firstTexts[language], ...come };
  if (loaded.get(language)?.isWhole !== true) loaded.set(language, { messages, isWhole });
  return { ...locale, messages };
}

/** What is being loaded; rejects when it has not come within 20 s. */
export async function withTimeout<Value>(promise: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came within ${loadTimeoutMs} ms`)), loadTimeoutMs);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
