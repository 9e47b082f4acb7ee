import { texts as pageTexts } from "./texts.js";

/** What the bank brings along: its own words by language, over the page's, and the designer's colours. */
const brand = JSON.parse(document.querySelector("meta[name=brand]").content);
const texts = Object.fromEntries(
  Object.entries(pageTexts).map(([language, ours]) => {
    const own = brand.texts[language];
    return [language, { ...ours, ...own, states: { ...ours.states, ...own.states } }];
  }),
);
export const { theme } = brand;

let now = chooseLocale(new URL(location.href).searchParams.get("locale"));

/** With the region and the digits that the address asks for: the page has texts by language, numbers by the whole tag. */
function chooseLocale(wanted) {
  try {
    const [tag = "en"] = Intl.getCanonicalLocales(wanted ?? "en");
    return Object.hasOwn(texts, languageOf(tag)) ? tag : "en";
  } catch {
    return "en";
  }
}

function languageOf(tag) {
  return tag.split("-")[0];
}

export function locale() {
  return now;
}

export function words() {
  return texts[languageOf(now)];
}

export function time(at) {
  return new Intl.DateTimeFormat(now, { timeStyle: "medium" }).format(new Date(at));
}

export function say(root = document) {
  for (const element of root.querySelectorAll("[data-text]")) {
    // A card that is new has no text yet and keeps the name that the page came with.
    element.textContent = words()[element.dataset.text] ?? element.textContent;
  }
  for (const element of root.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", words()[element.dataset.label]);
  }
}

/** Says everything in the language that is on, and tells the page's parts, by `spoken`, to say theirs. */
export function speak() {
  document.documentElement.lang = now;
  document.documentElement.dir = languageOf(now) === "ar" ? "rtl" : "ltr";
  document.title = words().pageTitle;
  say();
  document.querySelector(".languages").value = languageOf(now);
  dispatchEvent(new Event("spoken"));
}

export function keepLocale(wanted) {
  now = wanted;
  speak();
}
