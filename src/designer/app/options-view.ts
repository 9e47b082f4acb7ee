import type { StoreApi } from "zustand/vanilla";
import type { FrameOptions } from "#contracts/frame-messages.ts";
import type { SessionView } from "#contracts/session.ts";
import { chooseLocale, loadLocale } from "../locales/locale.ts";
import { prepareOverrides } from "../locales/text.tsx";
import { NotLoaded } from "./Closed.tsx";
import type { Look } from "./look.ts";
import type { AppState } from "./start.ts";

/**
 * Shows the page's options: colours as soon as they can be, then texts as soon as those of their language are there, all or
 * only those of the first screen; `languages` count when the page asks for none that we have. Of several changes the last one stays. Resolves with false, and leaves the texts as they
 * are, when the language, or what the issuer's own texts or colours need, cannot be loaded.
 */
export type ShowOptions = (
  options: FrameOptions,
  languages: readonly string[],
  part?: Parameters<typeof loadLocale>[1],
) => Promise<boolean>;

export function createOptionsView(
  app: StoreApi<AppState>,
  look: Pick<Look, "setTheme">,
  load = loadLocale,
): ShowOptions {
  let latest = 0;
  return async (options, languages, part = "all") => {
    latest += 1;
    const own = latest;
    const themed = look.setTheme(options.theme);
    const chosen = chooseLocale(options.locale, ...languages);
    // What is on screen by then needs the first texts only.
    if (app.getState().now.phase === "connecting") app.setState({ options, locale: chosen });
    try {
      const [locale] = await Promise.all([load(chosen, part), prepareOverrides(options.messages), themed]);
      const shown = app.getState().locale;
      if (latest === own) app.setState({ options, locale: sameOr(shown, locale) });
      // The texts that stay if those of the latest do not come.
      else if (shown.language === locale.language)
        app.setState({ locale: sameOr(shown, { ...shown, messages: locale.messages }) });
      return true;
    } catch {
      return latest !== own;
    }
  };
}

/**
 * Sees to it that all texts of what is on screen are there, whatever the page has changed while `shown` was under way. Rejects with
 * NotLoaded.
 */
export async function showAll(app: StoreApi<AppState>, shown: Promise<boolean>, load = loadLocale): Promise<void> {
  try {
    if (!(await shown)) throw new Error("those of the language did not come");
    const { locale } = app.getState();
    app.setState({ locale: sameOr(locale, { ...locale, messages: (await load(locale)).messages }) });
  } catch (cause) {
    throw new NotLoaded("The texts of what comes after the first screen were not loaded.", { cause });
  }
}

/**
 * What counts where the page asks for no language that we have: the session's, which the server has written into the page as
 * well, so that it is known sooner; then the browser's.
 */
export function listLanguages(session?: Pick<SessionView, "locale">): readonly string[] {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="fullbleed-locale"]');
  return [session?.locale ?? meta?.content ?? "", ...navigator.languages];
}

/** The locale that is shown already, where the new one is no other: nothing has to be said again. */
function sameOr(shown: AppState["locale"], locale: AppState["locale"]): AppState["locale"] {
  return shown.tag === locale.tag && shown.messages === locale.messages ? shown : locale;
}
