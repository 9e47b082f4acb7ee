import { createContext, type ReactNode, useContext, useLayoutEffect, useMemo } from "react";
import { toOneLine } from "#contracts/one-line.ts";
import type { MessageId } from "./en.ts";
import type { createIcuFormat } from "./icu/icu-format.ts";
import { type AppLocale, chooseLocale } from "./locale.ts";
import { formatMessage, isSimple, type TextValues } from "./message.ts";

/** The text with this id, in the cardholder's language and the issuer's words. */
export type Translate = (id: MessageId, values?: TextValues) => string;

/** The issuer's own texts, by message id. */
type Overrides = Readonly<Record<string, string>>;

let createIcu: typeof createIcuFormat | undefined;

/** Loads what the issuer's texts need beyond what ours do, which most do not. Rejects when that cannot be loaded. */
export async function prepareOverrides(overrides: Overrides = {}): Promise<void> {
  if (!Object.values(overrides).every(isSimple)) createIcu ??= (await import("./icu/icu-format.ts")).createIcuFormat;
}

/** Numbers that stand in texts for themselves, so that every language writes them in its digits. */
const constants = { quarterTurn: 90, stepMm: 1, strideMm: 5 } as const;

/** The issuer's `rules.version`, which is a name and no message; undefined without one, or if nothing of it can be seen. */
export function readRulesVersion(overrides: Overrides = {}): string | undefined {
  const given = overrides["rules.version"];
  return given === undefined || toOneLine(given).trim() === "" ? undefined : given;
}

/**
 * Builds `t` for one language. `overrides` are the issuer's own texts; unknown ids are ignored, and so is what
 * `prepareOverrides` has not yet loaded enough for, and a version of the rules that nobody could see.
 */
export function createTranslate(locale: AppLocale, overrides: Overrides = {}): Translate {
  const { language, tag, messages } = locale;
  const known = Object.entries(overrides).filter(([id]) => Object.hasOwn(messages, id));
  const simple = new Map(known.filter(([, message]) => isSimple(message)));
  const other = Object.fromEntries(known.filter(([, message]) => !isSimple(message)));
  const version = readRulesVersion(overrides) ?? messages["rules.version"];
  let formatOther: ReturnType<typeof createIcuFormat> | undefined;
  return (id, values) => {
    if (id === "rules.version" && version !== undefined) return version;
    const given = { ...constants, ...values };
    if (Object.hasOwn(other, id)) {
      formatOther ??= createIcu?.(language, tag, other);
      if (formatOther !== undefined) return formatOther(id, given);
    }
    return formatMessage(simple.get(id) ?? messages[id] ?? id, given, tag);
  };
}

interface Text {
  readonly t: Translate;
  readonly locale: AppLocale;
}

const english = chooseLocale();
const TextContext = createContext<Text>({ t: createTranslate(english), locale: english });

interface TextProviderProps {
  readonly locale: AppLocale;
  readonly overrides?: Overrides | undefined;
  readonly children: ReactNode;
}

/** Gives its children their texts and tells the document its language and direction. */
export function TextProvider({ locale, overrides, children }: TextProviderProps): ReactNode {
  const text = useMemo(() => ({ t: createTranslate(locale, overrides), locale }), [locale, overrides]);
  useLayoutEffect(() => {
    document.documentElement.lang = locale.lang;
    document.documentElement.dir = locale.direction;
    document.title = text.t("app.title");
  }, [locale, text]);
  return <TextContext value={text}>{children}</TextContext>;
}

/** `const t = useText(); t("app.title")` */
export function useText(): Translate {
  return useContext(TextContext).t;
}

/** The language on screen, for what depends on the direction. */
export function useLocale(): AppLocale {
  return useContext(TextContext).locale;
}

/** Writes numbers as the cardholder does. */
export function useNumberFormat(options?: Intl.NumberFormatOptions): Intl.NumberFormat {
  return new Intl.NumberFormat(useLocale().tag, options);
}
