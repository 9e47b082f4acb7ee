import fc from "fast-check";
import type { CDPSession, Frame, Page } from "playwright";
import { expect } from "vitest";
import { frameProtocol, isToLoader } from "#contracts/frame-messages.ts";
import { eventTypes, findFrame, inBank, inFrame, mountWaiting, settle, test } from "./testing/visit.ts";

const anything = fc.anything({ maxDepth: 1, maxKeys: 3 });
const nonce = fc.oneof(fc.stringMatching(/^[0-9a-f]{32}$/), fc.constant(""), anything);
const protocol = fc.oneof(fc.constant(frameProtocol), fc.integer(), anything);
const handshake = fc.record(
  { fullbleed: fc.constantFrom("hello", "connect"), protocol, nonce, boot: fc.oneof(fc.uuid(), anything) },
  { requiredKeys: [] },
);
const portMessage = fc.record(
  {
    type: fc.constantFrom(
      "start",
      "event",
      "height",
      "top",
      "fetch-session",
      "ask",
      "title",
      "closed",
      "close",
      "answer",
      "phase",
      "submitted",
      "update",
      "session",
      "__proto__",
      "toString",
    ),
    id: fc.oneof(fc.constant(1), anything),
    heightPx: fc.oneof(fc.double(), anything),
    why: fc.constant("refresh"),
    what: fc.oneof(fc.constantFrom("beforeSubmit", "fetchSession", "onEvent", "__proto__"), anything),
    about: fc.oneof(fc.record({ productId: fc.string() }), anything),
    title: fc.oneof(fc.string(), anything),
    outcome: fc.oneof(fc.constantFrom("closed", "kept"), anything),
    discard: fc.oneof(fc.boolean(), anything),
    answer: anything,
    phase: fc.oneof(fc.constantFrom("first", "photo", "left"), anything),
    submissionId: fc.oneof(fc.string(), anything),
    event: fc.oneof(
      fc.record({ eventId: fc.string(), type: fc.constantFrom("ready", "nonsense", "constructor") }),
      anything,
    ),
    options: anything,
    sessionId: fc.string(),
    clientSecret: fc.string(),
    edge: anything,
  },
  { requiredKeys: ["type"] },
);

/** As text, since a test and a page speak JSON; what JSON cannot say is left out. */
function forge(arbitrary: fc.Arbitrary<unknown>, count: number): string {
  const messages = fc.sample(arbitrary, { numRuns: count, seed: 20_261_122 });
  return JSON.stringify(messages, (_key, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
}

/** Posts every message from the window in which it runs to `target`. */
function post(from: Page | Frame, target: string, messages: string, origin = "*"): Promise<void> {
  const send = `for (const message of JSON.parse(text)) ${target}.postMessage(message, ${JSON.stringify(origin)});`;
  return from.evaluate<void>(`{ const text = ${JSON.stringify(messages)}; ${send} }`);
}

const readNonce = (frame: Frame) => inFrame(frame, ({ location }) => location.hash.replace("#nonce=", ""));

const whatThePageKnows = (page: Page) =>
  inBank(page, ({ asked, events, document }) => [
    asked,
    events,
    [...document.querySelectorAll("iframe")].map((frame) => frame.style.height),
  ]);

test("ten thousand forged messages change nothing, whoever sends them, and the true handshake still works", async ({
  page,
  sites,
}) => {
  const frame = await mountWaiting(page, "sess_manual");
  const before = await whatThePageKnows(page);
  const trueNonce = await readNonce(frame);
  const stolen = JSON.stringify([{ fullbleed: "hello", protocol: frameProtocol, nonce: trueNonce, boot: "stolen" }]);
  await page.evaluate(`{ const other = document.createElement("iframe"); other.src = "${sites.designerOrigin}/frame/other";
    document.body.append(other); }`);
  const findSibling = () => page.frames().find((other) => other.url().endsWith("/frame/other"));
  await expect.poll(findSibling).toBeDefined();
  const sibling = findSibling() ?? page;
  await expect.poll(() => sibling.evaluate("typeof window.begin")).toBe("function");

  // From the page itself and from another frame of the designer's own origin: the wrong window, even with the true nonce.
  for (const [from, target] of [
    [page, "window"],
    [sibling, "parent"],
  ] as const) {
    await post(from, target, forge(fc.oneof(handshake, portMessage, anything), 3000));
    await post(from, target, stolen);
  }
  // From the right window and origin, with a wrong nonce or shape.
  await post(frame, "parent", forge(fc.oneof(handshake, portMessage, anything), 4000));
  await settle(page);
  expect((await whatThePageKnows(page)).slice(0, 2)).toEqual(before.slice(0, 2));

  await inFrame(frame, (designer) => designer.begin());
  await expect.poll(() => eventTypes(page)).toEqual(["ready"]);
  expect(await inBank(page, ({ asked }) => asked)).toEqual(["start"]);
});

test("ten thousand forged messages through the port change nothing that the frame may not change", async ({ page }) => {
  await page.evaluate(
    `window.questions = []; mount({ beforeSubmit: (about) => { questions.push(about); return false; } }).ready`,
  );
  const frame = await findFrame(page);
  const harmless = portMessage.filter(({ type }) => type !== "fetch-session" && type !== "height");
  const messages = forge(harmless, 10_000);
  const asks = JSON.parse(messages)
    .filter(isToLoader)
    .filter(({ type }: { type: string }) => type === "ask");
  await frame.evaluate(`for (const message of JSON.parse(${JSON.stringify(messages)})) link.send(message);
    link.send({ type: "event", event: { eventId: "the last", type: "changed" } })`);
  await expect.poll(() => inBank(page, (bank) => bank.events.at(-1)?.eventId)).toBe("the last");
  const events = await inBank(page, (bank) => bank.events);
  expect(new Set(events.map(({ type }) => type))).toEqual(new Set(["ready", "changed"]));
  expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(events.length);
  expect(await inBank(page, ({ asked, errors }) => [asked, errors])).toEqual([["start"], []]);
  expect(asks.length).toBeGreaterThan(0);
  expect(await page.evaluate("questions.length"), "asked as often as the frame has asked rightly").toBe(asks.length);
  expect(await page.locator("iframe").count()).toBe(1);
});

test("the frame believes nobody but its parent, at an allowed origin, with its nonce", async ({ page, sites }) => {
  const frame = await mountWaiting(page, "sess_manual");
  // The true loader must not answer, or there would be nothing left to forge.
  await page.evaluate(
    `window.addEventListener("message", (event) => event.stopImmediatePropagation(), { capture: true }); handle.destroy; 0`,
  );
  const trueNonce = await readNonce(frame);
  await page.evaluate(
    `handle.destroy(); { const again = document.createElement("iframe"); again.src = "${sites.designerOrigin}/frame/manual#nonce=${trueNonce}"; document.body.append(again); }`,
  );
  const again = await findFrame(page);
  await inFrame(again, (designer) => void designer.begin());
  const connect = { fullbleed: "connect", protocol: frameProtocol, nonce: trueNonce };
  const forged = [
    { ...connect, nonce: "0".repeat(32) },
    { ...connect, protocol: 99 },
    { ...connect, fullbleed: "hello" },
  ];
  await page.evaluate(`window.connect = (message) => { const { port1, port2 } = new MessageChannel();
    frames[0].postMessage(message, "*", [port2]);
    port1.postMessage({ type: "start", options: {}, sessionId: "forged", clientSecret: "forged" }); }; 0`);
  await page.evaluate(`for (const message of ${JSON.stringify(forged)}) connect(message)`);
  await again.evaluate(`{ const { port1, port2 } = new MessageChannel(); window.postMessage(${JSON.stringify(connect)}, "*", [port2]);
    port1.postMessage({ type: "start", options: {}, sessionId: "own", clientSecret: "own" }); }`);
  await post(page, "frames[0]", forge(fc.oneof(handshake, portMessage, anything), 5000));
  await settle(page);
  expect(await inFrame(again, ({ link }) => link ?? null)).toBe(null);
  await page.evaluate(`connect(${JSON.stringify(connect)})`);
  await expect.poll(() => inFrame(again, ({ link }) => link?.kind)).toBe("connected");
});

/** How many listeners there are on the page's window. */
async function countListeners(session: CDPSession): Promise<number> {
  const { result } = await session.send("Runtime.evaluate", { expression: "window" });
  const { listeners } = await session.send("DOMDebugger.getEventListeners", { objectId: result.objectId ?? "" });
  return listeners.length;
}

test("a hundred designers mounted and destroyed, at every stage of their lives, leave nothing behind", async ({
  page,
}) => {
  await page.evaluate(`{ const pending = window.pending = new Set(); const { setTimeout: set, clearTimeout: clear } = window;
    window.setTimeout = (run, ms, ...rest) => { const id = set(() => { pending.delete(id); run(...rest); }, ms); pending.add(id); return id; };
    window.clearTimeout = (id) => { pending.delete(id); clear(id); };
    const { close } = MessagePort.prototype; const Channel = MessageChannel; window.ports = 0;
    window.MessageChannel = function () { window.ports += 1; return new Channel(); };
    MessagePort.prototype.close = function () { window.ports -= 1; close.call(this); }; }`);
  const session = await page.context().newCDPSession(page);
  const before = await countListeners(session);
  await page.evaluate(`(async () => {
    for (let round = 0; round < 100; round += 1) {
      const handle = mount({ beforeSubmit: () => { window.onAsked(); return new Promise(() => {}); } });
      if (round % 4 === 1) await null;
      if (round % 4 === 2) await new Promise((resolve) => requestAnimationFrame(resolve));
      if (round % 4 === 3) {
        handle.submit().catch(() => {}); await handle.ready;
        const asked = new Promise((resolve) => { window.onAsked = resolve; });
        document.querySelector("iframe").contentWindow.postMessage("ask", "*"); await asked;
        void handle.close();
      }
      await handle.destroy(); await handle.destroy();
    }
  })()`);
  await settle(page);
  expect(await page.locator("iframe").count()).toBe(0);
  expect(await countListeners(session)).toBe(before);
  expect(await page.evaluate("[window.pending.size, window.ports]")).toEqual([0, 0]);
  expect(await inBank(page, ({ errors }) => errors)).toEqual([]);
  await inBank(page, (bank) => bank.mount().ready);
});
