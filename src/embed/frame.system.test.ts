import { expect } from "vitest";
import type { DesignerWindow } from "./testing/two-sites.ts";
import { eventTypes, findFrame, inBank, inFrame, mountReady, sendFromFrame, settle, test } from "./testing/visit.ts";

test("the frame follows the height of its content, within bounds", async ({ page }) => {
  const frame = await mountReady(page);
  const box = () => page.locator("iframe").evaluate((element) => element.clientHeight);
  await inFrame(frame, ({ link, document }) => {
    document.body.style.height = "812.4px";
    if (link?.kind === "connected") link.reportHeight(document.body);
  });
  await expect.poll(box).toBe(813);
  await inFrame(frame, ({ document }) => void (document.body.style.height = "1500px"));
  await expect.poll(box).toBe(1500);
  await inFrame(frame, ({ document }) => void (document.body.style.height = "1e6px"));
  await expect.poll(box).toBe(12_000);
  await inFrame(frame, ({ document }) => void (document.body.style.height = "1px"));
  await expect.poll(box).toBe(200);
});

test("a page's rule for every frame may hide it, and none else changes how it is displayed", async ({ page }) => {
  await mountReady(page);
  const display = () => page.locator("iframe").evaluate((element) => getComputedStyle(element).display);
  await page.evaluate(`window.rules = new CSSStyleSheet(); document.adoptedStyleSheets.push(rules);
    rules.replaceSync("iframe { display: inline } @media print { iframe { display: none !important } }")`);
  expect(await display()).toBe("block");
  await page.emulateMedia({ media: "print" });
  expect(await display()).toBe("none");
});

test("a step that begins off screen is scrolled to, and one that is on screen moves nothing", async ({ page }) => {
  const frame = await mountReady(page);
  const showTop = () => sendFromFrame(frame, { type: "top" });
  const top = () => page.locator("iframe").evaluate((element) => element.getBoundingClientRect().top);
  await page.evaluate(`document.body.style.margin = "0";
    document.querySelector("#mount").style.cssText = "margin: 300px 0 3000px"; scrollTo(0, 0)`);
  await showTop();
  await settle(page);
  expect(await top()).toBe(300);
  await page.evaluate("scrollTo(0, 900)");
  await showTop();
  await expect.poll(top, { message: "below a header of the page's" }).toBe(64);
  await page.evaluate("document.querySelector('#mount').style.marginTop = '2000px'; scrollTo(0, 0)");
  await showTop();
  await expect.poll(top, { message: "below a header of the page's" }).toBe(64);
});

test("a layout that chases its own height stops growing", async ({ page }) => {
  const frame = await mountReady(page);
  await inFrame(frame, ({ link, document }) => {
    document.documentElement.style.height = "100%";
    document.body.style.cssText = "margin: 0; height: calc(100vh + 10px)";
    if (link?.kind === "connected") link.reportHeight(document.body);
  });
  const heightPx = () => page.locator("iframe").evaluate((element) => element.clientHeight);
  await expect.poll(heightPx).toBeGreaterThan(640 + 55 * 10);
  // A second without a frame lets it grow on for another while.
  await expect
    .poll(async () => {
      const before = await heightPx();
      await page.waitForTimeout(2500);
      return (await heightPx()) - before;
    })
    .toBe(0);
  expect(await heightPx()).toBeLessThan(12_000);
});

test("the frame is called what the designer calls itself, unless the page has a name for it", async ({ page }) => {
  const named = { type: "title", title: "صمّم بطاقتك" } as const;
  await sendFromFrame(await mountReady(page), named);
  const frame = page.locator("iframe");
  await expect.poll(() => frame.getAttribute("title")).toBe(named.title);
  await inBank(page, (bank) => bank.mount({ title: "Our cards" }).ready);
  await sendFromFrame(await findFrame(page), named, { type: "event", event: { eventId: "e", type: "changed" } });
  await expect.poll(() => eventTypes(page)).toContain("changed");
  expect(await frame.getAttribute("title")).toBe("Our cards");
});

test("the page is asked before a design is sent, and what it answers or throws reaches the frame", async ({ page }) => {
  const frame = await mountReady(page);
  const says = (link: DesignerWindow["link"]) => link?.kind === "connected" && link.start.options.beforeSubmit;
  expect(await frame.evaluate(`(${says.toString()})(window.link)`), "a page that has no such function").toBe(undefined);
  await page.evaluate(`window.summaries = []; window.reply = () => "Not today.";
    mount({ beforeSubmit: (summary) => { summaries.push(summary); return reply(); } }).ready`);
  const asking = await findFrame(page);
  expect(await asking.evaluate(`(${says.toString()})(window.link)`)).toBe(true);
  const about = { productId: "p", pictureSha256: "a", rulesVersion: "1" };
  await asking.evaluate(`window.ask = () => link.ask("beforeSubmit", ${JSON.stringify(about)}, new AbortController().signal)
    .then((answer) => ({ answer }), ({ message }) => ({ message })); 0`);
  expect(await asking.evaluate("ask()")).toEqual({ answer: "Not today." });
  await page.evaluate(`window.reply = () => { throw new Error("mistake on the page"); }; 0`);
  expect(await asking.evaluate("ask()")).toEqual({ message: "Error: mistake on the page" });
  await page.evaluate("window.reply = () => () => {}; 0");
  expect(await asking.evaluate("ask()")).toMatchObject({ message: expect.stringContaining("DataCloneError") });
  await page.evaluate("window.reply = () => { throw Object.create(null); }; 0");
  expect(await asking.evaluate("ask()"), "what is thrown has no words").toEqual({ message: "beforeSubmit" });
  await expect.poll(() => inBank(page, ({ errors }) => errors), { message: "the page's developer" }).toHaveLength(3);
  expect(await page.evaluate("summaries")).toEqual([about, about, about, about]);
});

test("the page's function hears by its signal that its answer is not waited for any more", async ({ page }) => {
  await page.evaluate(`window.signals = []; window.reply = () => new Promise(() => {});
    mount({ beforeSubmit: (about, { signal }) => { signals.push(signal); return reply(signal); } }).ready`);
  const frame = await findFrame(page);
  const aborted = () => page.evaluate("signals.map(({ aborted }) => aborted)");
  await frame.evaluate(`window.ask = (signal = new AbortController().signal) => link.ask("beforeSubmit",
    { productId: "p", pictureSha256: "a", rulesVersion: "1" }, signal).catch(({ name }) => name);
    window.stopping = new AbortController(); window.stopped = ask(stopping.signal); 0`);
  await expect.poll(aborted).toEqual([false]);
  // At once asked again: what stops the former question must not stop this one.
  await frame.evaluate("stopping.abort(); void ask(); 0");
  await expect.poll(aborted).toEqual([true, false]);
  expect(await frame.evaluate("stopped")).toBe("AbortError");
  await frame.evaluate("location.reload()");
  await expect.poll(aborted).toEqual([true, true]);
  await expect.poll(() => eventTypes(page)).toEqual(["ready", "ready"]);
  const again = await findFrame(page);
  const ask = `link.ask("beforeSubmit", { productId: "p", pictureSha256: "a", rulesVersion: "1" }, new AbortController().signal)`;
  await page.evaluate("window.reply = () => true; 0");
  await expect.poll(() => inFrame(again, ({ link }) => link?.kind)).toBe("connected");
  expect(await again.evaluate(ask)).toBe(true);
  await page.evaluate(`window.reply = (signal) => new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("given up"))); }); 0`);
  await again.evaluate(`void ${ask}.catch(() => {}); 0`);
  await expect.poll(aborted).toEqual([true, true, false, false]);
  await inBank(page, ({ handle }) => handle.destroy());
  expect(await aborted(), "one that was answered in time stays as it was").toEqual([true, true, false, true]);
  expect(await inBank(page, ({ errors }) => errors), "who gives up when told to has made no mistake").toEqual([]);
});

test("the page's own picker gives the frame a file as it is, or nothing", async ({ page }) => {
  await page.evaluate(`window.requests = []; window.reply = () => new Blob(["photo"], { type: "image/png" });
    mount({ pickImage: (request, { signal }) => { requests.push([request, signal.aborted]); return reply(); } }).ready`);
  const frame = await findFrame(page);
  expect(await inFrame(frame, ({ link }) => link?.kind === "connected" && link.start.options)).toEqual({
    pickImage: true,
  });
  const request = { source: "camera", accept: "image/png", maxBytes: 5 };
  await frame.evaluate(`window.pick = () => link.ask("pickImage", ${JSON.stringify(request)}, new AbortController().signal)
    .then(async (given) => given instanceof Blob ? [given.type, await given.text()] : given, ({ message }) => message); 0`);
  expect(await frame.evaluate("pick()")).toEqual(["image/png", "photo"]);
  await page.evaluate("window.reply = () => null; 0");
  expect(await frame.evaluate("pick()")).toBe(null);
  await page.evaluate(`window.reply = async () => { throw new Error("no camera"); }; 0`);
  expect(await frame.evaluate("pick()")).toBe("Error: no camera");
  expect(await page.evaluate("requests")).toEqual([1, 2, 3].map(() => [request, false]));
});

test("options may be an object of a class, whose functions stay its own whatever is updated", async ({ page }) => {
  await page.evaluate(`class Shop {
      #asked = 0;
      get locale() { return "de"; }
      fetchSession() { this.#asked += 1; return answer(); }
      onEvent(event) { this.#asked += 1; events.push(event); }
      beforeSubmit() { return "asked " + (this.#asked > 1); }
    }
    handle = designer.mount(document.querySelector("#mount"), new Shop());
    handle.update({ theme: { accent: "#123456" }, beforeSubmit: () => true, onEvent: () => {}, title: "Other" });
    handle.ready`);
  const frame = await findFrame(page);
  expect(await inFrame(frame, ({ link }) => link?.kind === "connected" && link.start.options)).toEqual({
    locale: "de",
    theme: { accent: "#123456" },
    beforeSubmit: true,
  });
  expect(await frame.evaluate(`link.ask("beforeSubmit", {}, new AbortController().signal)`)).toBe("asked true");
  expect(await eventTypes(page)).toEqual(["ready"]);
  expect(await page.locator("iframe").getAttribute("title")).toBe("Card designer");
});

test("close waits until the design is kept, takes the designer away and says so once", async ({ page }) => {
  await page.clock.install();
  const frame = await mountReady(page);
  await page.evaluate("window.closing = Promise.all([handle.close({ discard: true }), handle.close()]); 0");
  await expect.poll(() => inFrame(frame, ({ received }) => received)).toEqual([{ type: "close", discard: true }]);
  await sendFromFrame(frame, { type: "closed", outcome: "closed" });
  expect(await page.evaluate("closing")).toEqual(["closed", "closed"]);
  expect(await page.locator("iframe").count()).toBe(0);
  const said = () => inBank(page, ({ events }) => events.filter(({ type }) => type === "closed"));
  expect(await said()).toMatchObject([{ outcome: "closed" }]);
  await mountReady(page);
  await page.evaluate("window.closing = handle.close(); 0");
  await page.clock.runFor(10_500);
  expect(await page.evaluate("closing"), "of one that says nothing").toBe("kept");
  expect(await page.locator("iframe").count()).toBe(0);
  expect(await said()).toHaveLength(2);
  await page.evaluate("mount(); window.closing = handle.close({ discard: 1 }); handle.ready");
  const early = await findFrame(page);
  await expect
    .poll(() => inFrame(early, ({ received }) => received), { message: "of one that was not there yet" })
    .toEqual([{ type: "close", discard: true }]);
  await inBank(page, ({ handle }) => handle.destroy());
  expect(await page.evaluate("closing"), "of one that is destroyed meanwhile").toBe("kept");
  expect(await page.evaluate("handle.close()"), "of one that is gone").toBe("kept");
  await page.evaluate(
    "window.answer = () => { throw new Error('no') }; mount(); handle.ready.catch(() => handle.close())",
  );
  expect(await said(), "of one that could not start, but of none that was destroyed").toHaveLength(3);
});
