import { texts } from "./texts.js";

const maxEvents = 200;
const find = (selector) => document.querySelector(selector);
const surface = find("#designer");
const log = find("#events");

const address = new URL(location.href);
let locale = chooseLocale(address.searchParams.get("locale"));
let productId = chooseProduct(address.searchParams.get("product"));
let designer = null;
let handle = null;
let unsent = false;
let told = 0;
let news = [];

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

function chooseProduct(wanted) {
  const radios = [...document.querySelectorAll("input[name=product]")];
  const radio = radios.find(({ value }) => value === wanted) ?? radios[0];
  radio.checked = true;
  return radio.value;
}

function say(root = document) {
  for (const element of root.querySelectorAll("[data-text]")) {
    // A card that is new has no text yet and keeps the name that the page came with.
    element.textContent = texts[languageOf(locale)][element.dataset.text] ?? element.textContent;
  }
  for (const element of root.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", texts[languageOf(locale)][element.dataset.label]);
  }
}

function speak() {
  document.documentElement.lang = locale;
  document.documentElement.dir = languageOf(locale) === "ar" ? "rtl" : "ltr";
  document.title = texts[languageOf(locale)].pageTitle;
  say();
  find("#news").replaceChildren();
  showNews();
  for (const button of document.querySelectorAll("[data-locale]")) {
    button.setAttribute("aria-pressed", String(button.dataset.locale === languageOf(locale)));
  }
}

/** The address names what is on the page, so that reloading it shows the same. */
function keepAddress() {
  address.searchParams.set("product", productId);
  address.searchParams.set("locale", locale);
  history.replaceState(null, "", address);
}

/** Asks the bank's own server, which has the secret key; this page never sees it. */
async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
  if (answer.status === 204) return null;
  const content = await answer.json();
  if (!answer.ok) throw new Error(content.message);
  return content;
}

function note(type, text, detail = "") {
  const last = log.lastElementChild;
  told += 1;
  find("#count").textContent = new Intl.NumberFormat(locale).format(told);
  const time = new Intl.DateTimeFormat(locale, { timeStyle: "medium" }).format(new Date());
  const entry = type === "changed" && last?.dataset.type === "changed" ? last : document.createElement("li");
  entry.dataset.type = type;
  const [when, kind, what] = ["time", "code", "span"].map((name) => document.createElement(name));
  [when.textContent, kind.textContent, what.textContent] = [time, type, `${text} ${detail}`.trim()];
  entry.replaceChildren(when, kind, what);
  log.append(entry);
  if (log.childElementCount > maxEvents) log.firstElementChild.remove();
}

function hear(event) {
  unsent = event.type === "changed" || (unsent && event.type !== "submitted");
  note(event.type, texts[languageOf(locale)][event.type] ?? "", event.state ?? event.detail ?? event.submissionId);
}

function writeNews({ id, state, productId: card, at }) {
  const words = texts[languageOf(locale)];
  const entry = document.createElement("li");
  entry.dataset.id = id;
  const [when, which, what] = ["time", "b", "span"].map((name) => document.createElement(name));
  when.textContent = new Intl.DateTimeFormat(locale, { timeStyle: "medium" }).format(new Date(at));
  [which.textContent, what.textContent] = [words[card] ?? card, words.states[state] ?? state];
  entry.append(when, which, what);
  return entry;
}

/** What the bank's server was told of this visitor's cards, in plain words; what is there already is not read out again. */
function showNews() {
  const list = find("#news");
  const shown = new Set([...list.children].map(({ dataset }) => dataset.id));
  const wanted = new Set(news.map(({ id }) => id));
  for (const entry of list.querySelectorAll("li")) if (!wanted.has(entry.dataset.id)) entry.remove();
  list.append(...news.filter(({ id }) => !shown.has(id)).map(writeNews));
  find(".news").hidden = news.length === 0;
}

async function askForNews() {
  if (document.hidden) return;
  try {
    const answer = await fetch("/api/news", { signal: AbortSignal.timeout(10_000) });
    news = (await answer.json()).news;
    showNews();
  } catch {
    // The bank is asked again in a moment.
  }
}

function showTrouble() {
  const trouble = find("#trouble").content.cloneNode(true);
  say(trouble);
  trouble.querySelector("button").addEventListener("click", () => void open());
  find(".trouble").replaceChildren(trouble);
  surface.dataset.state = "trouble";
}

async function open() {
  await handle?.destroy();
  handle = null;
  unsent = false;
  surface.dataset.state = "loading";
  find(".trouble").replaceChildren();
  designer ??= (await window.Fullbleed?.loadCardDesigner()) ?? null;
  if (!designer) return showTrouble();
  const opened = designer.mount(find("#mount"), {
    locale,
    fetchSession: (why) => post("/api/card-session", { why, productId, locale }),
    onEvent: hear,
  });
  handle = opened;
  try {
    await opened.ready;
    surface.dataset.state = "ready";
  } catch (error) {
    if (handle !== opened) return;
    // A designer that runs says itself what is wrong, in its frame.
    if (error.code === "frame-not-answering" || !find("#mount iframe")) showTrouble();
    else surface.dataset.state = "ready";
  }
}

async function askToLeave() {
  const dialog = find("#leave");
  dialog.returnValue = "stay";
  dialog.showModal();
  await new Promise((resolve) => {
    dialog.addEventListener("close", resolve, { once: true });
  });
  return dialog.returnValue === "leave";
}

async function changeProduct(wanted) {
  if (unsent && !(await askToLeave())) {
    chooseProduct(productId);
    return;
  }
  productId = wanted;
  keepAddress();
  await open();
}

async function startOver() {
  if (unsent && !(await askToLeave())) return;
  try {
    await post("/api/start-over", { productId });
    await open();
  } catch (error) {
    note("problem", texts[languageOf(locale)].problem, error.message);
  }
}

async function send() {
  try {
    await handle?.submit();
  } catch (error) {
    note("not-sent", texts[languageOf(locale)].notSent, error.detail ?? error.message);
    handle?.focus();
  }
}

for (const radio of document.querySelectorAll("input[name=product]")) {
  radio.addEventListener("change", () => void changeProduct(radio.value));
}
for (const button of document.querySelectorAll("[data-locale]")) {
  button.addEventListener("click", () => {
    locale = button.dataset.locale;
    speak();
    keepAddress();
    handle?.update({ locale });
  });
}
find("#send").addEventListener("click", () => void send());
find("#start-over").addEventListener("click", () => void startOver());

speak();
void open();
void askForNews();
setInterval(() => void askForNews(), 2_000);
