import { chromium, type Frame, type Page } from "playwright";
import { expect } from "vitest";
import { frameProtocol } from "#contracts/frame-messages.ts";
import { eventTypes, findFrame, inBank, inFrame, mountReady, openBank, settle, test } from "./testing/visit.ts";

const refuse = "window.answer = () => { throw new Error('the bank is closed') }";
const welcome = "window.answer = () => ({ sessionId: 'sess_auto', clientSecret: 'secret_' + asked.length })";
const linkOf = async (page: Page) => inFrame(await findFrame(page), ({ link }) => link?.kind ?? "waiting");
const problems = (page: Page) => inBank(page, ({ events }) => events.flatMap(({ code }) => code ?? []));

/** Loads the frame again, in one of the ways in which that happens. */
async function loadAgain(page: Page, how: "reloaded" | "moved"): Promise<void> {
  if (how === "moved") await page.evaluate("document.body.append(document.querySelector('iframe'))");
  else await (await findFrame(page)).evaluate("location.reload()").catch(() => {});
}

test.for(["reloaded", "moved"] as const)(
  "a frame that is %s and gets no session hears so at once, and asks again when it is loaded again",
  async (how, { page }) => {
    await mountReady(page);
    await inBank(page, ({ handle }) => handle.update({ locale: "en" }));
    await page.evaluate(refuse);
    await loadAgain(page, how);
    await expect
      .poll(async () => inFrame(await findFrame(page), ({ link }) => link))
      .toEqual({ kind: "refused", options: { locale: "en" } });
    expect(await problems(page)).toEqual(["session-unavailable"]);
    expect(await page.evaluate("outcome(handle.submit())")).toMatchObject({ code: "session-unavailable" });

    await loadAgain(page, "reloaded");
    await expect.poll(() => inBank(page, ({ asked }) => asked)).toEqual(["start", "refresh", "refresh"]);
    await expect.poll(() => problems(page)).toHaveLength(2);
    await expect.poll(() => linkOf(page)).toBe("refused");

    await page.evaluate(welcome);
    await loadAgain(page, "reloaded");
    await expect.poll(() => linkOf(page)).toBe("connected");
    await expect.poll(() => eventTypes(page)).toEqual(["ready", "problem", "problem", "ready"]);
    await inBank(page, ({ handle }) => handle.update({ locale: "ar" }));
    await expect
      .poll(async () => inFrame(await findFrame(page), ({ received }) => received))
      .toEqual([{ type: "update", options: { locale: "ar" } }]);
  },
);

test("a frame that is loaded again when the visit is over hears just that", async ({ page }) => {
  await mountReady(page);
  await page.evaluate(`window.answer = () => "over"; 0`);
  await loadAgain(page, "reloaded");
  await expect.poll(() => linkOf(page)).toBe("session-ended");
  expect(await problems(page)).toEqual(["session-ended"]);
});

test("a page that never answers is given up after a minute, and the frame hears so", async ({ page }) => {
  await page.clock.install();
  await mountReady(page);
  await page.evaluate("window.answer = () => new Promise(() => {})");
  await loadAgain(page, "reloaded");
  await expect.poll(() => inBank(page, ({ asked }) => asked)).toEqual(["start", "refresh"]);
  for (const ms of [30_000, 30_500]) await page.clock.runFor(ms);
  await expect.poll(() => linkOf(page)).toBe("refused");
  expect(await problems(page)).toEqual(["session-unavailable"]);
});

test("a frame that cannot be loaded again, as without a connection, is a problem that the page hears of", async ({
  page,
}) => {
  await page.clock.install();
  await mountReady(page);
  await page.route("**/frame/**", (route) => route.abort());
  const failed = page.waitForEvent("requestfailed");
  await page.evaluate(`window.loads = 0;
    document.querySelector("iframe").addEventListener("load", () => { window.loads += 1; });
    document.body.append(document.querySelector("iframe"))`);
  await failed;
  await expect.poll(() => page.evaluate("loads")).toBe(1);
  await page.clock.runFor(8_500);
  expect(await problems(page)).toEqual(["frame-not-answering"]);
  await page.unroute("**/frame/**");
  await page.evaluate("document.body.append(document.querySelector('iframe'))");
  await expect.poll(() => eventTypes(page)).toEqual(["ready", "problem", "ready"]);
  await page.clock.runFor(60_000);
  expect(await problems(page), "nothing is wrong any more").toHaveLength(1);
});

/** Says hello as another load of the frame would, and answers with what the loader says to that: the start, or a refusal. */
function sayHello(frame: Frame, protocol: number): Promise<{ protocol: number; type: string; code?: string }> {
  return frame.evaluate(`new Promise((resolve) => {
    addEventListener("message", ({ data, ports: [port] }) => {
      port.onmessage = (event) => resolve({ protocol: data.protocol, ...event.data });
    }, { once: true });
    const { nonce } = history.state;
    parent.postMessage({ fullbleed: "hello", protocol: ${protocol}, nonce, boot: crypto.randomUUID() }, "*");
  })`);
}

test("a frame of another version is told in its own", async ({ page }) => {
  const frame = await mountReady(page);
  expect(await sayHello(frame, 7)).toMatchObject({ protocol: 7, type: "refused", code: "protocol-mismatch" });
  expect(await problems(page)).toEqual(["protocol-mismatch"]);
  await loadAgain(page, "reloaded");
  await expect.poll(() => linkOf(page)).toBe("connected");
});

test("a frame that is loaded again and again is given up, and hears so each time", async ({ page }) => {
  const frame = await mountReady(page);
  for (let count = 2; count <= 50; count += 1)
    expect(await sayHello(frame, frameProtocol)).toMatchObject({ type: "start" });
  const given = { type: "refused", code: "loaded-too-often" };
  expect([await sayHello(frame, frameProtocol), await sayHello(frame, frameProtocol)]).toMatchObject([given, given]);
  expect(await problems(page)).toEqual(["loaded-too-often", "loaded-too-often"]);
  expect(await inBank(page, ({ asked }) => asked.length)).toBe(50);
});

test("a refusal is for the load of the frame that it answers, not for the next one", async ({ page }) => {
  await mountReady(page);
  await page.evaluate(`window.slow = Promise.withResolvers();
    window.answer = () => asked.length === 2 ? slow.promise : { sessionId: "sess_auto", clientSecret: "secret" }`);
  await loadAgain(page, "moved");
  await expect.poll(() => inBank(page, ({ asked }) => asked.length)).toBe(2);
  await loadAgain(page, "moved");
  await expect.poll(() => eventTypes(page)).toEqual(["ready", "ready"]);
  await page.evaluate("slow.reject(new Error('too late'))");
  await settle(page);
  expect([await linkOf(page), await problems(page)]).toEqual(["connected", []]);
});

test("a page that the browser has kept, and brings back by Back, goes on with its designer in the scheme of now", async ({
  sites,
  launchOptions,
  skip,
}) => {
  const browser = await chromium.launch({ ...launchOptions, ignoreDefaultArgs: ["--disable-back-forward-cache"] });
  try {
    const page = await browser.newPage({ colorScheme: "light" });
    await openBank(page, `${sites.bankOrigin}/`);
    const frame = await mountReady(page);
    await frame.evaluate(`{ const tell = (eventId) => link.send({ type: "event", event: { type: "changed", eventId } });
      link.onScheme(tell); link.onMessage(({ options }) => tell(options.locale)); }`);
    // Playwright cannot speak with a page that was brought back: it says how it is in its address.
    await page.evaluate(`document.documentElement.style.colorScheme = "light dark";
      addEventListener("pageshow", () => {
        handle.update({ locale: "ar" });
        const timer = setInterval(() => {
          if (events.length < 3) return;
          clearInterval(timer);
          const said = events.slice(1).map(({ eventId }) => eventId).sort();
          location.href = "/?said=" + said + "&asked=" + asked;
        }, 50);
      })`);
    await page.goto(`${sites.designerOrigin}/frame/other`);
    await page.emulateMedia({ colorScheme: "dark" });
    const back = page.waitForURL(`${sites.bankOrigin}/`, { waitUntil: "commit" });
    await page.evaluate("setTimeout(() => history.back()); 0");
    await back;
    await page.waitForURL(/said=/, { waitUntil: "commit", timeout: 20_000 }).catch(() => skip("it was not kept"));
    expect(page.url()).toBe(`${sites.bankOrigin}/?said=ar,dark&asked=start`);
  } finally {
    await browser.close();
  }
});
