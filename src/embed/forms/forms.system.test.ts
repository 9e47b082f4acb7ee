import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Frame, Page } from "playwright";
import { expect } from "vitest";
import { eventTypes, findFrame, inBank, inFrame, sendFromFrame, settle } from "../testing/visit.ts";
import { countListeners, forms, listening, show, tagged, test } from "./testing/form-page.ts";

const frames = (page: Page) => page.locator("iframe").count();
const received = (frame: Frame) => inFrame(frame, (designer) => designer.received);

test.for(forms)(
  "%s: the designer is ready, and changes its language without being loaded again",
  async (form, { open }) => {
    const page = await open(form);
    const frame = await show(page, form);
    const { start } = (await inFrame(frame, ({ link }) => link)) as { start: { options: object } };
    expect(start.options).toEqual({ locale: "en", theme: { accent: "#123456" } });
    await page.evaluate("shown.change({ locale: 'ar' })");
    const update = { type: "update", options: { locale: "ar", theme: { accent: "#123456" } } };
    await expect.poll(() => received(frame)).toMatchObject([update]);
    await page.evaluate("shown.change({ locale: 'ar' })");
    await settle(page);
    expect((await received(frame)).length, "the same again is no change, but for who says so").toBe(
      form === "classic" || form === "loaded" ? 2 : 1,
    );
    expect([await frames(page), await inBank(page, ({ asked }) => asked), await eventTypes(page)]).toEqual([
      1,
      ["start"],
      ["ready"],
    ]);
  },
);

test.for(forms)("%s: the page sends the design, and hears each event once", async (form, { open }) => {
  const page = await open(form);
  const frame = await show(page, form);
  await page.evaluate("window.sending = shown.submit(); 0");
  await expect.poll(() => received(frame)).toMatchObject([{ type: "submit", id: 1 }]);
  const event = { type: "event", event: { eventId: "e", type: "submitted", submissionId: "sub_1" } } as const;
  await sendFromFrame(frame, event, event, { type: "submitted", id: 1, submissionId: "sub_1" });
  expect(await page.evaluate("sending")).toEqual({ submissionId: "sub_1", state: "stored" });
  expect(await eventTypes(page)).toEqual(["ready", "submitted"]);
});

test.for(forms)("%s: moved on the page the designer goes on, with the functions of now", async (form, { open }) => {
  const page = await open(form);
  await show(page, form);
  await page.evaluate(`shown.change({ fetchSession: (why) => options.fetchSession("new " + why) });
    { const moved = document.querySelector("#mount");
    document.querySelector("#elsewhere").append(${form === "element" ? "moved.firstElementChild" : "moved"}); }`);
  await expect.poll(() => eventTypes(page)).toEqual(["ready", "ready"]);
  const why = form === "react" || form === "element" ? "new refresh" : "refresh";
  expect([await frames(page), await inBank(page, ({ asked }) => asked)]).toEqual([1, ["start", why]]);
  await page.evaluate("shown.change({ locale: 'fr' })");
  const frame = await findFrame(page);
  await expect.poll(() => received(frame)).toMatchObject([{ type: "update", options: { locale: "fr" } }]);
});

test.for(forms)(
  "%s: begun anew in its place, there is one designer, and no more of it than before",
  async (form, { open }) => {
    const page = await open(form);
    await page.evaluate(countListeners);
    const first = await show(page, form);
    const countAll = async () => [
      await frames(page),
      await page.evaluate(listening),
      await page.evaluate("document.querySelectorAll('#mount *').length"),
    ];
    const before = await countAll();
    await page.evaluate("shown.again()");
    await expect.poll(() => eventTypes(page)).toEqual(["ready", "ready"]);
    expect(first.isDetached()).toBe(true);
    expect([await countAll(), await inBank(page, ({ asked }) => asked)]).toEqual([before, ["start", "start"]]);
    await page.evaluate("shown.change({ locale: 'fr' })");
    const frame = await findFrame(page);
    await expect.poll(() => received(frame)).toMatchObject([{ type: "update", options: { locale: "fr" } }]);
  },
);

test("react: of two with a key each, the one that goes leaves the other as it is", async ({ open }) => {
  const page = await open("react");
  await page.evaluate(countListeners);
  const first = await show(page, "react");
  const listensOnce = await page.evaluate(listening);
  await page.evaluate("shown.showKeys(['first', 'second'])");
  await expect.poll(() => eventTypes(page)).toEqual(["ready", "ready"]);
  const second = page.frames().at(-1);
  await page.evaluate("shown.showKeys(['second'])");
  await expect.poll(() => frames(page)).toBe(1);
  expect([first.isDetached(), second?.isDetached(), await page.evaluate(listening)]).toEqual([
    true,
    false,
    listensOnce,
  ]);
  await page.evaluate("shown.change({ locale: 'fr' })");
  const frame = await findFrame(page);
  await expect.poll(() => received(frame)).toMatchObject([{ type: "update", options: { locale: "fr" } }]);
  expect([frame === second, await inBank(page, ({ asked }) => asked)]).toEqual([true, ["start", "start"]]);
});

test.for(forms)("%s: taken off the page, nothing stays of it", async (form, { open }) => {
  const page = await open(form);
  await page.evaluate(countListeners);
  await show(page, form);
  expect(await page.evaluate(listening)).toBeGreaterThan(0);
  await page.evaluate("shown.remove()");
  await expect.poll(() => frames(page)).toBe(0);
  expect(await page.evaluate(listening)).toBe(0);
  expect(await page.evaluate("document.querySelectorAll('script:not([type=module], .own), #mount *').length")).toBe(0);
  await page.evaluate(`forms.${form}(options)`);
  await expect.poll(() => eventTypes(page), { message: "once more" }).toEqual(["ready", "ready"]);
  expect(await frames(page)).toBe(1);
});

test.for(forms.slice(1))(
  "%s: where the script is blocked, what the page has instead is shown",
  async (form, { open, sites }) => {
    const page = await open(form, "'self'");
    const asked: string[] = [];
    page.on("console", (message) => message.text().includes("card-designer.js") && asked.push(message.text()));
    const shown = page.evaluate(
      `forms.${form}(options).then((shown) => { window.shown = shown; return "shown"; }, ({ code, message }) => [code, message])`,
    );
    if (form === "loaded") {
      const detail = expect.stringContaining(`${sites.designerOrigin}/embed/card-designer.js`);
      expect(await shown).toEqual(["script-not-loaded", detail]);
      return;
    }
    await page.getByText("instead").waitFor();
    expect(await inBank(page, ({ events }) => events)).toMatchObject([{ type: "problem", code: "script-not-loaded" }]);
    const refused = { code: "script-not-loaded" };
    expect(await page.evaluate("shown.submit().catch(({ code }) => ({ code }))")).toEqual(refused);
    expect(await page.evaluate("shown.close()")).toBe("kept");
    expect([await frames(page), await inBank(page, ({ errors }) => errors)]).toEqual([0, []]);
    expect(asked.length, "it was tried once more").toBeGreaterThan(1);
  },
);

test("a script that fails once is had the second time, and what is instead stays hidden", async ({ open }) => {
  const page = await open();
  let tries = 0;
  await page.route("**/card-designer.js", (route) => {
    tries += 1;
    return tries === 1 ? route.abort() : route.continue();
  });
  await show(page, "element");
  expect(tries).toBe(2);
  expect(await page.getByText("instead").isVisible()).toBe(false);
  await page.evaluate(`document.querySelector("#mount").id = ""; document.querySelector("#elsewhere").id = "mount";
    forms.react({ ...options, onEvent() {} })`);
  await expect.poll(() => frames(page)).toBe(2);
  expect(tries, "loaded once for all").toBe(2);
});

test("a page that has pinned the script itself keeps it, and loads no other", async ({ open, sites }) => {
  const page = await open("pinned", `${sites.designerOrigin}/embed/${tagged["pinned"]}`);
  const more: string[] = [];
  page.on("request", (request) => more.push(new URL(request.url()).pathname));
  await show(page, "loaded");
  expect(more.filter((path) => path.startsWith("/embed/"))).toEqual([]);
  expect(more, "what comes after it").toContain("/frame/sess_auto");
});

test.for(["react", "element"] as const)(
  "%s: where no session is had, what the page has instead is shown until a retry is ready",
  async (form, { open }) => {
    const page = await open(form);
    await page.evaluate(`options.fetchSession = async (why) => { asked.push(why); throw new Error("closed"); };
      forms.${form}(options).then((shown) => { window.shown = shown; })`);
    const instead = page.getByText("instead");
    await instead.waitFor();
    await page.getByText("again").click();
    await expect.poll(() => eventTypes(page)).toEqual(["problem", "problem"]);
    expect(await instead.isVisible(), "it failed once more").toBe(true);
    await page.evaluate(`shown.change({ fetchSession: async (why) => {
      asked.push(why); return { sessionId: "sess_auto", clientSecret: "secret" }; } })`);
    await page.getByText("again").click();
    await expect.poll(() => eventTypes(page)).toEqual(["problem", "problem", "ready"]);
    await instead.waitFor({ state: "hidden" });
    expect(await page.evaluate("document.activeElement.tagName")).toBe("IFRAME");
    const starts = ["start", "start", "start"];
    expect([await frames(page), await inBank(page, ({ asked }) => asked)]).toEqual([1, starts]);
    await page.evaluate("shown.retry()");
    await settle(page);
    expect(await inBank(page, ({ asked }) => asked), "nothing to retry").toEqual(starts);
    await page.evaluate("shown.remove()");
    expect(await page.evaluate("document.querySelectorAll('#mount *').length")).toBe(0);
    expect(await inBank(page, ({ errors }) => errors)).toEqual([]);
  },
);

test.for(["react", "element"] as const)(
  "%s: where the frame is blocked, what the page has instead is shown, and a retry shows the designer",
  async (form, { open, sites }) => {
    const page = await open(form);
    await page.clock.install();
    let isBlocked = true;
    await page.route(`${sites.designerOrigin}/frame/**`, (route) => (isBlocked ? route.abort() : route.continue()));
    await page.evaluate(`forms.${form}(options).then((shown) => { window.shown = shown; })`);
    await expect.poll(() => frames(page)).toBe(1);
    const instead = page.getByText("instead");
    expect(await instead.isVisible()).toBe(false);
    await page.clock.runFor(25_000);
    await instead.waitFor();
    expect(await eventTypes(page)).toEqual(["problem"]);
    isBlocked = false;
    await page.getByText("again").click();
    await expect.poll(() => eventTypes(page)).toEqual(["problem", "ready"]);
    await instead.waitFor({ state: "hidden" });
    expect(await frames(page)).toBe(1);
  },
);

test.for(["react", "element"] as const)(
  "%s: a script that was blocked can be had by a retry",
  async (form, { open }) => {
    const page = await open(form);
    let isBlocked = true;
    await page.route("**/card-designer.js", (route) => (isBlocked ? route.abort() : route.continue()));
    await page.evaluate(`forms.${form}(options).then((shown) => { window.shown = shown; })`);
    const instead = page.getByText("instead");
    await instead.waitFor();
    isBlocked = false;
    await page.getByText("again").click();
    await expect.poll(() => eventTypes(page)).toEqual(["problem", "ready"]);
    await instead.waitFor({ state: "hidden" });
    expect(await frames(page)).toBe(1);
    expect(await page.evaluate("shown.close()")).toBe("kept");
  },
);

test("an element asks for nothing until it has all it needs, and then tells what happens without bubbling", async ({
  open,
}) => {
  const page = await open();
  await page.evaluate(`{ const early = document.createElement("card-designer");
    document.querySelector("#mount").append(early);
    early.setAttribute("origin", new URLSearchParams(location.search).get("designer"));
    early.addEventListener("ready", ({ bubbles, detail }) => events.push({ ...detail, bubbles }));
    window.early = early; }`);
  await settle(page);
  expect(await frames(page)).toBe(0);
  expect(await page.evaluate("early.submit().catch(({ code }) => code)")).toBe("destroyed");
  await page.evaluate("early.fetchSession = options.fetchSession; 0");
  await expect.poll(() => inBank(page, ({ events }) => events)).toMatchObject([{ type: "ready", bubbles: false }]);
});

test("an element that had its properties before it was defined has them", async ({ open }) => {
  const page = await open();
  // One of a document without a window is defined when it comes to this one.
  await page.evaluate(`{ const early = document.implementation.createHTMLDocument().createElement("card-designer");
    early.fetchSession = options.fetchSession;
    early.setAttribute("origin", new URLSearchParams(location.search).get("designer"));
    early.addEventListener("ready", ({ detail }) => events.push(detail));
    document.querySelector("#mount").append(early); }`);
  await expect.poll(() => eventTypes(page)).toEqual(["ready"]);
});

test("the package holds its four ways in, their types, how they are used, and nothing of the server or of a test", async ({
  project,
}) => {
  const files = (await readdir(project.installed, { recursive: true })).filter((name) => /\.\w+$|LICENSE/.test(name));
  expect(files.toSorted()).toEqual([
    "LICENSE",
    "README.md",
    "element.js",
    "index.js",
    "load.js",
    "package.json",
    "react.js",
    "server.js",
    "shown.js",
    ...["frame-messages", "session-credentials"].map((name) => `types/contracts/${name}.d.ts`),
    ...["element", "load", "react", "shown"].map((name) => `types/embed/forms/${name}.d.ts`),
    "types/embed/options.d.ts",
    ...["call", "client", "error", "main", "shapes", "webhook"].map((name) => `types/kit/${name}.d.ts`),
  ]);
  const guide = await readFile(join(project.installed, "README.md"), "utf8");
  expect(guide).toContain(await readFile(join(project.folder, "react-guide.tsx"), "utf8"));
  expect(guide, "links lead nowhere from here").not.toMatch(/\]\(/);
  for (const name of files.filter((file) => /\.(ts|js)$/.test(file))) {
    const text = await readFile(join(project.installed, name), "utf8");
    const imports = Array.from(text.matchAll(/(?:from|import)[ (]?"([^"]+)"/g), ([, from]) => from);
    for (const from of imports)
      expect(from, name).toMatch(/^(\.{1,2}\/[\w./-]+\.js|react(\/jsx-runtime)?|node:crypto)$/);
  }
});

test.for(["bundler", "nodenext"])("a strict project finds its types (%s)", async (resolution, { project }) => {
  expect(await project.run("tsc", "-p", `${resolution}.json`)).toBe("");
});

test("on a server there is no designer, and nothing is thrown", async ({ project }) => {
  const script = `
    import { createElement } from "react";
    import { renderToString } from "react-dom/server";
    import { loadCardDesigner } from "@fullbleed/card-designer";
    import "@fullbleed/card-designer/element";
    import { CardDesigner } from "@fullbleed/card-designer/react";
    import { createFullbleed, verifyWebhook } from "@fullbleed/card-designer/server";
    const props = { origin: "https://cards.example", fetchSession: async () => ({}), className: "card" };
    console.log(JSON.stringify([
      await loadCardDesigner({ origin: "https://cards.example" }),
      renderToString(createElement(CardDesigner, props, "instead")),
      Object.keys(createFullbleed({ baseUrl: "https://cards.example", secretKey: "key-".repeat(8) })),
      typeof verifyWebhook,
    ]))`;
  expect(JSON.parse(await project.run("node", "--input-type=module", "-e", script))).toEqual([
    null,
    '<div class="card"></div>',
    ["openSession", "createClientSecret", "endSession", "getSubmission"],
    "function",
  ]);
});
