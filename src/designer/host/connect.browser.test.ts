import { afterEach, beforeEach, expect, it } from "vitest";
import { isToLoader } from "#contracts/frame-messages.ts";
import { type RecordedMessage, visitV1 } from "#contracts/testing/recorded-visit.ts";
import { connectToHost, type HostFailure } from "./connect.ts";
import type { HostLink, HostMessage } from "./host-link.ts";

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

it("says to the recorded page of version 1 what the frame said then", async () => {
  frame.location.hash = `nonce=${String(visitV1[0]?.message.nonce)}`;
  const page = playPage();
  const requests: HostMessage[] = [];
  let connecting: Promise<HostLink | HostFailure> | undefined;
  let link: HostLink | undefined;
  let session: Promise<unknown> | undefined;
  let stopReporting: (() => void) | undefined;

  for (const recorded of visitV1) {
    const { from, over, message } = recorded;
    if (from === "loader") {
      page.post(recorded);
      if (message.type === "start") {
        const connected = await connecting;
        expect(connected).toMatchObject({ kind: "connected", start: message });
        link = connected as HostLink;
        link.onMessage((each) => requests.push(each));
      } else if (message.type === "session") expect(message).toMatchObject((await session) as object);
      else if (message.type === "session-failed") expect(await session).toBe("no answer");
      else if (over === "port") {
        await expect.poll(() => requests.length, { message: JSON.stringify(message) }).toBeGreaterThan(0);
        expect(requests.shift()).toEqual(message);
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
    else if (isToLoader(message)) link?.send(message);
    await expect.poll(() => page.received.length, { message: JSON.stringify(message) }).toBeGreaterThan(0);
    expect(page.received.shift()).toEqual(
      // What has been added since, it never asked for.
      "boot" in message ? { ...message, boot: expect.any(String), asks: true } : message,
    );
  }
  stopReporting?.();
  expect([page.received, requests]).toEqual([[], []]);
});
