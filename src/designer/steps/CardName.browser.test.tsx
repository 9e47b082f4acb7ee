import { flushSync } from "react-dom";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createStore } from "zustand/vanilla";
import type { ProductTexts } from "#contracts/session.ts";
import { App } from "../app/App.tsx";
import type { AppPhase, AppState } from "../app/start.ts";
import { studioPart } from "../app/studio-part.ts";
import { screens } from "../app/testing/screens.ts";
import { chooseLocale } from "../locales/locale.ts";

let root: Root;
beforeEach(async () => {
  await studioPart.load();
  root = createRoot(document.body.appendChild(document.createElement("div")));
});
afterEach(() => {
  root.unmount();
  document.body.replaceChildren();
});

/** What is above the title of this screen of a card that the issuer calls so. */
function aboveTitle(screen: string, language: "en" | "ar", productTexts?: ProductTexts): string[] {
  const { now } = screens.find(({ name }) => name === screen) ?? {};
  if (now?.phase !== "open") throw new Error(`${screen} is no screen of an open session`);
  const named: AppPhase = { ...now, ...(productTexts && { productTexts }) };
  const locale = chooseLocale(language);
  const app = createStore<AppState>()(() => ({ now: named, locale, options: {}, reportHeight: null }));
  flushSync(() => root.render(<App app={app} />));
  const before = document.querySelector("main h1")?.previousElementSibling;
  return [...(before?.children ?? [])].map((part) => part.textContent);
}

const texts = {
  en: { name: "Linden Everyday", intro: "Every day." },
  ar: { name: "اليومية", intro: "كل يوم." },
};

it.each(["en", "ar"] as const)("above the title stands what the issuer calls the card (%s)", (language) => {
  const { name, intro } = texts[language];
  expect(aboveTitle("pick", language, texts)).toEqual([name, intro]);
  expect(aboveTitle("preview", language, texts)).toEqual([name]);
  expect(aboveTitle("pick", language, { [language]: { name } })).toEqual([name]);
});

it("an issuer that has a name only in English is shown with that in every language", () => {
  expect(aboveTitle("pick", "ar", { en: texts.en })).toEqual([texts.en.name, texts.en.intro]);
  expect(aboveTitle("pick", "en", { ar: texts.ar })).toEqual([]);
});

it("where the issuer has no name for the card, nothing is there", () => {
  expect(aboveTitle("pick", "en")).toEqual([]);
  expect(aboveTitle("pick", "en", { en: { intro: "Every day." } })).toEqual([]);
  expect(aboveTitle("preview", "en")).toEqual([]);
});
