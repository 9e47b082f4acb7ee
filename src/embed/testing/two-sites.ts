import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Browser, chromium, type LaunchOptions } from "playwright";
import { build, type InlineConfig, type Plugin } from "vite";
import type { Scheme } from "#contracts/frame-messages.ts";
import type { HostFailure } from "#designer/host/connect.ts";
import type { HostLink, HostMessage, LayoutNews } from "#designer/host/host-link.ts";
import type { CardDesigner, Handle, Options } from "../options.ts";

/** What the bank's page below leaves for the tests to look at. */
export interface BankWindow extends Window {
  handle: Handle;
  designer: CardDesigner;
  events: { eventId: string; type: string; code?: string }[];
  /** The `why` of each call of `fetchSession`, and what it answers. */
  asked: string[];
  answer: (why: string) => unknown;
  mount: (options?: Partial<Options>) => Handle;
  unmount: () => void;
  errors: string[];
}
/** What the frame's page below leaves: the designer's side of the handshake, run by `begin`, and what it received. */
export interface DesignerWindow extends Window {
  link?: HostLink | HostFailure;
  received: HostMessage[];
  schemes: Scheme[];
  layouts: LayoutNews[];
  begin: () => Promise<void>;
}

/** The first code block of this language in a page of the documentation, or below a heading of it. */
export function readSnippet(
  page: "docs/embed.md" | "README.md",
  language: "js" | "ts" | "tsx" | "html",
  heading = "",
): string {
  const whole = readFileSync(new URL(`../../../${page}`, import.meta.url), "utf8");
  const text = whole.slice(whole.indexOf(heading));
  const [, snippet] = new RegExp(`\n\`\`\`${language}\n(.*?)\n\`\`\`\n`, "s").exec(text) ?? [];
  if (snippet === undefined) throw new Error(`${page} has no ${language}`);
  return snippet;
}

const bankScript = `
  window.events = []; window.asked = []; window.errors = [];
  window.addEventListener("error", (event) => window.errors.push(event.message));
  window.answer = () => ({ sessionId: "sess_auto", clientSecret: "secret_" + window.asked.length });
  window.options = { fetchSession: async (why) => { window.asked.push(why); return window.answer(why); },
    onEvent: (event) => window.events.push(event) };
  window.mount = (more) => window.handle = window.designer.mount(document.querySelector("#mount"), { ...window.options, ...more });
  // How a promise ended: its value, or code and detail of its error.
  window.outcome = (promise) => promise.then((value) => ({ value }), ({ code, detail }) => ({ code, detail }));
  window.loaded = window.Fullbleed.loadCardDesigner().then((designer) => { window.designer = designer; });
`;
const frameScript = `
  import { connectToHost } from "#designer/host/connect.ts";
  import { installTrustedTypes } from "#designer/trusted-types.ts";
  installTrustedTypes();
  window.received = [];
  window.schemes = [];
  window.layouts = [];
  window.begin = async () => {
    const link = window.link = await connectToHost();
    if (link.kind !== "connected") return;
    link.onScheme((scheme) => window.schemes.push(scheme));
    link.onLayout((news) => window.layouts.push(news));
    link.onMessage((message) => window.received.push(message));
    window.addEventListener("message", ({ data }) => {
      if (data === "ask") void link.ask("beforeSubmit", {}, new AbortController().signal).catch(() => {});
    });
    if (location.pathname.endsWith("silent")) return;
    link.send({ type: "event", event: { eventId: crypto.randomUUID(), type: "ready" } });
  };
  if (location.pathname.endsWith("auto")) void window.begin();
`;
const strictScript = `
  import { createElement, StrictMode } from "react";
  import { flushSync } from "react-dom";
  import { createRoot } from "react-dom/client";
  ${readSnippet("docs/embed.md", "tsx").replace('"https://cards.example"', "{window.designerOrigin}")}
  window.designerOrigin = new URL(document.querySelector("script[src*=card-designer]").src).origin;
  await window.loaded;
  const root = createRoot(document.querySelector("#mount"));
  window.render = (more) => flushSync(() =>
    root.render(createElement(StrictMode, null, createElement(CardPage, { ...window.options, ...more }))));
  window.render();
  window.unmount = () => root.unmount();
`;

async function bundle(config: InlineConfig): Promise<string> {
  const built = await build({ ...config, logLevel: "silent", build: { ...config.build, write: false } });
  const [result] = Array.isArray(built) ? built : [built];
  if (!result || !("output" in result)) throw new Error("nothing was built");
  return result.output[0].code;
}

function bundleText(text: string): Promise<string> {
  // A file that is not there, in a folder that is: its imports are found as those of a real one would be.
  const entry = new URL("./entry.tsx", import.meta.url).pathname;
  const plugin: Plugin = {
    name: "entry",
    enforce: "pre",
    resolveId: (id) => {
      if (id === "@fullbleed/card-designer/react") return new URL("../forms/react.tsx", import.meta.url).pathname;
      return id === entry ? entry : null;
    },
    load: (id) => (id === entry ? text : null),
  };
  return bundle({
    configFile: false,
    publicDir: false,
    define: { "process.env.NODE_ENV": JSON.stringify("development") },
    plugins: [plugin],
    build: { target: "es2024", lib: { entry, formats: ["es"], fileName: "entry" } },
  });
}

export interface Answer {
  readonly body: string;
  readonly type: "text/javascript" | "text/html" | "application/json";
  readonly policy?: readonly string[];
}

function serve(find: (path: string) => Answer | undefined): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    const { body = "", type = "text/plain", policy } = find(request.url ?? "") ?? {};
    response.writeHead(body === "" ? 404 : 200, {
      "content-type": type,
      ...(policy && { "content-security-policy": policy.join("; ") }),
    });
    response.end(body);
  });
  return new Promise((resolve) => {
    server.listen(0, () => resolve({ server, port: (server.address() as AddressInfo).port }));
  });
}

const script = (body: string): Answer => ({ body, type: "text/javascript" });

function framePage(bankOrigin: string, designerOrigin: string): Answer {
  const meta = `<meta name="fullbleed-origins" content="https://other.example ${bankOrigin}">`;
  return {
    body: `${meta}<script type="module" src="/frame.js"></script>`,
    type: "text/html",
    policy: [
      "default-src 'none'",
      "script-src 'self'",
      `frame-ancestors ${bankOrigin} ${designerOrigin}`,
      "require-trusted-types-for 'script'",
      "trusted-types default",
    ],
  };
}

/** As the designer's own page in a browser that cannot read this script, or does not get it. */
function scriptlessPage(bankOrigin: string, designerOrigin: string, locale: string, file = "/unreadable.js"): Answer {
  const page = framePage(bankOrigin, designerOrigin);
  const scripts = '<script src="/old-browser.js"></script><script type="module" src="FILE"></script>'.replace(
    "FILE",
    file,
  );
  const language = `<meta charset="utf-8"><meta name="fullbleed-locale" content="${locale}">`;
  return { ...page, body: `${language}${page.body.replace(/<script.*/, scripts)}<div id="root"></div>` };
}

/** What the guide's page has for the designer, and for a start that fails. */
const guidePlace = readSnippet("docs/embed.md", "html").replace(/<script[^]*/, "");

function bankPage(designerOrigin: string, scripts: readonly string[]): Answer {
  const tags = [`${designerOrigin}/embed/card-designer.js`, "/bank.js"].map(
    (src) => `<script defer src="${src}"></script>`,
  );
  const modules = scripts.map((src) => `<script type="module" src="${src}"></script>`);
  return {
    body: `<!doctype html>${[...tags, ...modules].join("")}<div id="mount"></div>${guidePlace}`,
    type: "text/html",
    policy: [
      "default-src 'none'",
      `script-src 'self' ${designerOrigin}`,
      `frame-src ${designerOrigin}`,
      "connect-src 'self'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ],
  };
}

export interface TwoSites {
  readonly browser: Browser;
  readonly bankOrigin: string;
  readonly designerOrigin: string;
  /** The built loader. */
  readonly loader: string;
  /** More of the bank's pages and scripts, by path. */
  readonly pages: Map<string, Answer>;
  stop(): Promise<void>;
}

/**
 * A bank's page on `localhost` and a frame on `127.0.0.1`, two sites for a browser, both under strict policies:
 * the page runs the built loader, the frame the designer's side of the handshake and nothing more.
 * The bank's pages `/guide` and `/readme` run the examples of the documentation instead of being driven by a test, `/strict`
 * the guide's React component.
 */
export async function startTwoSites(launchOptions: LaunchOptions): Promise<TwoSites> {
  const [loader, frame, strict] = await Promise.all([
    bundle({ configFile: "vite.config.ts", mode: "embed" }),
    bundleText(frameScript),
    bundleText(strictScript),
  ]);
  const origins = { bank: "", designer: "" };
  const pages = new Map<string, Answer>();
  const designerSite = await serve((path) => {
    if (/^\/embed\/card-designer(-1a2b3c4d5e6f7890)?\.js$/.test(path)) return script(loader);
    if (path === "/frame.js") return script(frame);
    if (path === "/old-browser.js") return script(readFileSync("public/old-browser.js", "utf8"));
    if (path === "/unreadable.js") return script("let a = b |> c;");
    if (path === "/frame/sess_unreadable") return scriptlessPage(origins.bank, origins.designer, "en");
    if (path === "/frame/sess_unreadable_ar") return scriptlessPage(origins.bank, origins.designer, "ar-EG");
    if (path === "/frame/sess_scriptless") return scriptlessPage(origins.bank, origins.designer, "en", "/absent.js");
    return path.startsWith("/frame/") ? framePage(origins.bank, origins.designer) : undefined;
  });
  const bankSite = await serve((path) => {
    const files: Readonly<Record<string, string>> = {
      "/bank.js": bankScript,
      "/strict.js": strict,
      "/guide.js": readSnippet("docs/embed.md", "js"),
      "/readme.js": readSnippet("README.md", "js"),
    };
    if (path === "/api/card-session")
      return { body: '{"sessionId":"sess_auto","clientSecret":"s"}', type: "application/json" };
    if (path in files) return script(files[path] ?? "");
    if (path === "/favicon.ico") return undefined;
    const added = pages.get(path.replace(/\?.*/, ""));
    if (added) return added;
    return bankPage(origins.designer, path === "/" ? [] : [`${path}.js`]);
  });
  Object.assign(origins, {
    bank: `http://localhost:${bankSite.port}`,
    designer: `http://127.0.0.1:${designerSite.port}`,
  });
  const browser = await chromium.launch(launchOptions);
  return {
    browser,
    loader,
    pages,
    bankOrigin: origins.bank,
    designerOrigin: origins.designer,
    stop: async () => {
      await browser.close();
      for (const { server } of [bankSite, designerSite]) server.close().closeAllConnections();
    },
  };
}
