import { Script } from "node:vm";
import { gzipSync } from "node:zlib";
import { expect } from "vitest";
import {
  eventTypes,
  findFrame,
  inBank,
  inFrame,
  mountReady,
  mountWaiting,
  openBank,
  sendFromFrame,
  settle,
  test,
} from "./testing/visit.ts";

test("the loader is one classic script of at most 5 kB compressed, in letters of every encoding", ({ sites }) => {
  expect(sites.loader).toMatch(/^[\0-\x7f]+$/);
  expect(gzipSync(sites.loader).length).toBeLessThanOrEqual(5 * 1024);
  expect(() => new Script(sites.loader)).not.toThrow();
});

test("a mounted designer gets ready in a sandboxed frame on another site, under strict policies on both sides", async ({
  page,
}) => {
  const frame = await mountReady(page);
  expect(await inBank(page, ({ asked, events }) => [asked, events.map(({ type }) => type)])).toEqual([
    ["start"],
    ["ready"],
  ]);
  const element = page.locator("iframe");
  expect(await element.getAttribute("sandbox")).toBe("allow-scripts allow-same-origin allow-forms allow-downloads");
  expect(await element.getAttribute("referrerpolicy")).toBe("no-referrer");
  expect(await element.getAttribute("allow")).toBe("accelerometer; gyroscope; web-share; clipboard-write");
  expect(await element.getAttribute("title")).toBe("Card designer");
  expect(await inFrame(frame, ({ link }) => link?.kind === "connected" && link.start)).toMatchObject({
    sessionId: "sess_auto",
    clientSecret: "secret_1",
    options: {},
  });
});

test("nothing secret is in an address, and the nonce leaves the frame's address at once", async ({ page, sites }) => {
  const requested: string[] = [];
  page.on("request", (request) => requested.push(request.url()));
  const frame = await mountReady(page);
  expect(requested.join(" ")).toContain("/frame/sess_auto");
  expect(requested.join(" ")).not.toContain("secret");
  expect(await inFrame(frame, ({ location }) => location.href)).toBe(`${sites.designerOrigin}/frame/sess_auto`);
});

test("changes made before the frame runs start it, later ones reach it without loading it again", async ({ page }) => {
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
    .poll(() => inFrame(frame, ({ received }) => received))
    .toEqual([
      { type: "update", options: { locale: "ar", theme: { accent: "#123456" }, messages: { title: "Hello" } } },
    ]);
  expect(await inBank(page, ({ asked }) => asked)).toEqual(["start"]);
});

test("what the page asks before the frame runs is kept, done in order and answered", async ({ page }) => {
  await page.evaluate(
    `mount(); handle.focus("last"); window.early = outcome(handle.submit()); handle.focus(); handle.ready`,
  );
  const frame = await findFrame(page);
  await expect
    .poll(() => inFrame(frame, ({ received }) => received))
    .toEqual([
      { type: "focus", edge: "last" },
      { type: "submit", id: 1 },
      { type: "focus", edge: "first" },
    ]);
  await sendFromFrame(frame, { type: "submitted", id: 1, submissionId: "sub_1" });
  expect(await page.evaluate("window.early")).toEqual({ value: { submissionId: "sub_1", state: "stored" } });
});

test("submit gives the receipt to everyone who asked, and an error that says why", async ({ page }) => {
  const frame = await mountReady(page);
  await page.evaluate("window.first = Promise.all([outcome(handle.submit()), outcome(handle.submit())]); 0");
  await expect.poll(() => inFrame(frame, ({ received }) => received.length)).toBe(1);
  await sendFromFrame(
    frame,
    { type: "submitted", id: 99, submissionId: "of another request" },
    { type: "submitted", id: 1, submissionId: "sub_1" },
  );
  const receipt = { value: { submissionId: "sub_1", state: "stored" } };
  expect(await page.evaluate("window.first")).toEqual([receipt, receipt]);
  await page.evaluate("window.second = outcome(handle.submit()); 0");
  await expect.poll(() => inFrame(frame, ({ received }) => received.length)).toBe(2);
  await sendFromFrame(frame, { type: "submit-failed", id: 2, code: "not-agreed", detail: "Agree first." });
  expect(await page.evaluate("window.second")).toEqual({ code: "not-agreed", detail: "Agree first." });
});

test("each event comes once, and a callback that throws breaks nothing", async ({ page }) => {
  await inBank(page, (bank) => {
    const onEvent = (event: { eventId: string; type: string }) => {
      bank.events.push(event);
      throw new Error("mistake on the page");
    };
    return bank.mount({ onEvent }).ready;
  });
  const changes = ["e1", "e1", "e2", "e1", "last"].map((eventId) => ({ eventId, type: "changed" }) as const);
  await sendFromFrame(await findFrame(page), ...changes.map((event) => ({ type: "event", event }) as const));
  await expect.poll(() => inBank(page, ({ events }) => events.at(-1)?.eventId)).toBe("last");
  expect(
    await inBank(page, ({ events }) => events.map(({ type, eventId }) => (type === "ready" ? type : eventId))),
  ).toEqual(["ready", "e1", "e2", "last"]);
  expect(await inBank(page, ({ errors }) => errors)).toHaveLength(4);
});

test("the designer gets a new secret from the page, also of another session, and hears when there is none", async ({
  page,
}) => {
  const frame = await mountReady(page);
  const ask = () =>
    inFrame(frame, ({ link }) =>
      link?.kind === "connected" ? link.fetchSession().catch((error: Error) => error.message) : null,
    );
  expect(await ask()).toEqual({ sessionId: "sess_auto", clientSecret: "secret_2" });
  await page.evaluate("window.answer = () => { throw new Error('no') }");
  expect(await ask()).toBe("no answer");
  // Whether it is for the same card, the server says.
  await page.evaluate("window.answer = () => ({ sessionId: 'sess_other', clientSecret: 'x' })");
  expect(await ask()).toEqual({ sessionId: "sess_other", clientSecret: "x" });
  expect(await inBank(page, ({ asked }) => asked)).toEqual(["start", "refresh", "refresh", "refresh"]);
});

test("a frame that is moved on the page is connected again, with a secret of its own", async ({ page }) => {
  await mountReady(page);
  await page.evaluate("window.waiting = outcome(handle.submit()); 0");
  await settle(page);
  await page.evaluate(
    "document.body.append(document.createElement('main')); document.querySelector('main').append(document.querySelector('iframe'))",
  );
  await expect.poll(() => eventTypes(page)).toEqual(["ready", "ready"]);
  const frame = await findFrame(page);
  expect(await inFrame(frame, ({ link }) => link?.kind === "connected" && link.start.clientSecret)).toBe("secret_2");
  expect(await page.evaluate("window.waiting")).toMatchObject({ code: "interrupted" });
});

test("a frame that is reloaded by itself is connected again, and its address stays without the nonce", async ({
  page,
}) => {
  const frame = await mountReady(page);
  await frame.evaluate("location.reload()").catch(() => {});
  await expect.poll(() => eventTypes(page)).toEqual(["ready", "ready"]);
  expect(await inFrame(await findFrame(page), ({ location }) => location.href)).not.toContain("nonce");
});

test("a frame that is loaded again waits as long as the page may take for a secret", async ({ page }) => {
  await page.clock.install();
  const frame = await mountReady(page);
  await page.evaluate(`window.answer = () => new Promise((resolve) => setTimeout(resolve, 59_000, {
    sessionId: "sess_auto", clientSecret: "secret_2" }))`);
  await frame.evaluate("location.reload()").catch(() => {});
  await expect.poll(() => inBank(page, ({ asked }) => asked)).toEqual(["start", "refresh"]);
  for (const ms of [30_000, 29_000]) await page.clock.runFor(ms);
  await expect.poll(() => eventTypes(page)).toEqual(["ready", "ready"]);
});

test("a frame that is loaded twice while the page is slow with a secret still hears the page", async ({ page }) => {
  await mountReady(page);
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
    .poll(() => inFrame(frame, ({ received }) => received))
    .toEqual([{ type: "update", options: { locale: "ar" } }]);
});

test.for([
  ["throws", "throw new Error('the bank is closed')"],
  ["answers nothing", "return undefined"],
  ["answers an id that would change the address", "return { sessionId: '../admin', clientSecret: 'x' }"],
  ["answers an id with a space", "return { sessionId: 'a ../x?y#z', clientSecret: 'x' }"],
  ["answers no secret", "return { sessionId: 'sess_auto' }"],
  ["answers an empty secret", "return { sessionId: 'sess_auto', clientSecret: '' }"],
  ["answers a secret of 201 characters", "return { sessionId: 'sess_auto', clientSecret: 'x'.repeat(201) }"],
])("a page whose fetchSession %s is told, and no frame appears", async ([, body], { page }) => {
  await page.evaluate(`window.answer = () => { ${body} }; mount(); 0`);
  expect(await page.evaluate("outcome(handle.ready)")).toMatchObject({ code: "session-unavailable" });
  expect(await page.evaluate("outcome(handle.submit())")).toMatchObject({ code: "session-unavailable" });
  expect(await inBank(page, ({ events }) => events)).toMatchObject([{ type: "problem", code: "session-unavailable" }]);
  expect(await page.locator("iframe").count()).toBe(0);
});

test("a frame that does not answer within 20 s is a problem that the page hears of; a late one still works", async ({
  page,
}) => {
  await page.clock.install();
  const frame = await mountWaiting(page, "sess_manual");
  await page.clock.runFor(5_000);
  expect(await inBank(page, ({ events }) => events)).toEqual([]);
  await page.clock.runFor(20_000);
  const detail = "Nothing came from the frame: it is blocked, or its server is down.";
  const failure = { code: "frame-not-answering", detail };
  expect(await page.evaluate("outcome(handle.ready)")).toMatchObject(failure);
  expect(await inBank(page, ({ events }) => events)).toMatchObject([{ type: "problem", ...failure }]);
  await inFrame(frame, (designer) => designer.begin());
  await expect.poll(() => inBank(page, ({ events }) => events.at(-1)?.type)).toBe("ready");
});

test("React's StrictMode leaves one designer, and none after the component is gone", async ({ page, sites }) => {
  await openBank(page, `${sites.bankOrigin}/strict`);
  await expect.poll(() => inBank(page, ({ events }) => events.length)).toBe(1);
  expect(await page.locator("iframe").count()).toBe(1);
  expect(await inBank(page, ({ asked }) => asked)).toEqual(["start"]);
  await page.evaluate("window.later = []; render({ onEvent: (event) => later.push(event.type) })");
  await sendFromFrame(await findFrame(page), { type: "event", event: { eventId: "e1", type: "changed" } });
  await expect.poll(() => page.evaluate("later"), { message: "the last render's callback" }).toEqual(["changed"]);
  await inBank(page, (bank) => bank.unmount());
  await expect.poll(() => page.locator("iframe").count()).toBe(0);
});

test.for(["guide", "readme"])("the example in the %s works as it stands", async (place, { page, sites }) => {
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  await openBank(page, `${sites.bankOrigin}/${place}`);
  const frame = await findFrame(page);
  await expect.poll(() => inFrame(frame, ({ link }) => link?.kind)).toBe("connected");
  await sendFromFrame(frame, { type: "event", event: { eventId: "e1", type: "submitted", submissionId: "sub_1" } });
  await expect.poll(() => said).toContain("stored as sub_1");
});

test.for(["guide", "readme"])(
  "the example in the %s: where the script does not come the page says so, and its button begins anew",
  async (place, { page, sites }) => {
    const script = "**/embed/card-designer.js";
    await page.route(script, (route) => route.abort("blockedbyclient"));
    await page.goto(`${sites.bankOrigin}/${place}`);
    const note = page.getByRole("alert");
    await note.waitFor();
    await page.unroute(script);
    await note.getByRole("button", { name: "Try again" }).click();
    const frame = await findFrame(page);
    await expect.poll(() => inFrame(frame, ({ link }) => link?.kind)).toBe("connected");
    expect(await note.isVisible()).toBe(false);
  },
);

test("what the designer says is wrong before it is ready, `ready` says too", async ({ page }) => {
  const frame = await mountWaiting(page, "sess_silent");
  await inFrame(frame, (designer) => designer.begin());
  const problem = { code: "session-expired", detail: "The session has ended." };
  await sendFromFrame(frame, { type: "event", event: { eventId: "p", type: "problem", ...problem } });
  expect(await page.evaluate("outcome(handle.ready)")).toEqual(problem);
  expect(await eventTypes(page)).toEqual(["problem"]);
});

test("a designer that tries for long to reach its server says itself what is wrong, and nobody else does", async ({
  page,
}) => {
  await page.clock.install();
  const frame = await mountWaiting(page, "sess_silent");
  await inFrame(frame, (designer) => designer.begin());
  await page.clock.runFor(60_000);
  expect(await eventTypes(page)).toEqual([]);
  const problem = { code: "no-connection", detail: "There is no connection right now" };
  await sendFromFrame(frame, { type: "event", event: { eventId: "p", type: "problem", ...problem } });
  expect(await page.evaluate("outcome(handle.ready)")).toEqual(problem);
  await page.clock.runFor(60_000);
  expect(await eventTypes(page)).toEqual(["problem"]);
});

test("a designer that says hello and then nothing is given up", async ({ page }) => {
  await page.clock.install();
  const frame = await mountWaiting(page, "sess_silent");
  await inFrame(frame, (designer) => designer.begin());
  for (const ms of [60_000, 31_000]) await page.clock.runFor(ms);
  expect(await page.evaluate("outcome(handle.ready)")).toMatchObject({ code: "frame-not-answering" });
  expect(await eventTypes(page)).toEqual(["problem"]);
});

test("a second mount into the same place replaces the first", async ({ page }) => {
  await mountReady(page);
  await mountReady(page);
  expect(await page.locator("iframe").count()).toBe(1);
});

test("the designer opened by itself says that it is not framed", async ({ page, sites }) => {
  await page.goto(`${sites.designerOrigin}/frame/auto#nonce=0123456789abcdef`);
  await expect.poll(() => page.evaluate("window.link")).toEqual({ kind: "not-framed" });
});
