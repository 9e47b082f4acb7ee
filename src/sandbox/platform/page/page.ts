import type { PlatformStore } from "../store.ts";
import { html } from "./html.ts";
import { ledgerSection, receivedSection } from "./received.ts";
import { switchesSection } from "./switches-section.ts";

const shownPictures = 30;
const shownCalls = 50;

/** The page of the emulator: what it received, every call, and its switches. `said` is announced once, after a form. */
export function writePage(store: PlatformStore, said: string | null): string {
  const images = store.listImages(shownPictures);
  const { text } = html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>Card platform (sandbox)</title>
  <link rel="icon" href="/page/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/page/page.css">
  <script src="/page/page.js" type="module"></script>
</head>
<body>
  <header>
    <div class="bar">
      <img src="/page/icon.svg" alt="" width="28" height="28">
      <h1>Card platform</h1>
      <span class="badge">Sandbox</span>
      <nav aria-label="Interfaces">
        <a href="/PDS/ImageUpload.asmx?wsdl">WSDL</a>
        <a href="/sandbox/images">Pictures</a>
        <a href="/sandbox/switches">Switches</a>
      </nav>
    </div>
    <p class="strip">An imitation of Thales Perso Design Services for one machine. Nothing that arrives here is printed or passed on.</p>
  </header>
  <p role="status" id="said">${said ?? ""}</p>
  <main>
    ${receivedSection(images, store.findNotification)}
    ${switchesSection(store.readSwitches())}
    ${ledgerSection(store.listLatestCalls(shownCalls))}
  </main>
</body>
</html>
`;
  return text;
}
