import { expect } from "vitest";
import {
  eventTypes,
  findFrame,
  inBank,
  inFrame,
  mountReady,
  mountWaiting,
  sendFromFrame,
  settle,
  test,
} from "./testing/visit.ts";

test.for([
  ["throws", "throw new Error('the bank is closed')", "fetchSession: Error: the bank is closed"],
  ["answers null", "return null", "fetchSession: Error: It answered null."],
  ["answers nothing", "return undefined", "fetchSession: Error: It answered undefined."],
  ["answers no secret", "return { sessionId: 's' }", "fetchSession: Error: It answered no sessionId, clientSecret."],
])("a page whose fetchSession %s is told just that", async ([, body, detail], { page }) => {
  await page.evaluate(`window.answer = () => { ${body} }; mount(); 0`);
  expect(await page.evaluate("outcome(handle.ready)")).toEqual({ code: "session-unavailable", detail });
});

test("a page whose fetchSession is slow is told so after a minute, and no timer is left of one that is destroyed", async ({
  page,
}) => {
  await page.clock.install();
  await page.evaluate("window.answer = () => new Promise(() => {}); mount(); 0");
  await expect.poll(() => inBank(page, ({ asked }) => asked)).toEqual(["start"]);
  await page.clock.runFor(61_000);
  const detail = "fetchSession: Error: No answer.";
  expect(await page.evaluate("outcome(handle.ready)")).toEqual({ code: "session-unavailable", detail });
  await page.evaluate(`window.timers = new Set(); const { setTimeout: start, clearTimeout: stop } = window;
    window.setTimeout = (...all) => { const timer = start(...all); timers.add(timer); return timer; };
    window.clearTimeout = (timer) => { timers.delete(timer); stop(timer); }; mount(); 0`);
  await expect.poll(() => inBank(page, ({ asked }) => asked)).toEqual(["start", "start"]);
  expect(await page.evaluate("timers.size")).toBe(1);
  await inBank(page, ({ handle }) => handle.destroy());
  await expect.poll(() => page.evaluate("timers.size")).toBe(0);
});

test("of a question that the page has answered no listener is left", async ({ page }) => {
  await page.evaluate(`window.heard = []; { const its = AbortSignal.prototype.addEventListener;
    AbortSignal.prototype.addEventListener = function (type, run, given) {
      heard.push(given?.signal);
      return its.call(this, type, run, given);
    }; } 0`);
  const frame = await mountReady(page);
  const left = "heard.filter((signal) => !signal?.aborted).length";
  const before = await page.evaluate(left);
  for (const id of [1, 2, 3]) await sendFromFrame(frame, { type: "fetch-session", id, why: "refresh" });
  const asked = ["start", "refresh", "refresh", "refresh"];
  await expect.poll(() => inBank(page, (bank) => bank.asked)).toEqual(asked);
  expect(await page.evaluate("heard.length"), "each has had one").toBeGreaterThanOrEqual(Number(before) + 3);
  await expect.poll(() => page.evaluate(left), { timeout: 5_000 }).toBe(before);
});

test("a page that says the visit is over is told so by a code of its own", async ({ page }) => {
  await page.evaluate(`window.answer = () => "over"; mount(); 0`);
  expect(await page.evaluate("outcome(handle.ready)")).toEqual({
    code: "session-ended",
    detail: 'fetchSession: Error: It answered "over".',
  });
});

test("a frame that could not start and is loaded again is waited for anew", async ({ page }) => {
  const frame = await mountWaiting(page, "sess_silent");
  await inFrame(frame, (designer) => designer.begin());
  const problem = { type: "problem" as const, eventId: "p", code: "no-connection", detail: "No connection." };
  await sendFromFrame(frame, { type: "event", event: problem });
  expect(await page.evaluate("outcome(handle.ready)")).toMatchObject({ code: "no-connection" });
  await frame.evaluate("location.reload()");
  const again = await findFrame(page);
  await expect.poll(() => again.evaluate("typeof window.begin")).toBe("function");
  await inFrame(again, (designer) => designer.begin());
  await expect.poll(() => inBank(page, ({ asked }) => asked)).toEqual(["start", "refresh"]);
  await expect.poll(() => inFrame(again, ({ link }) => link?.kind)).toBe("connected");
  await sendFromFrame(again, { type: "event", event: { type: "ready", eventId: "r" } });
  await expect.poll(() => eventTypes(page)).toEqual(["problem", "ready"]);
  expect(await page.evaluate("outcome(handle.ready)")).toEqual({ value: undefined });
});

test("a page that says the visit is over while the designer runs: the frame is told so, not that there is no answer", async ({
  page,
}) => {
  const frame = await mountReady(page);
  await frame.evaluate(`window.over = 0; link.onOver(() => { window.over += 1; });
    window.ask = () => link.fetchSession().then(({ clientSecret }) => clientSecret, ({ code, message }) => code ?? message); 0`);
  await page.evaluate(`window.answer = () => "over"; 0`);
  expect(await frame.evaluate("ask()")).toBe("session-expired");
  expect(await frame.evaluate("ask()")).toBe("session-expired");
  await page.evaluate("window.answer = () => null; 0");
  expect(await frame.evaluate("ask()")).toBe("no answer");
  expect(await frame.evaluate("over"), "said once").toBe(1);
  await page.evaluate(`window.answer = () => ({ sessionId: "sess_auto", clientSecret: "new" }); 0`);
  expect(await frame.evaluate("ask()")).toBe("new");
  await page.evaluate(`window.answer = () => "over"; 0`);
  expect(await frame.evaluate("ask()")).toBe("session-expired");
  expect(await frame.evaluate("over"), "and again after a login").toBe(2);
});

test.for(["null", "'#mount'", "{}"])("mount(%s) says at once that it needs an element", async (place, { page }) => {
  const said = await page.evaluate(
    `try { designer.mount(${place}, options); "nothing" } catch ({ code, detail }) { ({ code, detail }) }`,
  );
  expect(said).toEqual({ code: "place-missing", detail: "mount needs an element." });
  expect(await inBank(page, ({ asked }) => asked)).toEqual([]);
});

test("what the page has put into the place for a failed start is shown then, and its button starts anew", async ({
  page,
}) => {
  await page.evaluate(`const note = document.createElement("p");
    note.dataset.failed = ""; note.role = "alert"; note.hidden = true;
    note.append("It did not open.", document.createElement("button"));
    // As an icon of the page's: it is what is pressed.
    note.lastChild.append(Object.assign(document.createElement("span"), { innerText: "Again" }));
    document.querySelector("#mount").append(note);
    window.answer = () => null; mount(); 0`);
  const note = page.getByRole("alert");
  await note.waitFor();
  await note.getByText("It did not open.").click();
  await page.evaluate("window.first = outcome(handle.ready); 0");
  await note.getByText("Again").click();
  await expect.poll(() => inBank(page, ({ asked }) => asked)).toEqual(["start", "start"]);
  await note.waitFor();
  expect(await page.evaluate("outcome(handle.ready)")).toMatchObject({ code: "session-unavailable" });
  await page.evaluate(`window.answer = () => ({ sessionId: "sess_auto", clientSecret: "secret" }); 0`);
  await note.getByRole("button").click();
  await expect.poll(() => eventTypes(page)).toEqual(["problem", "problem", "ready"]);
  await note.waitFor({ state: "hidden" });
  expect(await page.evaluate("document.activeElement.tagName")).toBe("IFRAME");
  expect(await page.evaluate("first"), "which has been said").toMatchObject({ code: "session-unavailable" });
  expect(await page.evaluate("outcome(handle.ready)"), "of the start that went well").toEqual({ value: undefined });
  await page.evaluate("window.early = outcome(handle.submit()); 0");
  const frame = await findFrame(page);
  await expect.poll(() => inFrame(frame, ({ received }) => received)).toEqual([{ type: "submit", id: 1 }]);
  await inBank(page, ({ handle }) => handle.destroy());
  expect(await page.locator("iframe").count()).toBe(0);
  await page.evaluate(`document.querySelector("[data-failed]").hidden = false; 0`);
  await note.getByRole("button").click();
  await settle(page);
  expect(await inBank(page, ({ asked }) => asked), "which starts nothing that was destroyed").toHaveLength(3);
  expect(await page.locator("iframe").count()).toBe(0);
});

test("what the page has for a failed start is shown while the frame says nothing, and gone when it does", async ({
  page,
}) => {
  await page.clock.install();
  await page.evaluate(`const note = document.createElement("p"); note.dataset.failed = ""; note.role = "alert";
    note.hidden = true; note.append("It did not open."); document.querySelector("#mount").append(note)`);
  const frame = await mountWaiting(page, "sess_manual");
  const note = page.getByText("It did not open.");
  expect(await note.isVisible()).toBe(false);
  await page.clock.runFor(25_000);
  await expect.poll(() => note.isVisible()).toBe(true);
  await inFrame(frame, (designer) => designer.begin());
  await expect.poll(() => note.isVisible()).toBe(false);
});
