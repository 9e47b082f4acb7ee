import { readFileSync } from "node:fs";
import type { Page } from "playwright";
import { expect } from "vitest";
import { readSnippet, type TwoSites } from "./testing/two-sites.ts";
import { findFrame, inFrame, settle, test } from "./testing/visit.ts";

/** The guide's line for a page whose script of the loader comes late. */
function readWaiting(): string {
  const guide = readFileSync(new URL("../../docs/embed.md", import.meta.url), "utf8");
  const [, line] = /\*\*Consent that comes later\..*?```js\n(.*?)```/s.exec(guide) ?? [];
  if (line === undefined) throw new Error("the guide does not say what a page waits for");
  return line;
}

/** As consent managers do it: every script that was held back is written anew, and so runs. */
const consentScript = `window.consent = () => {
  for (const held of document.querySelectorAll("script[data-consent]")) {
    const script = document.createElement("script");
    for (const { name, value } of held.attributes) script.setAttribute(name, value);
    script.type = held.dataset.consent;
    held.replaceWith(script);
  }
}`;

/** The guide's place for the designer, with its words for one that cannot be opened. */
const place = readSnippet("docs/embed.md", "html").replace(/<script[^]*/, "");

/** Opens a page with these script tags, in which LOADER is the loader's address; `card` is its own `/card.js`. */
async function openPage(page: Page, sites: TwoSites, tags: string, card: string): Promise<readonly string[]> {
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/api/card-session")) asked.push(String(request.postDataJSON().why));
  });
  const body = `<!doctype html><script>${consentScript}</script>${place}${tags}`;
  const loader = `${sites.designerOrigin}/embed/card-designer.js`;
  sites.pages.set("/late", { body: body.replaceAll("LOADER", loader), type: "text/html" });
  sites.pages.set("/card.js", { body: card, type: "text/javascript" });
  await page.goto(`${sites.bankOrigin}/late`);
  return asked;
}

const linkOf = async (page: Page) => inFrame(await findFrame(page), ({ link }) => link?.kind);
/** The guide's `card.js`, with that line as its first: what looks whether the script came stands behind it. */
const guided = `${readWaiting()}\n${readSnippet("docs/embed.md", "js")}`;
const held = `<script type="text/plain" data-consent="text/javascript" src="LOADER"></script>`;
const card = `<script type="module" src="/card.js"></script>`;

test.for([
  ["long after everything else", held + card],
  [
    "with the page's own script held back as well",
    `${card.replace("module", "text/plain").replace(" src", ' data-consent="module" src')}${held}`,
  ],
] as const)(
  "a loader that a consent manager runs %s, and once more, starts one designer",
  async ([, tags], { page, sites }) => {
    const asked = await openPage(page, sites, tags, guided);
    await page.waitForLoadState("load");
    await settle(page);
    expect(await page.locator("iframe").count()).toBe(0);
    expect(await page.locator("[data-failed]").isHidden(), "nothing has failed yet").toBe(true);
    await page.evaluate("consent()");
    await expect.poll(() => linkOf(page)).toBe("connected");
    const again = page.waitForResponse(/\/embed\/card-designer\.js$/);
    await page.evaluate("consent()");
    await again;
    await settle(page);
    expect([await linkOf(page), await page.locator("iframe").count(), asked]).toEqual(["connected", 1, ["start"]]);
  },
);

test.for([
  ["async", `<script async src="LOADER"></script>${card}`],
  ["defer", `${card}<script defer src="LOADER"></script>`],
] as const)(
  "a loader with %s, that comes after the page's own script, starts the designer",
  async ([, tags], { page, sites }) => {
    const slow = Promise.withResolvers<void>();
    await page.route("**/card-designer.js", async (route) => {
      await slow.promise;
      await route.continue();
    });
    const opening = openPage(page, sites, tags, guided);
    await page.waitForRequest(/\/card\.js$/);
    slow.resolve();
    const asked = await opening;
    await expect.poll(() => linkOf(page)).toBe("connected");
    expect(asked).toEqual(["start"]);
  },
);

test("a loader that is run as a module is told where it is from, and says so where it is not", async ({
  page,
  sites,
}) => {
  const headers = { "content-type": "text/javascript", "access-control-allow-origin": "*" };
  await page.route("**/card-designer.js", (route) => route.fulfill({ body: sites.loader, headers }));
  const tags = `<script type="module" src="LOADER"></script>${card}`;
  const call = `loadCardDesigner({ origin: "${sites.designerOrigin}" })`;
  await openPage(page, sites, tags, guided.replace("loadCardDesigner()", call));
  await expect.poll(() => linkOf(page)).toBe("connected");
  const code = await page.evaluate("Fullbleed.loadCardDesigner().catch(({ code }) => code)");
  expect(code).toBe("origin-unknown");
});
