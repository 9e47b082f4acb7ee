import { ask } from "./ask.js";
import { leadOn } from "./ways.js";
import { keepLocale, locale, products, speak, words } from "./words.js";

const find = (selector) => document.querySelector(selector);
const address = new URL(location.href);
const outcome = address.searchParams.get("outcome");
const wanted = address.searchParams.get("product-wanted") ?? address.searchParams.get("product");
const productId = products.includes(wanted) ? wanted : products[0];
let state = "";

const sayings = { submitted: "appSubmitted", kept: "appKept", closed: "appClosed" };

/** What the hosted page has led back with, until the bank knows more of the card. */
function sayReturned() {
  const text = words().states[state] ?? words()[sayings[outcome]] ?? "";
  if (find("#returned").textContent !== text) find("#returned").textContent = text;
}

function keepAddress() {
  for (const name of ["outcome", "submission", "product-wanted"]) address.searchParams.delete(name);
  address.searchParams.set("product", productId);
  address.searchParams.set("locale", locale());
  history.replaceState(null, "", address);
  find("#open").href = `/hosted?${new URLSearchParams({ product: productId, locale: locale(), from: "in-app" })}`;
  leadOn(productId);
}

async function askForNews() {
  if (document.hidden) return;
  try {
    const { news } = await ask("/api/news");
    state = news.findLast((one) => one.productId === productId)?.state ?? "";
    sayReturned();
  } catch {
    // The bank is asked again in a moment.
  }
}

find(".languages").addEventListener("change", ({ target }) => {
  keepLocale(target.value);
  keepAddress();
});
addEventListener("spoken", sayReturned);
speak();
keepAddress();
// The cardholder would rather have another of the bank's cards: what lies on this one goes along.
if (outcome === "product-wanted") location.replace(find("#open").href);
void askForNews();
setInterval(() => void askForNews(), 2_000);
