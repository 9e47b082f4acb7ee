import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { isToLoader, type PickRequest } from "#contracts/frame-messages.ts";
import { Problem } from "#contracts/problem.ts";
import { type RecordedMessage, visitV1, visitV1Later } from "#contracts/testing/recorded-visit.ts";
import { connectToHost, type HostFailure } from "./connect.ts";
import type { HostLink } from "./host-link.ts";

let frame: Window;
let content: HTMLElement;
let ended: AbortController;

beforeEach(async () => {
  ended = new AbortController();
  content = document.body.appendChild(document.createElement("div"));
  const element = document.createElement("iframe");
  element.srcdoc = `<meta name="fullbleed-origins" content="${location.origin}">`;
  const loaded = new Promise((resolve) => element.addEventListener("load", resolve, { once: true }));
  document.body.append(element);
  await loaded;
  frame = element.contentWindow as Window;
});
afterEach(() => {
  ended.abort();
  document.body.replaceChildren();
});

/** The page's end, played by the test: `received` is what the frame says to it. */
function playPage() {
  const received: RecordedMessage["message"][] = [];
  const boots = new Set<unknown>();
  let port: MessagePort | undefined;
  const keepHello = ({ data }: MessageEvent) => {
    // The same hello comes again until it is answered.
    if (data.fullbleed === "hello" && !boots.has(data.boot)) received.push(data);
    boots.add(data.boot);
  };
  window.addEventListener("message", keepHello, { signal: ended.signal });
  return {
    received,
    post: ({ over, message }: RecordedMessage) => {
      if (over === "port") return port?.postMessage(message);
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener("message", ({ data }) => received.push(data));
      port1.start();
      port = port1;
      frame.postMessage(message, location.origin, [port2]);
    },
  };
}

/** Without the options that are the loader's own business. */
function asTaken<Message extends RecordedMessage["message"]>(message: Message): Message {
  const { colorScheme: _, ...options } = (message["options"] ?? {}) as Readonly<Record<string, unknown>>;
  return "options" in message ? { ...message, options } : message;
}

it.each([
  ["version 1", visitV1],
  ["30 November", visitV1Later],
])("says to the recorded page of %s what the frame said then", async (_name, visit) => {
  frame.location.hash = `nonce=${String(visit[0]?.message.nonce)}`;
  const page = playPage();
  const requests: unknown[] = [];
  const questions = new Map<unknown, { readonly controller: AbortController; readonly answer: Promise<unknown> }>();
  let connecting: Promise<HostLink | HostFailure> | undefined;
  let link: HostLink | undefined;
  let session: Promise<unknown> | undefined;
  let stopReporting: (() => void) | undefined;

  for (const recorded of visit) {
    const { from, over, message } = recorded;
    if (from === "loader") {
      page.post(recorded);
      if (message.type === "start") {
        const connected = await connecting;
        expect(connected).toMatchObject({ kind: "connected", start: asTaken(message) });
        link = connected as HostLink;
        link.onMessage((each) => requests.push(each));
        link.onScheme((scheme) => requests.push({ type: "scheme", scheme }));
        link.onLayout((news) => requests.push(news));
      } else if (message.type === "refused") {
        expect(await connecting).toEqual({ kind: "refused", options: asTaken(message).options });
      } else if (message.type === "session") expect(message).toMatchObject((await session) as object);
      else if (message.type === "session-failed") {
        expect(await session).toBe(message.code === undefined ? "no answer" : new Problem("session-expired").message);
      } else if (message.type === "answer" || message.type === "answer-failed") {
        const { controller, answer } = questions.get(message.id) ?? {};
        // What was stopped has no answer for whoever asked.
        if (controller?.signal.aborted === false)
          expect(await answer).toEqual(message.answer ?? message.detail ?? null);
      } else if (over === "port") {
        await expect.poll(() => requests.length, { message: JSON.stringify(message) }).toBeGreaterThan(0);
        expect(requests.shift()).toEqual(asTaken(message));
      }
      continue;
    }
    if (message.fullbleed === "hello") {
      stopReporting?.();
      stopReporting = undefined;
      connecting = connectToHost(frame);
    } else if (message.type === "height") {
      content.style.height = `${Number(message.heightPx)}px`;
      stopReporting ??= link?.reportHeight(content);
    } else if (message.type === "fetch-session") session = link?.fetchSession().catch((error: Error) => error.message);
    else if (message.what === "nothing") questions.get(message.id)?.controller.abort("stopped");
    else if (message.type === "ask") {
      const controller = new AbortController();
      const draw = vi.spyOn(crypto, "getRandomValues").mockReturnValueOnce(Uint32Array.of(Number(message.id)));
      const asked = link?.ask(message.what as "pickImage", message.about as PickRequest, controller.signal);
      draw.mockRestore();
      const answer = Promise.resolve(asked).catch((error: unknown) => (error instanceof Error ? error.message : error));
      questions.set(message.id, { controller, answer });
    } else if (isToLoader(message)) link?.send(message);
    await expect.poll(() => page.received.length, { message: JSON.stringify(message) }).toBeGreaterThan(0);
    expect(page.received.shift()).toEqual(
      // What has been added since, the first never asked for.
      "boot" in message ? { ...message, boot: expect.any(String), asks: true } : message,
    );
  }
  stopReporting?.();
  expect([page.received, requests]).toEqual([[], []]);
});
