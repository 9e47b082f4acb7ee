import { ask, askForSession, post } from "./ask.js";
import { leadOn } from "./ways.js";
import { keepLocale, locale, say, speak, theme, time, words } from "./words.js";

const maxEvents = 200;
const find = (selector) => document.querySelector(selector);
const surface = find("#designer");
const log = find("#events");

const address = new URL(location.href);
let productId = chooseProduct(address.searchParams.get("product"));
let designer = null;
let handle = null;
let unsent = false;
let told = 0;
let news = [];

function chooseProduct(wanted) {
  const radios = [...document.querySelectorAll("input[name=product]")];
  const radio = radios.find(({ value }) => value === wanted) ?? radios[0];
  radio.checked = true;
  return radio.value;
}

/** The address names what is on the page, so that reloading it shows the same. */
function keepAddress() {
  address.searchParams.set("product", productId);
  address.searchParams.set("locale", locale());
  leadOn(productId);
  history.replaceState(null, "", address);
}

function note(type, text, detail = "") {
  const last = log.lastElementChild;
  told += 1;
  find("#count").textContent = new Intl.NumberFormat(locale()).format(told);
  const entry = type === "changed" && last?.dataset.type === "changed" ? last : document.createElement("li");
  entry.dataset.type = type;
  const [when, kind, what] = ["time", "code", "span"].map((name) => document.createElement(name));
  [when.textContent, kind.textContent, what.textContent] = [time(Date.now()), type, `${text} ${detail}`.trim()];
  entry.replaceChildren(when, kind, what);
  log.append(entry);
  if (log.childElementCount > maxEvents) log.firstElementChild.remove();
}

function hear(event) {
  unsent = event.type === "changed" || (unsent && event.type !== "submitted");
  const about = words()[event.productId] ?? event.state ?? event.detail ?? event.submissionId;
  note(event.type, words()[event.type] ?? "", about);
  // What lies on the card goes along by itself.
  if (event.type === "product-wanted") void openCard(chooseProduct(event.productId));
}

function writeNews({ id, state, productId: card, at }) {
  const entry = document.createElement("li");
  entry.dataset.id = id;
  const [when, which, what] = ["time", "b", "span"].map((name) => document.createElement(name));
  when.textContent = time(at);
  [which.textContent, what.textContent] = [words()[card] ?? card, words().states[state] ?? state];
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
    ({ news } = await ask("/api/news"));
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
    locale: locale(),
    theme,
    fetchSession: (why) => askForSession({ why, productId, locale: locale() }),
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

async function openCard(wanted) {
  productId = wanted;
  keepAddress();
  await open();
}

async function changeProduct(wanted) {
  if (unsent && !(await askToLeave())) {
    chooseProduct(productId);
    return;
  }
  await openCard(wanted);
}

async function startOver() {
  if (unsent && !(await askToLeave())) return;
  try {
    await post("/api/start-over", { productId });
    await open();
  } catch (error) {
    note("problem", words().problem, error.message);
  }
}

async function send() {
  try {
    await handle?.submit();
  } catch (error) {
    note("not-sent", words().notSent, error.detail ?? error.message);
    handle?.focus();
  }
}

for (const radio of document.querySelectorAll("input[name=product]")) {
  radio.addEventListener("change", () => void changeProduct(radio.value));
}
find(".languages").addEventListener("change", ({ target }) => {
  keepLocale(target.value);
  keepAddress();
  handle?.update({ locale: locale() });
});
find("#send").addEventListener("click", () => void send());
find("#start-over").addEventListener("click", () => void startOver());

addEventListener("spoken", () => {
  find("#news").replaceChildren();
  showNews();
});
speak();
// What the card designer's own page says when it leads back.
const outcome = address.searchParams.get("outcome");
if (outcome !== null) {
  const wanted = address.searchParams.get("product-wanted");
  note("returned", words().returned, address.searchParams.get("submission") ?? words()[wanted] ?? outcome);
  for (const name of ["outcome", "submission", "product-wanted"]) address.searchParams.delete(name);
  if (wanted !== null) productId = chooseProduct(wanted);
}
keepAddress();
void open();
void askForNews();
setInterval(() => void askForNews(), 2_000);
