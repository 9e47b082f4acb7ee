import type { StoreApi } from "zustand/vanilla";
import type { FrameOptions } from "#contracts/frame-messages.ts";
import { chooseLocale, loadLocale } from "../locales/locale.ts";
import { prepareOverrides } from "../locales/text.tsx";
import type { Look } from "./look.ts";
import type { AppState } from "./start.ts";

/**
 * Shows the page's options: colours as soon as they can be, then texts as soon as those of their language are there; `languages`
 * count when the page asks for none that we have. Of several changes the last one stays. Resolves with false, and leaves the texts as they
 * are, when the language, or what the issuer's own texts or colours need, cannot be loaded.
 */
export type ShowOptions = (options: FrameOptions, languages: readonly string[]) => Promise<boolean>;

export function createOptionsView(
  app: StoreApi<AppState>,
  look: Pick<Look, "setTheme">,
  load = loadLocale,
): ShowOptions {
  let latest = 0;
  return async (options, languages) => {
    latest += 1;
    const own = latest;
    const themed = look.setTheme(options.theme);
    const chosen = chooseLocale(options.locale, ...languages);
    // What is on screen by then needs the first texts only.
    if (app.getState().now.phase === "connecting") app.setState({ options, locale: chosen });
    try {
      const [locale] = await Promise.all([load(chosen), prepareOverrides(options.messages), themed]);
      if (latest === own) app.setState({ options, locale: sameOr(app.getState().locale, locale) });
      return true;
    } catch {
      return latest !== own;
    }
  };
}

/** The locale that is shown already, where the new one is no other: nothing has to be said again. */
function sameOr(shown: AppState["locale"], locale: AppState["locale"]): AppState["locale"] {
  return shown.tag === locale.tag && shown.messages === locale.messages ? shown : locale;
}
