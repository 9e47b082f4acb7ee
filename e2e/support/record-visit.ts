import type { Page } from "@playwright/test";
import { isFrameHello, isLoaderConnect, isToFrame, isToLoader } from "#contracts/frame-messages.ts";
import type { RecordedMessage } from "#contracts/testing/recorded-visit.ts";

/** Put into every window before anything else: takes down what arrives at it, and at both ends of its message channels. */
function takeDown(): void {
  const { takeDownMessage } = window as unknown as { takeDownMessage(over: string, text: string): void };
  const listen = (port: MessagePort): void =>
    port.addEventListener("message", ({ data }) => takeDownMessage("port", JSON.stringify(data)));
  addEventListener("message", ({ data, ports }) => {
    takeDownMessage("window", JSON.stringify(data));
    for (const port of ports) listen(port);
  });
  const { MessageChannel: Channel } = window;
  window.MessageChannel = class extends Channel {
    constructor() {
      super();
      listen(this.port1);
    }
  };
}

/** What is another in every visit, and how long it is. */
const changing: Readonly<Record<string, RegExp>> = {
  nonce: /^.+$/,
  boot: /^.+$/,
  eventId: /^.+$/,
  sessionId: /(?<=^ses_).+$/,
  clientSecret: /(?<=^cs_).+$/,
  submissionId: /(?<=^sub_).+$/,
  pictureSha256: /^.+$/,
};

/** Replaces what changes by the how manieth of its kind it is, of the same length. */
function createReplacer() {
  const known = new Map<string, string>();
  const counts: Record<string, number> = {};
  return (key: string, value: unknown): unknown => {
    const form = changing[key];
    if (form === undefined || typeof value !== "string") return value;
    const name = `${key} ${value}`;
    if (!known.has(name)) {
      counts[key] = (counts[key] ?? 0) + 1;
      known.set(
        name,
        value.replace(form, (id) => String(counts[key]).padStart(Math.min(id.length, 64), "0")),
      );
    }
    return known.get(name);
  };
}

/**
 * Takes down, from the next page on, every message between the loader and the designer's frame, where it arrives; gives what there is so
 * far, without ids and secrets. Files are left out, and a hello that is only said again.
 */
export async function recordVisit(page: Page): Promise<() => readonly RecordedMessage[]> {
  const visit: RecordedMessage[] = [];
  const said = new Set<string>();
  const replace = createReplacer();
  const note = (over: "window" | "port", text: string): void => {
    const message = JSON.parse(text, replace) as RecordedMessage["message"];
    const isHello = isFrameHello(message);
    const isOfFrame = over === "window" ? isHello : isToLoader(message);
    const isOfLoader = over === "window" ? isLoaderConnect(message) : isToFrame(message);
    if (isOfFrame === isOfLoader || (isHello && said.has(message.boot))) return;
    if (isHello) said.add(message.boot);
    visit.push({ from: isOfFrame ? "frame" : "loader", over, message });
  };
  await page.exposeBinding("takeDownMessage", (_source, over: "window" | "port", text: string) => note(over, text));
  await page.addInitScript(takeDown);
  return () => visit;
}
