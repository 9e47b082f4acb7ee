import { setupI18n } from "@lingui/core";
import { compileMessageOrThrow } from "@lingui/message-utils/compileMessage";
import { createContext, type ReactNode, useContext, useLayoutEffect, useMemo } from "react";
import type { MessageId } from "./en.ts";
import { type AppLocale, locales } from "./locale.ts";

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

/** Builds `t` for one language. `overrides` are the issuer's own texts by message id; unknown ids are ignored. */
export function createTranslate(locale: AppLocale, overrides: Readonly<Record<string, string>> = {}): Translate {
  const known = Object.entries(overrides).filter(([id]) => Object.hasOwn(locale.messages, id));
  const i18n = setupI18n().setMessagesCompiler(compileOrShow);
  i18n.loadAndActivate({ locale: locale.language, messages: { ...locale.messages, ...Object.fromEntries(known) } });
  return (id, values) => i18n._(id, values);
}

interface Text {
  readonly t: Translate;
  readonly locale: AppLocale;
}

const english = locales[0];
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
    document.documentElement.lang = locale.language;
    document.documentElement.dir = locale.direction;
    document.title = text.t("app.title");
  }, [locale, text]);
  return <TextContext value={text}>{children}</TextContext>;
}

/** `const t = useText(); t("app.title")` */
export function useText(): Translate {
  return useContext(TextContext).t;
}

/** The language on screen, for `Intl` and for what depends on the direction. */
export function useLocale(): AppLocale {
  return useContext(TextContext).locale;
}
