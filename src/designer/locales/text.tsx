import { setupI18n } from "@lingui/core";
import { compileMessageOrThrow } from "@lingui/message-utils/compileMessage";
import { createContext, type ReactNode, useContext, useLayoutEffect, useMemo } from "react";
import { toOneLine } from "#contracts/one-line.ts";
import type { MessageId } from "./en.ts";
import { type AppLocale, chooseLocale } from "./locale.ts";

export type TextValues = Readonly<Record<string, string | number>>;
/** The text with this id, in the cardholder's language and the issuer's words. */
export type Translate = (id: MessageId, values?: TextValues) => string;

/** A message that is no ICU, which only an issuer can have written, is shown as it stands. */
function compileOrShow(message: string): ReturnType<typeof compileMessageOrThrow> {
  try {
    return compileMessageOrThrow(message);
  } catch {
    return [message];
  }
}

/** Numbers that stand in texts for themselves, so that every language writes them in its digits. */
const constants = { quarterTurn: 90, stepMm: 1, strideMm: 5 } as const;

/** The issuer's `rules.version`, which is a name and no message; undefined without one, or if nothing of it can be seen. */
export function readRulesVersion(overrides: Readonly<Record<string, string>> = {}): string | undefined {
  const given = overrides["rules.version"];
  return given === undefined || toOneLine(given).trim() === "" ? undefined : given;
}

/**
 * Builds `t` for one language. `overrides` are the issuer's own texts by message id; unknown ids are ignored, and so is a version
 * of the rules that nobody could see.
 */
export function createTranslate(locale: AppLocale, overrides: Readonly<Record<string, string>> = {}): Translate {
  const known = Object.entries(overrides).filter(([id]) => Object.hasOwn(locale.messages, id));
  const i18n = setupI18n().setMessagesCompiler(compileOrShow);
  const messages = { ...locale.messages, ...Object.fromEntries(known) };
  i18n.loadAndActivate({ locale: locale.language, locales: locale.tag, messages });
  const version = readRulesVersion(overrides) ?? locale.messages["rules.version"];
  return (id, values) =>
    id === "rules.version" && version !== undefined ? version : i18n._(id, { ...constants, ...values });
}

interface Text {
  readonly t: Translate;
  readonly locale: AppLocale;
}

const english = chooseLocale();
const TextContext = createContext<Text>({ t: createTranslate(english), locale: english });

interface TextProviderProps {
  readonly locale: AppLocale;
  readonly overrides?: Readonly<Record<string, string>> | undefined;
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
