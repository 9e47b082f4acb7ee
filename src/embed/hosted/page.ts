import type { HostedPage } from "#contracts/hosted-page.ts";
import type { CloseOutcome } from "#contracts/frame-messages.ts";
import { loadCardDesigner } from "../mount.ts";
import type { Handle } from "../options.ts";
import { pickLanguage, textsIn } from "./texts.ts";

/** What the page needs when it is loaded again: of this tab only, and gone with it. */
interface Kept {
  readonly key: string;
  readonly returnUrl: string;
}

/** Why there is nothing to show. */
type Failure = "unusable" | "unreachable";

/** With which the issuer's own page learns how the visit has ended. */
type Outcome = CloseOutcome | "submitted";

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

/** The one-time code in the page's address, which is taken out of it and of the history. */
function takeCode(): string {
  const code = location.hash.slice(1);
  history.replaceState(history.state, "", location.pathname);
  return code;
}

async function openPage(code: string): Promise<HostedPage | Failure> {
  try {
    const answer = await fetch("/v1/hosted-pages", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ code }),
      signal: AbortSignal.timeout(openingTimeoutMs),
    });
    if (answer.status === 201) return (await answer.json()) as HostedPage;
    return answer.status === 401 || answer.status === 400 ? "unusable" : "unreachable";
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

function showFailure(failure: Failure, returnUrl: string | undefined): void {
  const texts = useLanguage("");
  const notice = makeElement("main", "", "notice");
  const { title, text } = texts[failure];
  document.title = title;
  notice.role = "alert";
  notice.append(makeElement("h1", title), makeElement("p", text));
  if (failure === "unreachable") {
    const retry = makeElement("button", texts.retry, "action");
    retry.addEventListener("click", () => void start());
    notice.append(retry);
  } else if (returnUrl !== undefined) {
    notice.append(
      Object.assign(makeElement("a", texts.back.replace(" {bank}", ""), "action"), {
        href: addParameters(returnUrl, { outcome: "kept" }),
      }),
    );
  }
  root.replaceChildren(notice);
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

/** The way back. The design is kept first, unless it has been sent. */
function makeBack(label: string, leaving: string, leave: () => Promise<string>, returnUrl: string): HTMLAnchorElement {
  const back = Object.assign(makeElement("a", "", "back"), { href: returnUrl });
  const text = makeElement("span", label);
  back.append(makeArrow(), text);
  back.addEventListener("click", (event) => {
    event.preventDefault();
    text.textContent = leaving;
    back.setAttribute("aria-busy", "true");
    void leave().then((address) => location.assign(address));
  });
  return back;
}

function nameOf({ issuerName, issuerNames = {} }: HostedPage): string {
  return issuerNames[document.documentElement.lang] ?? issuerName;
}

async function showDesigner(page: HostedPage): Promise<void> {
  const { returnUrl, locale, theme = {}, messages = {} } = page;
  const texts = useLanguage(locale);
  document.title = `${texts.title} · ${nameOf(page)}`;
  let unused: HostedPage | undefined = page;
  let submissionId = "";
  const place = document.createElement("div");
  const main = document.createElement("main");
  main.append(place);
  const leave = async (): Promise<string> => {
    const outcome: Outcome = submissionId === "" ? await handle.close() : "submitted";
    return addParameters(returnUrl, { outcome, ...(submissionId !== "" && { submission: submissionId }) });
  };
  const header = document.createElement("header");
  header.append(makeBack(texts.back.replace("{bank}", nameOf(page)), texts.leaving, leave, returnUrl));
  root.replaceChildren(header, main);
  const designer = await loadCardDesigner({ origin: location.origin });
  const handle: Handle = designer.mount(place, {
    ...(locale !== "" && { locale }),
    theme,
    messages,
    async fetchSession() {
      const opened = unused ?? (await openPage(page.key));
      unused = undefined;
      if (typeof opened === "string") throw new Error(`the hosted page is ${opened}`);
      return { sessionId: opened.sessionId, clientSecret: opened.clientSecret };
    },
    onEvent(event) {
      if (event.type === "submitted") ({ submissionId } = event);
      // Another card needs another session, which only the issuer opens.
      if (event.type === "product-wanted")
        location.assign(addParameters(returnUrl, { outcome: "product-wanted", "product-wanted": event.productId }));
    },
  });
}

let isStarting = false;

async function start(): Promise<void> {
  if (isStarting) return;
  isStarting = true;
  const kept = readKept();
  const code = pending || kept?.key;
  const opened = code ? await openPage(code) : "unusable";
  isStarting = false;
  if (typeof opened === "string") return showFailure(opened, pending === "" ? kept?.returnUrl : undefined);
  pending = "";
  keep({ key: opened.key, returnUrl: opened.returnUrl });
  await showDesigner(opened);
}

/** The code that has not been exchanged yet. */
let pending = takeCode();

// The issuer has sent the cardholder here once more, in the same tab: as good as a new page.
addEventListener("hashchange", () => {
  if (location.hash.length > 1) location.reload();
});
void start();
