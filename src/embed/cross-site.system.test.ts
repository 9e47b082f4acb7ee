import { Script } from "node:vm";
import { gzipSync } from "node:zlib";
import type { Frame, Page } from "playwright";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { findFrame, inBank, inFrame, settle, startTwoSites, type TwoSites } from "./testing/two-sites.ts";

let sites: TwoSites;
let page: Page;

beforeAll(async () => {
  sites = await startTwoSites();
}, 60_000);
afterAll(() => sites.stop());
beforeEach(async () => {
  page = await sites.browser.newPage();
  await openBank("/");
});
afterEach(() => page.close());

async function openBank(path: string): Promise<void> {
  await page.goto(`${sites.bankOrigin}${path}`);
  await page.evaluate("window.loaded");
}
async function mountReady(): Promise<Frame> {
  await inBank(page, (bank) => bank.mount().ready);
  return findFrame(page);
}
/** How `promise` ended: its value, or code and detail of its error. */
const outcomes = `window.outcome = (promise) => promise.then(
  (value) => ({ value }), ({ code, detail }) => ({ code, detail }));`;

test("the loader is one classic script of at most 5 kB compressed, in letters of every encoding", () => {
  expect(sites.loader).toMatch(/^[\0-\x7f]+$/);
  expect(gzipSync(sites.loader).length).toBeLessThanOrEqual(5 * 1024);
  expect(() => new Script(sites.loader)).not.toThrow();
});

test("a mounted designer gets ready in a sandboxed frame on another site, under strict policies on both sides", async () => {
  const frame = await mountReady();
  expect(await inBank(page, ({ asked, events }) => [asked, events.map(({ type }) => type)])).toEqual([
    ["start"],
    ["ready"],
  ]);
  const element = page.locator("iframe");
  expect(await element.getAttribute("sandbox")).toBe("allow-scripts allow-same-origin allow-forms");
  expect(await element.getAttribute("referrerpolicy")).toBe("no-referrer");
  expect(await element.getAttribute("allow")).toBe("");
  expect(await element.getAttribute("title")).toBe("Card designer");
  expect(await inFrame(frame, ({ link }) => link?.kind === "connected" && link.start)).toMatchObject({
    sessionId: "sess_auto",
    clientSecret: "secret_1",
    options: {},
  });
});

test("nothing secret is in an address, and the nonce leaves the frame's address at once", async () => {
  const requested: string[] = [];
  page.on("request", (request) => requested.push(request.url()));
  const frame = await mountReady();
  expect(requested.join(" ")).toContain("/frame/sess_auto");
  expect(requested.join(" ")).not.toContain("secret");
  expect(await inFrame(frame, ({ location }) => location.href)).toBe(`${sites.designerOrigin}/frame/sess_auto`);
});

test("changes made before the frame runs start it, later ones reach it without loading it again", async () => {
  await inBank(page, (bank) => {
    const handle = bank.mount({ locale: "en", theme: { accent: "#123456" } });
    handle.update({ locale: "ar" });
    return handle.ready;
  });
  const frame = await findFrame(page);
  expect(await inFrame(frame, ({ link }) => link?.kind === "connected" && link.start.options)).toEqual({
    locale: "ar",
    theme: { accent: "#123456" },
  });
  await inBank(page, ({ handle }) => handle.update({ messages: { title: "Hello" } }));
  await expect
    .poll(() => inFrame(frame, ({ heard }) => heard))
    .toEqual([
      { type: "update", options: { locale: "ar", theme: { accent: "#123456" }, messages: { title: "Hello" } } },
    ]);
  expect(await page.locator("iframe").getAttribute("title")).toBe("مصمم البطاقة");
  expect(await inBank(page, ({ asked }) => asked)).toEqual(["start"]);
});

test("what the page asks before the frame runs is kept, done in order and answered", async () => {
  await page.evaluate(`${outcomes}
    mount(); handle.focus("last"); window.early = outcome(handle.submit()); handle.focus(); handle.ready`);
  const frame = await findFrame(page);
  await expect
    .poll(() => inFrame(frame, ({ heard }) => heard))
    .toEqual([
      { type: "focus", edge: "last" },
      { type: "submit", id: 1 },
      { type: "focus", edge: "first" },
    ]);
  await inFrame(frame, ({ link }) => {
    if (link?.kind === "connected") link.send({ type: "submitted", id: 1, submissionId: "sub_1" });
  });
  expect(await page.evaluate("window.early")).toEqual({ value: { submissionId: "sub_1", state: "stored" } });
});

test("submit gives the receipt to everyone who asked, and an error that says why", async () => {
  await page.evaluate(outcomes);
  const frame = await mountReady();
  await page.evaluate("window.first = Promise.all([outcome(handle.submit()), outcome(handle.submit())]); 0");
  await expect.poll(() => inFrame(frame, ({ heard }) => heard.length)).toBe(1);
  await inFrame(frame, ({ link, heard }) => {
    if (link?.kind === "connected") link.send({ type: "submitted", id: 99, submissionId: "of another request" });
    if (link?.kind === "connected") link.send({ type: "submitted", id: 1, submissionId: "sub_1" });
    heard.length = 0;
  });
  const receipt = { value: { submissionId: "sub_1", state: "stored" } };
  expect(await page.evaluate("window.first")).toEqual([receipt, receipt]);
  await page.evaluate("window.second = outcome(handle.submit()); 0");
  await expect.poll(() => inFrame(frame, ({ heard }) => heard.length)).toBe(1);
  await inFrame(frame, ({ link }) => {
    if (link?.kind === "connected")
      link.send({ type: "submit-failed", id: 2, code: "not-agreed", detail: "Agree first." });
  });
  expect(await page.evaluate("window.second")).toEqual({ code: "not-agreed", detail: "Agree first." });
});

test("each event comes once, and a callback that throws breaks nothing", async () => {
  await inBank(page, (bank) => {
    const onEvent = (event: { eventId: string; type: string }) => {
      bank.events.push(event);
      throw new Error("mistake on the page");
    };
    return bank.mount({ onEvent }).ready;
  });
  await inFrame(await findFrame(page), ({ link }) => {
    if (link?.kind !== "connected") return;
    for (const eventId of ["e1", "e1", "e2", "e1", "last"])
      link.send({ type: "event", event: { eventId, type: "changed" } });
  });
  await expect.poll(() => inBank(page, ({ events }) => events.at(-1)?.eventId)).toBe("last");
  expect(
    await inBank(page, ({ events }) => events.map(({ type, eventId }) => (type === "ready" ? type : eventId))),
  ).toEqual(["ready", "e1", "e2", "last"]);
  expect(await inBank(page, ({ errors }) => errors)).toHaveLength(4);
});

test("the designer gets a new secret for its session from the page, and hears when there is none", async () => {
  const frame = await mountReady();
  const ask = () =>
    inFrame(frame, ({ link }) =>
      link?.kind === "connected" ? link.fetchSession().catch((error: Error) => error.message) : null,
    );
  expect(await ask()).toEqual({ sessionId: "sess_auto", clientSecret: "secret_2" });
  const refused = "no connection";
  await page.evaluate("window.answer = () => { throw new Error('no') }");
  expect(await ask()).toBe(refused);
  await page.evaluate("window.answer = () => ({ sessionId: 'sess_other', clientSecret: 'x' })");
  expect(await ask()).toBe(refused);
  expect(await inBank(page, ({ asked }) => asked)).toEqual(["start", "refresh", "refresh", "refresh"]);
});

test("a frame that is moved on the page is connected again, with a secret of its own", async () => {
  await page.evaluate(outcomes);
  await mountReady();
  await page.evaluate("window.waiting = outcome(handle.submit()); 0");
  await settle(page);
  await page.evaluate(
    "document.body.append(document.createElement('main')); document.querySelector('main').append(document.querySelector('iframe'))",
  );
  await expect.poll(() => inBank(page, ({ events }) => events.map(({ type }) => type))).toEqual(["ready", "ready"]);
  const frame = await findFrame(page);
  expect(await inFrame(frame, ({ link }) => link?.kind === "connected" && link.start.clientSecret)).toBe("secret_2");
  expect(await page.evaluate("window.waiting")).toMatchObject({ code: "interrupted" });
});

test("a frame that is reloaded by itself is connected again, and its address stays without the nonce", async () => {
  const frame = await mountReady();
  await frame.evaluate("location.reload()").catch(() => {});
  await expect.poll(() => inBank(page, ({ events }) => events.map(({ type }) => type))).toEqual(["ready", "ready"]);
  expect(await inFrame(await findFrame(page), ({ location }) => location.href)).not.toContain("nonce");
});

test("a frame that is loaded again waits as long as the page may take for a secret", async () => {
  await page.clock.install();
  const frame = await mountReady();
  await page.evaluate(`window.answer = () => new Promise((resolve) => setTimeout(resolve, 59_000, {
    sessionId: "sess_auto", clientSecret: "secret_2" }))`);
  await frame.evaluate("location.reload()").catch(() => {});
  await expect.poll(() => inBank(page, ({ asked }) => asked)).toEqual(["start", "refresh"]);
  for (const ms of [30_000, 29_000]) await page.clock.runFor(ms);
  await expect.poll(() => inBank(page, ({ events }) => events.map(({ type }) => type))).toEqual(["ready", "ready"]);
});

test("a frame that is loaded twice while the page is slow with a secret still hears the page", async () => {
  await mountReady();
  await page.evaluate(`window.slow = Promise.withResolvers();
    window.answer = async () => {
      const secret = { sessionId: "sess_auto", clientSecret: "secret_" + asked.length };
      if (asked.length === 2) await slow.promise;
      return secret;
    };
    window.place = () => document.body.append(document.querySelector("iframe"));`);
  for (const count of [2, 3]) {
    await page.evaluate("place()");
    await expect.poll(() => inBank(page, ({ asked }) => asked.length)).toBe(count);
  }
  await expect.poll(() => inBank(page, ({ events }) => events.length)).toBe(2);
  await page.evaluate("slow.resolve()");
  await settle(page);
  await inBank(page, ({ handle }) => handle.update({ locale: "ar" }));
  const frame = await findFrame(page);
  await expect
    .poll(() => inFrame(frame, ({ heard }) => heard))
    .toEqual([{ type: "update", options: { locale: "ar" } }]);
});

test.each([
  ["throws", "throw new Error('the bank is closed')"],
  ["answers nothing", "return undefined"],
  ["answers an id that would change the address", "return { sessionId: '../admin', clientSecret: 'x' }"],
  ["answers no secret", "return { sessionId: 'sess_auto' }"],
])("a page whose fetchSession %s is told, and no frame appears", async (_how, body) => {
  await page.evaluate(`${outcomes} window.answer = () => { ${body} }; mount(); 0`);
  expect(await page.evaluate("outcome(handle.ready)")).toMatchObject({ code: "session-unavailable" });
  expect(await page.evaluate("outcome(handle.submit())")).toMatchObject({ code: "session-unavailable" });
  expect(await inBank(page, ({ events }) => events)).toMatchObject([{ type: "problem", code: "session-unavailable" }]);
  expect(await page.locator("iframe").count()).toBe(0);
});

test("a frame that does not answer within 20 s is a problem that the page hears of; a late one still works", async () => {
  await page.clock.install();
  await page.evaluate(
    `${outcomes} window.answer = () => ({ sessionId: "sess_manual", clientSecret: "x" }); mount(); 0`,
  );
  const frame = await findFrame(page);
  await page.clock.runFor(5_000);
  expect(await inBank(page, ({ events }) => events)).toEqual([]);
  await page.clock.runFor(20_000);
  expect(await page.evaluate("outcome(handle.ready)")).toMatchObject({ code: "frame-not-answering" });
  expect(await inBank(page, ({ events }) => events)).toMatchObject([{ type: "problem", code: "frame-not-answering" }]);
  await inFrame(frame, (designer) => designer.begin());
  await expect.poll(() => inBank(page, ({ events }) => events.at(-1)?.type)).toBe("ready");
});

test("React's StrictMode leaves one designer, and none after the component is gone", async () => {
  await openBank("/strict");
  await expect.poll(() => inBank(page, ({ events }) => events.length)).toBe(1);
  expect(await page.locator("iframe").count()).toBe(1);
  expect(await inBank(page, ({ asked }) => asked)).toEqual(["start"]);
  await page.evaluate("window.later = []; render({ onEvent: (event) => later.push(event.type) })");
  await inFrame(await findFrame(page), ({ link }) => {
    if (link?.kind === "connected") link.send({ type: "event", event: { eventId: "e1", type: "changed" } });
  });
  await expect.poll(() => page.evaluate("later"), { message: "the last render's callback" }).toEqual(["changed"]);
  await inBank(page, (bank) => bank.unmount());
  await expect.poll(() => page.locator("iframe").count()).toBe(0);
});

test.each(["guide", "readme"])("the example in the %s works as it stands", async (place) => {
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  await openBank(`/${place}`);
  const frame = await findFrame(page);
  await expect.poll(() => inFrame(frame, ({ link }) => link?.kind)).toBe("connected");
  await inFrame(frame, ({ link }) => {
    if (link?.kind !== "connected") return;
    link.send({ type: "event", event: { eventId: "e1", type: "submitted", submissionId: "sub_1" } });
  });
  await expect.poll(() => said).toContain("stored as sub_1");
});

test("what the designer says is wrong before it is ready, `ready` says too", async () => {
  await page.evaluate(
    `${outcomes} window.answer = () => ({ sessionId: "sess_silent", clientSecret: "x" }); mount(); 0`,
  );
  await inFrame(await findFrame(page), async (designer) => {
    await designer.begin();
    if (designer.link?.kind !== "connected") return;
    const problem = { type: "problem", code: "session-expired", detail: "The session has ended." } as const;
    designer.link.send({ type: "event", event: { eventId: "p", ...problem } });
  });
  expect(await page.evaluate("outcome(handle.ready)")).toEqual({
    code: "session-expired",
    detail: "The session has ended.",
  });
  expect(await inBank(page, ({ events }) => events.map(({ type }) => type))).toEqual(["problem"]);
});

test("a second mount into the same place replaces the first", async () => {
  await mountReady();
  await mountReady();
  expect(await page.locator("iframe").count()).toBe(1);
});

test("the designer opened by itself says that it is not framed", async () => {
  await page.goto(`${sites.designerOrigin}/frame/auto#nonce=0123456789abcdef`);
  await expect.poll(() => page.evaluate("window.link")).toEqual({ kind: "not-framed" });
});
