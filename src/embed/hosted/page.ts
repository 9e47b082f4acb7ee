import type { HostedPage } from "#contracts/hosted-page.ts";
import { loadCardDesigner } from "../mount.ts";
import type { Handle } from "../options.ts";
import { pickLanguage, textsIn } from "./texts.ts";

/** What the page needs when it is loaded again: of this tab only, and gone with it. */
interface Kept {
  /** Made here; the server knows it once it was shown with a good code. */
  readonly key: string;
  /** The code that the server has not answered yet. */
  readonly code?: string | undefined;
  readonly returnUrl?: string | undefined;
}

/** Why there is nothing to show. */
type Failure = "unusable" | "unreachable" | "refused";

const keptName = "fullbleed-hosted";
const openingTimeoutMs = 20_000;
const root = document.querySelector<HTMLElement>("#root") ?? document.body;

function keep(kept: Kept): void {
  try {
    sessionStorage.setItem(keptName, JSON.stringify(kept));
  } catch {
    // Where nothing is kept, the page cannot be loaded again: it says so then.
  }
}

function readKept(): Kept | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(keptName) ?? "null") as Kept | null;
    return kept ?? undefined;
  } catch {
    return undefined;
  }
}

function createKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const base64 = btoa(String.fromCharCode(...bytes));
  return `hpk_${base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
}

/** What this tab opens: with the one-time code of its address, which is taken out of it and of the history, or as it was left. */
function readVisit(): Kept | undefined {
  const code = location.hash.slice(1);
  history.replaceState(history.state, "", location.pathname);
  if (code === "") return readKept();
  const visit = { key: createKey(), code };
  // Before it is shown: an answer that gets lost costs nothing.
  keep(visit);
  return visit;
}

async function openPage({ key, code }: Kept): Promise<HostedPage | Failure> {
  try {
    const answer = await fetch("/v1/hosted-pages", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ key, code }),
      signal: AbortSignal.timeout(openingTimeoutMs),
    });
    if (answer.status === 201) return (await answer.json()) as HostedPage;
    return answer.status === 401 || answer.status === 400 ? "unusable" : "refused";
  } catch {
    return "unreachable";
  }
}

function makeElement<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  text: string,
  className = "",
): HTMLElementTagNameMap[Name] {
  return Object.assign(document.createElement(name), { textContent: text, className });
}

function useLanguage(locale: string) {
  const language = pickLanguage(locale, ...navigator.languages);
  document.documentElement.lang = language;
  document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
  return textsIn(language);
}

function addParameters(returnUrl: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(returnUrl);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/** The page without the designer: what is the matter, and one thing to do. The focus goes to it. */
function showNotice(title: string, text: string, action: HTMLElement | undefined): void {
  const notice = makeElement("main", "", "notice");
  const heading = Object.assign(makeElement("h1", title), { tabIndex: -1 });
  document.title = title;
  notice.role = "alert";
  notice.append(heading, makeElement("p", text), ...(action === undefined ? [] : [action]));
  root.replaceChildren(notice);
  heading.focus();
}

function makeButton(text: string, onClick: () => void): HTMLButtonElement {
  const button = makeElement("button", text, "action");
  button.addEventListener("click", onClick);
  return button;
}

function makeWayBack(text: string, href: string): HTMLAnchorElement {
  return Object.assign(makeElement("a", text, "action"), { href });
}

function showFailure(failure: Failure, { returnUrl }: Kept): void {
  const texts = useLanguage("");
  const { title, text } = texts[failure];
  const wayBack =
    returnUrl && makeWayBack(texts.back.replace(" {bank}", ""), addParameters(returnUrl, { outcome: "kept" }));
  showNotice(title, text, failure === "unusable" ? wayBack || undefined : makeButton(texts.retry, () => void start()));
}

const svgNamespace = "http://www.w3.org/2000/svg";

function makeArrow(): SVGElement {
  const arrow = document.createElementNS(svgNamespace, "svg");
  for (const [name, value] of Object.entries({
    width: "20",
    height: "20",
    viewBox: "0 0 24 24",
    "aria-hidden": "true",
  }))
    arrow.setAttribute(name, value);
  const path = document.createElementNS(svgNamespace, "path");
  for (const [name, value] of Object.entries({
    d: "M14.5 5.5 8 12l6.5 6.5",
    fill: "none",
    stroke: "currentColor",
    "stroke-width": "2",
  }))
    path.setAttribute(name, value);
  arrow.append(path);
  return arrow;
}

/** The way back, which first waits for what `leave` does with the design. */
function makeBack(label: string, leaving: string, leave: () => Promise<void>, returnUrl: string): HTMLAnchorElement {
  const back = Object.assign(makeElement("a", "", "back"), { href: returnUrl });
  const text = makeElement("span", label);
  back.append(makeArrow(), text);
  back.addEventListener("click", (event) => {
    event.preventDefault();
    text.textContent = leaving;
    back.setAttribute("aria-busy", "true");
    void leave();
  });
  return back;
}

/** Shown by the loader where the designer does not start. */
function makeStartFailure({ unreachable, retry }: ReturnType<typeof textsIn>): HTMLElement {
  const failure = Object.assign(makeElement("div", "", "notice"), { hidden: true, role: "alert" });
  failure.dataset["failed"] = "";
  failure.append(
    makeElement("h1", unreachable.title),
    makeElement("p", unreachable.text),
    makeElement("button", retry, "action"),
  );
  return failure;
}

function nameOf({ issuerName, issuerNames = {} }: HostedPage): string {
  return issuerNames[document.documentElement.lang] ?? issuerName;
}

async function showDesigner(visit: Kept, page: HostedPage): Promise<void> {
  const { returnUrl, locale, theme = {}, messages = {} } = page;
  const texts = useLanguage(locale);
  const toBank = texts.back.replace("{bank}", nameOf(page));
  document.title = `${texts.title} · ${nameOf(page)}`;
  let unused: HostedPage | undefined = page;
  let submissionId = "";
  const place = document.createElement("div");
  place.append(makeStartFailure(texts));
  const main = document.createElement("main");
  main.append(place);
  const leave = async (): Promise<void> => {
    const outcome = await handle.close();
    // What was sent and not changed since is what the issuer asks for.
    const address =
      submissionId === ""
        ? addParameters(returnUrl, { outcome })
        : addParameters(returnUrl, { outcome: "submitted", submission: submissionId });
    // An app's address leaves this page where it is, and Back may bring it back: there is no designer on it any more.
    showNotice(texts.left, "", makeWayBack(toBank, address));
    location.assign(address);
  };
  const header = document.createElement("header");
  header.append(makeBack(toBank, texts.leaving, leave, returnUrl));
  root.replaceChildren(header, main);
  const designer = await loadCardDesigner({ origin: location.origin });
  const handle: Handle = designer.mount(place, {
    ...(locale !== "" && { locale }),
    theme,
    messages,
    async fetchSession() {
      const opened = unused ?? (await openPage({ key: visit.key }));
      unused = undefined;
      if (opened === "unusable") return "over";
      if (typeof opened === "string") throw new Error(`The server's answer: ${opened}.`);
      return { sessionId: opened.sessionId, clientSecret: opened.clientSecret };
    },
    onEvent(event) {
      if (event.type === "changed") submissionId = "";
      if (event.type === "submitted") ({ submissionId } = event);
      // Another card needs another session, which only the issuer opens.
      if (event.type === "product-wanted")
        location.assign(addParameters(returnUrl, { outcome: "product-wanted", "product-wanted": event.productId }));
    },
  });
}

const visit = readVisit();
let isStarting = false;

async function start(): Promise<void> {
  if (isStarting) return;
  isStarting = true;
  const opened = visit === undefined ? "unusable" : await openPage(visit);
  isStarting = false;
  if (visit === undefined || typeof opened === "string") return showFailure(opened as Failure, visit ?? { key: "" });
  keep({ key: visit.key, returnUrl: opened.returnUrl });
  await showDesigner(visit, opened);
}

// The issuer has sent the cardholder here once more, in the same tab: as good as a new page.
addEventListener("hashchange", () => {
  if (location.hash.length > 1) location.reload();
});
// Brought back by Back from where it has led to: the key opens it again.
addEventListener("pageshow", ({ persisted }) => {
  if (persisted && document.querySelector("iframe") === null) location.reload();
});
void start();
