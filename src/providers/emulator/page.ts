import { readFile } from "node:fs/promises";
import type { FastifyInstance } from "fastify";
import { type Html, html } from "./markup.ts";

const headers = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
} as const;

/** Serves the files of an emulator's page, and puts its content policy on every answer of `app`. */
export function servePage(app: FastifyInstance, icon: URL): void {
  const files = {
    "/page/page.css": { file: new URL("./page/page.css", import.meta.url), type: "text/css; charset=utf-8" },
    "/page/page.js": { file: new URL("./page/page.js", import.meta.url), type: "text/javascript; charset=utf-8" },
    "/page/icon.svg": { file: icon, type: "image/svg+xml" },
    // For the JSON and pictures that the page links to: they name no icon, so browsers ask here.
    "/favicon.ico": { file: icon, type: "image/svg+xml" },
  };
  app.addHook("onRequest", async (_request, reply) => void reply.headers(headers));
  for (const [address, { file, type }] of Object.entries(files)) {
    app.get(address, async (_request, reply) => reply.type(type).send(await readFile(file)));
  }
}

export interface EmulatorPage {
  readonly name: string;
  /** What it imitates, in a sentence. */
  readonly about: string;
  readonly links: Readonly<Record<string, string>>;
  /** Announced once, after a form. */
  readonly said: string;
  /** Sections; those with `data-live` are kept up to date. */
  readonly main: readonly Html[];
}

/** An emulator's page for people. */
export function writePage({ name, about, links, said, main }: EmulatorPage): string {
  const { text } = html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${name} (sandbox)</title>
  <link rel="icon" href="/page/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/page/page.css">
  <script src="/page/page.js" type="module"></script>
</head>
<body>
  <header>
    <div class="bar">
      <img src="/page/icon.svg" alt="" width="28" height="28">
      <h1>${name}</h1>
      <span class="badge">Sandbox</span>
      <nav aria-label="Interfaces">${Object.entries(links).map(([label, address]) => html`<a href="${address}">${label}</a>`)}</nav>
    </div>
    <p class="strip">${about} Nothing that arrives here is printed or passed on.</p>
  </header>
  <p role="status" id="said">${said}</p>
  <main>${main}</main>
</body>
</html>
`;
  return text;
}
