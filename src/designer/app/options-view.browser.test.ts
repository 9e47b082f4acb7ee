import { afterEach, beforeEach, expect, it, vi } from "vitest";
import "../styles/tokens.css";
import { createStore, type StoreApi } from "zustand/vanilla";
import { type AppLocale, chooseLocale } from "../locales/locale.ts";
import { createLook } from "./look.ts";
import { createOptionsView, listLanguages, type ShowOptions, showAll } from "./options-view.ts";
import type { AppState } from "./start.ts";

let app: StoreApi<AppState>;
let show: ShowOptions;
/** The languages that are being loaded: a test lets each of them come, or not. */
let loads: { readonly language: string; come(): void; fail(): void }[];

const load = (locale: AppLocale): Promise<AppLocale> => {
  const { promise, resolve, reject } = Promise.withResolvers<AppLocale>();
  const fail = () => reject(new Error("there is no connection"));
  loads.push({ language: locale.language, come: () => resolve(locale), fail });
  return promise;
};
const tag = () => app.getState().locale.tag;

beforeEach(() => {
  loads = [];
  const now = { phase: "closed", reason: "no-connection" } as const;
  app = createStore<AppState>()(() => ({ now, locale: chooseLocale("en"), options: {}, reportHeight: null }));
  show = createOptionsView(app, createLook(), load);
});
afterEach(() => document.documentElement.removeAttribute("style"));

it("shows a language when its texts have come, with the page's own, and the theme before that", async () => {
  const options = { locale: "ar-EG", messages: { "pick.title": "…" }, theme: { radius: "3px" } };
  const shown = show(options, []);
  await expect.poll(() => document.documentElement.style.getPropertyValue("--radius")).toBe("3px");
  expect([tag(), app.getState().options]).toEqual(["en", {}]);
  loads[0]?.come();
  expect(await shown).toBe(true);
  expect([tag(), app.getState().options]).toEqual(["ar-EG", options]);
});

it("opens with the page's colours, also where the texts have come before them", async () => {
  const { promise: themed, resolve: theme } = Promise.withResolvers<void>();
  show = createOptionsView(app, { setTheme: () => themed }, load);
  let isShown = false;
  const shown = show({ theme: { accent: "#0a7a5c" } }, []).then((answer) => (isShown = answer));
  loads[0]?.come();
  await new Promise((resolve) => setTimeout(resolve));
  expect(isShown).toBe(false);
  theme();
  expect(await shown).toBe(true);
});

it("asks for no language but the one that is shown", async () => {
  void show({ locale: "ar-EG" }, ["en"]);
  void show({}, ["ar"]);
  void show({ locale: "he" }, ["ar"]);
  expect(loads.map(({ language }) => language)).toEqual(["ar", "ar", "ar"]);
});

it("takes the language of the page, then the session's, then the browser's, as far as we have it", () => {
  vi.spyOn(navigator, "languages", "get").mockReturnValue(["he-IL", "es-MX", "de"]);
  const chosen = (page: string | undefined, session: string) =>
    chooseLocale(page, ...listLanguages({ locale: session })).tag;
  expect(chosen("fr-CA", "de-AT")).toBe("fr-CA");
  expect(chosen("he", "de-AT")).toBe("de-AT");
  expect(chosen(undefined, "de-AT")).toBe("de-AT");
  expect(chosen(undefined, "")).toBe("es-MX");
  const meta = Object.assign(document.createElement("meta"), { name: "fullbleed-locale", content: "ar-EG" });
  document.head.append(meta);
  expect(chooseLocale(...listLanguages()).tag).toBe("ar-EG");
  meta.remove();
  expect(chooseLocale(...listLanguages()).tag).toBe("es-MX");
  vi.restoreAllMocks();
});

it("keeps the last of several languages, in whatever order their texts come", async () => {
  const [first, second, third] = [
    show({ locale: "ar" }, []),
    show({ locale: "en-GB" }, []),
    show({ locale: "ar-EG" }, []),
  ];
  loads[2]?.come();
  await third;
  loads[0]?.come();
  loads[1]?.fail();
  expect(await Promise.all([first, second])).toEqual([true, true]);
  expect(tag()).toBe("ar-EG");
});

it("does not take all texts for loaded when a change of the page was under way, and none of them came", async () => {
  const all = showAll(app, show({ locale: "ar" }, []), load);
  const changed = show({ locale: "ar-EG" }, []);
  for (const { fail } of loads) fail();
  expect(await changed).toBe(false);
  await expect.poll(() => loads.length).toBe(3);
  loads[2]?.fail();
  await expect(all).rejects.toMatchObject({ name: "NotLoaded" });
});

it("stays in its language when another cannot be loaded, and says so", async () => {
  const shown = show({ locale: "ar", messages: { "pick.title": "…" } }, []);
  loads[0]?.fail();
  expect(await shown).toBe(false);
  expect([tag(), app.getState().options]).toEqual(["en", {}]);
});

it("keeps the very texts when only the colours change, so that nothing is said again", async () => {
  const before = app.getState().locale;
  const shown = show({ locale: "en", theme: { radius: "3px" } }, []);
  loads[0]?.come();
  await shown;
  expect(app.getState().locale).toBe(before);
});

it("writes the first words in the language that comes", () => {
  app.setState({ now: { phase: "connecting" } });
  void show({ locale: "ar" }, []);
  expect(app.getState().locale).toMatchObject({ direction: "rtl" });
});

it("shows the session's language though that of the page around, with the same options, comes later", async () => {
  const options = {};
  const shown = [show(options, ["ar"]), show(options, ["en-GB"])];
  loads[1]?.come();
  await shown[1];
  loads[0]?.come();
  await shown[0];
  expect(tag()).toBe("en-GB");
});
