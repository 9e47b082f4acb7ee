import { rm } from "node:fs/promises";
import type { Frame, Page } from "playwright";
import { expect } from "vitest";
import { createProject } from "../../testing/packed.ts";
import { eventTypes, findFrame, test as sited } from "../../testing/visit.ts";

export const forms = ["classic", "loaded", "react", "element"] as const;
type Form = (typeof forms)[number];
/** The script of a page that has a tag for it itself. */
export const tagged: Readonly<Record<string, string>> = {
  classic: "card-designer.js",
  pinned: "card-designer-1a2b3c4d5e6f7890.js",
};

/** The package is packed and the bank's page built from it once for this file. */
export const test = sited
  // Vitest reads in these braces what it needs: nothing.
  // oxlint-disable-next-line eslint/no-empty-pattern -- a fixture has to name what it needs, and this one needs nothing
  .extend("project", { scope: "file" }, async ({}, { onCleanup }) => {
    const project = await createProject();
    onCleanup(() => rm(project.folder, { recursive: true, force: true }));
    return project;
  })
  .extend("open", async ({ sites, project }, { onCleanup }) => {
    return async (form?: Form | "pinned", allowed = sites.designerOrigin): Promise<Page> => {
      const policy = [
        "default-src 'none'",
        `script-src 'self' ${allowed}`,
        `frame-src ${sites.designerOrigin}`,
        "require-trusted-types-for 'script'",
        "trusted-types fullbleed",
      ];
      const name = tagged[form ?? ""];
      const tag = name ? `<script class="own" src="${sites.designerOrigin}/embed/${name}"></script>` : "";
      const places = '<div id="mount"></div><div id="elsewhere"></div>';
      const body = `<!doctype html>${tag}${places}<script type="module" src="/forms.js"></script>`;
      sites.pages.set("/forms.js", { body: project.script, type: "text/javascript" });
      sites.pages.set("/forms", { body, type: "text/html", policy });
      const page = await sites.browser.newPage();
      onCleanup(() => page.close());
      await page.goto(`${sites.bankOrigin}/forms?designer=${encodeURIComponent(sites.designerOrigin)}`);
      return page;
    };
  });

/** Shows the designer in this form and waits until it is ready. */
export async function show(page: Page, form: Form): Promise<Frame> {
  await page.evaluate(`forms.${form}(options).then((shown) => { window.shown = shown; })`);
  await expect.poll(() => eventTypes(page)).toEqual(["ready"]);
  return findFrame(page);
}

/** Remembers, from now on, the signals with which anything is listened for on the window. */
export const countListeners = `window.heard = []; for (const name of ["addEventListener", "removeEventListener"]) {
  const its = window[name];
  window[name] = function (type, run, given) {
    if (name === "addEventListener") heard.push(given?.signal);
    return its.call(this, type, run, given);
  }; }`;
/** How many of them are not over. */
export const listening = "heard.filter((signal) => signal && !signal.aborted).length";
