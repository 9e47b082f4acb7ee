import { afterEach, beforeEach, expect, it } from "vitest";
import { type DesignerEvent, isToFrame } from "#contracts/frame-messages.ts";
import { type RecordedMessage, visitV1 } from "#contracts/testing/recorded-visit.ts";
import { loadCardDesigner } from "./mount.ts";
import type { Handle } from "./options.ts";

let place: HTMLElement;
let handle: Handle;

beforeEach(() => {
  place = document.body.appendChild(document.createElement("div"));
});
afterEach(async () => {
  await handle.destroy();
  place.remove();
});

const saidByLoader = visitV1.flatMap(({ message }) => (isToFrame(message) ? [message] : []));

/** Gives the designer what the recorded page gave, in the same order. */
function createFetchSession() {
  const answers = saidByLoader.filter(({ type }) => ["start", "session", "session-failed"].includes(type)).values();
  return async () => {
    const answer = answers.next().value;
    if (answer === undefined || !("clientSecret" in answer)) throw new Error("no session");
    return { sessionId: answer.sessionId, clientSecret: answer.clientSecret };
  };
}

/** The loader's frame, as soon as it is loaded: an empty page of our own origin, where the server has the designer itself. */
function loadEmptyFrame(): Promise<HTMLIFrameElement> {
  const { promise, resolve } = Promise.withResolvers<HTMLIFrameElement>();
  place.append = (frame) => {
    if (!(frame instanceof HTMLIFrameElement)) return;
    frame.srcdoc = "<!doctype html>";
    frame.addEventListener("load", () => resolve(frame), { once: true });
    place.appendChild(frame);
  };
  return promise;
}

/** The frame's end, played by the test: `post` speaks as a script of the frame would, `received` is what it is told. */
function playFrame(element: HTMLIFrameElement) {
  const frame = element.contentWindow as Window & typeof globalThis;
  const received: Omit<RecordedMessage, "from">[] = [];
  let port: MessagePort | undefined;
  frame.addEventListener("message", ({ data, ports }) => {
    received.push({ over: "window", message: data });
    [port] = ports;
    port?.addEventListener("message", (event) => received.push({ over: "port", message: event.data }));
    port?.start();
  });
  // A function of the frame's own makes the frame the source of what it posts.
  const postToParent = new frame.Function("message", "origin", "parent.postMessage(message, origin)");
  return {
    received,
    post: ({ over, message }: Omit<RecordedMessage, "from">) =>
      over === "window" ? postToParent(message, location.origin) : port?.postMessage(message),
  };
}

it("a page that wants to be asked before a design is sent refuses a frame that does not ask", async () => {
  const loaded = loadEmptyFrame();
  const designer = await loadCardDesigner({ origin: location.origin });
  const session = { sessionId: "sess_old", clientSecret: "secret" };
  handle = designer.mount(place, { fetchSession: async () => session, beforeSubmit: () => false });
  const element = await loaded;
  const frame = playFrame(element);
  const hello = visitV1.find(({ message }) => message.fullbleed === "hello")?.message;
  frame.post({ over: "window", message: { ...hello, nonce: new URL(element.src).hash.replace("#nonce=", "") } });
  await expect(handle.ready).rejects.toMatchObject({ code: "protocol-mismatch" });
  const refused = { type: "refused", code: "protocol-mismatch", options: { beforeSubmit: true } };
  await expect.poll(() => frame.received.at(-1)).toEqual({ over: "port", message: refused });
});

it("says to the recorded frame of version 1 what the loader said then", async () => {
  const events: DesignerEvent[] = [];
  const submits: Promise<unknown>[] = [];
  const { locale = "", theme = {} } = saidByLoader[0]?.type === "start" ? saidByLoader[0].options : {};
  const onEvent = (event: DesignerEvent) => void events.push(event);
  const loaded = loadEmptyFrame();
  const designer = await loadCardDesigner({ origin: location.origin });
  handle = designer.mount(place, { locale, theme, fetchSession: createFetchSession(), onEvent });
  const element = await loaded;
  const frame = playFrame(element);
  const nonce = new URL(element.src).hash.replace("#nonce=", "");

  for (const { from, over, message: recorded } of visitV1) {
    const message = "nonce" in recorded ? { ...recorded, nonce } : recorded;
    if (from === "frame") {
      frame.post({ over, message });
      if (message.type === "event") await expect.poll(() => events.at(-1)).toEqual(message.event);
      continue;
    }
    if (isToFrame(message)) {
      if (message.type === "update") handle.update(message.options);
      if (message.type === "focus") handle.focus(message.edge);
      if (message.type === "submit") submits.push(handle.submit().catch(({ code }) => code));
    }
    await expect.poll(() => frame.received.length, { message: JSON.stringify(message) }).toBeGreaterThan(0);
    expect(frame.received.shift()).toEqual({ over, message });
  }

  expect(frame.received).toEqual([]);
  const receipt = { submissionId: "sub_0000000000000000000001", state: "stored" };
  expect(await Promise.all(submits)).toEqual(["photo-missing", receipt]);
  expect(element.style.height).toBe("744px");
});
