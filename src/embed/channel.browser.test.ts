import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { page } from "vitest/browser";
import { type DesignerEvent, isToFrame, type Scheme } from "#contracts/frame-messages.ts";
import { type RecordedMessage, visitV1, visitV1Later } from "#contracts/testing/recorded-visit.ts";
import { loadCardDesigner } from "./mount.ts";
import type { Handle, Options } from "./options.ts";

let place: HTMLElement;
let handle: Handle;

beforeEach(() => {
  place = document.body.appendChild(document.createElement("div"));
});
afterEach(async () => {
  await handle.destroy();
  place.remove();
  vi.unstubAllGlobals();
});

type Visit = readonly RecordedMessage[];

const saidByLoader = (visit: Visit) => visit.flatMap(({ message }) => (isToFrame(message) ? [message] : []));

/** Gives the designer what the recorded page gave, in the same order. */
function createFetchSession(visit: Visit): Options["fetchSession"] {
  const kinds = ["start", "refused", "session", "session-failed"];
  const answers = saidByLoader(visit)
    .filter(({ type }) => kinds.includes(type))
    .values();
  return async () => {
    const answer = answers.next().value;
    if (answer !== undefined && "clientSecret" in answer)
      return { sessionId: answer.sessionId, clientSecret: answer.clientSecret };
    if (answer !== undefined && "code" in answer && answer.code === "session-ended") return "over";
    throw new Error("no session");
  };
}

/** Says to the designer's questions what the recorded page said; one that was stopped is never answered. */
function createAnswer(visit: Visit) {
  const asked = visit.flatMap(({ message }) => (message.type === "ask" ? [message] : []));
  const stopped = new Set(asked.flatMap(({ id, what }) => (what === "nothing" ? [id] : [])));
  const questions = asked.filter(({ what }) => what !== "nothing").values();
  return async () => {
    const id = questions.next().value?.id;
    if (stopped.has(id)) return new Promise<never>(() => {});
    const answer = saidByLoader(visit).find((each) => each.type.startsWith("answer") && "id" in each && each.id === id);
    if (answer?.type === "answer-failed") throw new Error(answer.detail.replace(/^Error: /, ""));
    return (answer?.type === "answer" ? answer.answer : undefined) as never;
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

/** Plays the recorded frame to today's loader, and holds what that says to what the loader said then. */
async function replay(visit: Visit, others: Pick<Options, "beforeSubmit" | "pickImage"> = {}) {
  const events: DesignerEvent[] = [];
  const asked: Promise<unknown>[] = [];
  const first = saidByLoader(visit)[0];
  const given = first?.type === "start" ? (first.options as Pick<Options, "locale" | "theme" | "colorScheme">) : {};
  const onEvent = (event: DesignerEvent) => void events.push(event);
  const loaded = loadEmptyFrame();
  const designer = await loadCardDesigner({ origin: location.origin });
  let scheme: Scheme = "light";
  handle = designer.mount(place, { ...given, fetchSession: createFetchSession(visit), onEvent, ...others });
  const element = await loaded;
  const frame = playFrame(element);
  const nonce = new URL(element.src).hash.replace("#nonce=", "");
  let isTold = false;
  /** How the frame lies is told whenever that may have changed, in this window's own pixels. */
  const layouts: unknown[] = [];
  const isLayoutTold = visit.some(({ message }) => message.type === "full" || message.type === "inline");
  const takeNext = () => {
    if (!isLayoutTold) return frame.received;
    const rest = frame.received.splice(0);
    const isLayout = ({ message }: (typeof rest)[number]) => message.type === "full" || message.type === "inline";
    layouts.push(...rest.filter(isLayout).map(({ message }) => isToFrame(message) && message.type));
    frame.received.push(...rest.filter((each) => !isLayout(each)));
    return frame.received;
  };

  for (const { from, over, message: recorded } of visit) {
    const message = "nonce" in recorded ? { ...recorded, nonce } : recorded;
    if (from === "frame") {
      frame.post({ over, message });
      if (message.type === "event") await expect.poll(() => events.at(-1)).toEqual(message.event);
      // What the frame says when it is loaded again comes another way than through its port, and may overtake it.
      if (message.type === "submit-failed" || message.type === "submitted") await asked.at(-1);
      continue;
    }
    if (message.type === "full" || message.type === "inline") {
      await expect.poll(() => takeNext() && layouts.at(-1), { message: JSON.stringify(message) }).toBe(message.type);
      continue;
    }
    if (isToFrame(message)) {
      // The options are told with it. A designer that is loaded again learns the scheme by itself.
      if (message.type === "update" && !isTold) handle.update(message.options);
      isTold = message.type === "scheme" && message.scheme !== scheme;
      if (message.type === "scheme") ({ scheme } = message);
      if (isTold) handle.update({ colorScheme: scheme });
      if (message.type === "focus") handle.focus(message.edge);
      if (message.type === "submit") asked.push(handle.submit().catch(({ code }) => code));
      if (message.type === "close") asked.push(handle.close({ discard: message.discard }));
    }
    await expect.poll(() => takeNext().length, { message: JSON.stringify(message) }).toBeGreaterThan(0);
    expect(frame.received.shift()).toEqual({ over, message });
  }

  expect(takeNext()).toEqual([]);
  return { element, events, asked: await Promise.all(asked) };
}

it("says to the recorded frame of version 1 what the loader said then", async () => {
  const { element, asked } = await replay(visitV1);
  const receipt = { submissionId: "sub_0000000000000000000001", state: "stored" };
  expect(asked).toEqual(["photo-missing", receipt]);
  expect(element.style.height).toBe("744px");
});

it("says to the recorded frame of 30 November what the loader said then", async () => {
  await page.viewport(390, 664);
  // Not in a frame itself, where it would never lay the designer over the whole page.
  vi.stubGlobal("parent", window);
  vi.stubGlobal("reportError", vi.fn());
  const answer = createAnswer(visitV1Later);
  const { element, events, asked } = await replay(visitV1Later, { beforeSubmit: answer, pickImage: answer });
  const receipt = { submissionId: "sub_0000000000000000000001", state: "stored" };
  expect(asked).toEqual(["photo-missing", "not-sent", receipt, "closed"]);
  expect(events.at(-1)).toMatchObject({ type: "closed", outcome: "closed" });
  expect(element.isConnected).toBe(false);
});
