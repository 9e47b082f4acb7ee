import { texts as pageTexts } from "./texts.js";

/** What the bank brings along: its own words by language, over the page's, and the designer's colours, and its cards. */
const brand = JSON.parse(document.querySelector("meta[name=brand]").content);
const texts = Object.fromEntries(
  Object.entries(pageTexts).map(([language, ours]) => {
    const own = brand.texts[language];
    return [language, { ...ours, ...own, states: { ...ours.states, ...own.states } }];
  }),
);
export const { theme, products } = brand;

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

export function isRightToLeft() {
  return languageOf(now) === "ar";
}

/** Of this page: the plain one has a title of its own, the others are named by the way that they show. */
function title() {
  const { reactTitle, appTitle, bank, pageTitle } = words();
  const own = { react: reactTitle, app: appTitle }[document.body.dataset.way];
  return own === undefined ? pageTitle : `${own} · ${bank}`;
}

/** Says everything in the language that is on, and tells the page's parts, by `spoken`, to say theirs. */
export function speak() {
  document.documentElement.lang = now;
  document.documentElement.dir = isRightToLeft() ? "rtl" : "ltr";
  document.title = title();
  say();
  document.querySelector(".languages").value = languageOf(now);
  dispatchEvent(new Event("spoken"));
}

export function keepLocale(wanted) {
  now = wanted;
  speak();
}
