import { flushSync } from "react-dom";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createStore } from "zustand/vanilla";
import { dressProduct } from "#card/art.ts";
import { products } from "#card/products.ts";
import type { ProductTexts } from "#contracts/session.ts";
import { App } from "../app/App.tsx";
import type { AppPhase, AppState } from "../app/start.ts";
import { studioPart } from "../app/studio-part.ts";
import { screens } from "../app/testing/screens.ts";
import type { AboutCard } from "../flow/use-session.tsx";
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

const brandOf = (): HTMLElement => document.querySelector<HTMLElement>("header p")!;
const picture = (fill: string): string =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 1"><path fill="${fill}" d="M0 0h4v1z"/></svg>`)}`;

function showBrand(language: "en" | "de" | "fr", brand: Partial<AboutCard>): void {
  const { now } = screens.find(({ name }) => name === "pick") ?? {};
  if (now?.phase !== "open") throw new Error("pick is no screen of an open session");
  const app = createStore<AppState>()(() => ({
    now: { ...now, ...brand },
    locale: chooseLocale(language),
    options: {},
    reportHeight: null,
  }));
  flushSync(() => root.render(<App app={app} />));
}

it("the issuer is shown by its name in the language, or in English, and by the logo for the scheme", async () => {
  const issuerNames = { en: "Harbour Bank", de: "Hafenbank" };
  showBrand("de", { issuerNames });
  expect(brandOf().textContent).toBe("Hafenbank");
  expect(document.querySelector("[data-card-art] text")?.textContent).toBe("Hafenbank");
  showBrand("fr", { issuerNames });
  expect(brandOf().textContent).toBe("Harbour Bank");

  const issuerLogo = { light: picture("blue"), dark: picture("white") };
  showBrand("de", { issuerNames, issuerLogo });
  const shown = () => [...brandOf().querySelectorAll("img")].filter((image) => image.checkVisibility());
  const { scheme } = document.documentElement.dataset;
  for (const each of ["light", "dark"] as const) {
    document.documentElement.dataset["scheme"] = each;
    expect(shown().map(({ src, alt }) => [src, alt])).toEqual([[issuerLogo[each], "Hafenbank"]]);
    await expect.poll(() => shown()[0]?.naturalWidth).toBeGreaterThan(0);
    expect(shown()[0]!.getBoundingClientRect().width).toBeLessThanOrEqual(140);
  }
  if (scheme === undefined) delete document.documentElement.dataset["scheme"];
  else document.documentElement.dataset["scheme"] = scheme;
  expect(brandOf().textContent).toBe("");
  // A logo that does not say the name has it beside it, and is nothing to those who hear the name.
  showBrand("de", { issuerNames, issuerLogo: { ...issuerLogo, wordless: true } });
  expect(brandOf().textContent).toBe("Hafenbank");
  expect(shown()[0]?.alt).toBe("");

  showBrand("de", { issuerNames, issuerLogo: { light: "data:image/png,no", dark: "data:image/png,no" } });
  await expect.poll(() => brandOf().textContent).toBe("Hafenbank");
  expect(shown()).toEqual([]);
});

it("the card has the issuer's ink, chip and logo, and the name where the logo cannot be shown", async () => {
  const art = { ink: "#f6df9e", chip: "silver", contacts: 6, logo: "top-right" } as const;
  const dress = (card: string) => dressProduct(products[0], art, { light: card, dark: card, card });
  showBrand("en", { product: dress(picture("gold")) });
  const card = document.querySelector("[data-card-art]")!;
  expect(card.querySelectorAll("[fill='#f6df9e']").length).toBeGreaterThan(2);
  expect(card.querySelector("[fill='#ffffff']")).toBeNull();
  const logo = card.querySelector("image")!;
  const mark = products[0].zones.find(({ kind }) => kind === "network-mark")!;
  expect(logo.x.baseVal.value + logo.width.baseVal.value).toBeCloseTo(mark.xMm + mark.widthMm, 2);
  expect(card.querySelector("text")).toBeNull();
  showBrand("en", { product: dress("data:image/png,no") });
  await expect.poll(() => card.querySelector("text")?.textContent).toBe("Harbour Bank");
});
