import {
  type CloseOutcome,
  type FrameHello,
  frameProtocol,
  isFrameHello,
  type LoaderConnect,
} from "#contracts/frame-messages.ts";
import type { SessionCredentials } from "#contracts/session.ts";
import { type Channel, createChannel, createNonce, readyTimeoutMs } from "./channel.ts";
import { createFrame } from "./frame.ts";
import { createFrameLayout, watchWindow } from "./layout.ts";
import {
  type CardDesigner,
  CardDesignerError,
  type Handle,
  type LoadOptions,
  type Options,
  plainOptions,
} from "./options.ts";
import { requestSession } from "./requests.ts";
import { createFrameScheme } from "./scheme.ts";

/** A frame that is loaded again more often than this is in a loop. */
const maxBoots = 50;

const mounted = new WeakMap<HTMLElement, Handle>();

/**
 * The card designer served at `origin`.
 * Rejects with `origin-unknown` when neither the caller nor the script's own address says where the designer is.
 */
export async function loadCardDesigner({ origin }: LoadOptions = {}): Promise<CardDesigner> {
  if (!origin) throw new CardDesignerError("origin-unknown", "Say where the designer is served: { origin }.");
  const designerOrigin = new URL(origin).origin;
  return {
    mount(element, options) {
      void mounted.get(element)?.destroy();
      const handle = mountDesigner(element, options, designerOrigin);
      mounted.set(element, handle);
      return handle;
    },
  };
}

/** Throws when this page and that frame cannot work together. */
function checkHello({ protocol, lacks }: FrameHello): void {
  const missing = lacks ?? ("MessageChannel" in window ? "" : "This browser lacks MessageChannel.");
  if (missing) throw new CardDesignerError("browser-unsupported", missing);
  if (protocol !== frameProtocol)
    throw new CardDesignerError("protocol-mismatch", "The designer is of another version.");
}

function toError(error: unknown): CardDesignerError {
  return error instanceof CardDesignerError ? error : new CardDesignerError("not-started", String(error));
}

/** Calls `onResize` also for what is put above the frame, which moves it, and when it is taken off the page. */
function watchSizes(frame: HTMLElement, signal: AbortSignal, onResize: () => void): void {
  const observer = new ResizeObserver(onResize);
  observer.observe(frame);
  observer.observe(document.body);
  signal.addEventListener("abort", () => observer.disconnect());
}

/**
 * Calls `onHello` for each load of the frame in which the designer says hello from the right window and origin with the right nonce;
 * everything else that is posted to this window is ignored. Calls `onSilence` for each load that has not said hello: another page
 * in the designer's place, or a designer that is slow.
 */
function listenForHello(
  frame: HTMLIFrameElement,
  origin: string,
  nonce: string,
  signal: AbortSignal,
  onHello: (hello: FrameHello, isTooOften: boolean) => void,
  onSilence: () => void,
): void {
  const boots = new Set<string>();
  // Hello and the browser's own event for the same load come in either order.
  let isAhead: "hello" | "load" | undefined;
  const onMessage = ({ source, origin: sender, data }: MessageEvent<unknown>): void => {
    if (!source || source !== frame.contentWindow || sender !== origin) return;
    if (!isFrameHello(data) || data.nonce !== nonce || boots.has(data.boot)) return;
    const isTooOften = boots.size === maxBoots;
    if (!isTooOften) boots.add(data.boot);
    isAhead = isAhead === "load" ? undefined : "hello";
    onHello(data, isTooOften);
  };
  const onLoad = (): void => {
    const isGreeted = isAhead === "hello";
    isAhead = isGreeted ? undefined : "load";
    if (!isGreeted) onSilence();
  };
  addEventListener("message", onMessage, { signal });
  frame.addEventListener("load", onLoad, { signal });
}

/** Answers the frame's hello: gives it one end of a new message channel and returns the other. */
function connectFrame(frame: HTMLIFrameElement, origin: string, { nonce, protocol }: FrameHello): MessagePort {
  const { port1, port2 } = new MessageChannel();
  const connect: LoaderConnect = { fullbleed: "connect", protocol, nonce };
  frame.contentWindow?.postMessage(connect, origin, [port2]);
  return port1;
}

/** Puts a frame for `session` into `element`, and connects it each time that the designer is loaded into it. */
function showFrame(
  element: HTMLElement,
  session: SessionCredentials,
  options: Options,
  origin: string,
  channel: Channel,
  signal: AbortSignal,
) {
  const nonce = createNonce();
  const frame = createFrame(`${origin}/frame/${session.sessionId}#nonce=${nonce}`, options.title);
  const scheme = createFrameScheme(frame, element, options, channel.tell);
  const layout = createFrameLayout(frame, options, channel.send);
  let unused: SessionCredentials | undefined = session;
  let latestBoot = "";

  const greet = async (hello: FrameHello, isTooOften: boolean): Promise<void> => {
    const { boot } = hello;
    // While the page fetched a secret, the frame may have been loaded once more: that load gets a port of its own.
    const isOver = (): boolean => signal.aborted || boot !== latestBoot;
    latestBoot = boot;
    scheme.setPage("designer");
    channel.interrupt();
    layout.reset();
    try {
      checkHello(hello);
      if (isTooOften) throw new CardDesignerError("loaded-too-often", "The designer was loaded too often.");
      const credentials = unused ?? (await requestSession(options, "refresh", session.sessionId));
      unused = undefined;
      if (isOver()) return;
      const start = { type: "start", options: plainOptions(options), ...credentials } as const;
      channel.open(connectFrame(frame, origin, hello), start);
      channel.ready.wait(readyTimeoutMs);
      scheme.tellAgain();
    } catch (cause) {
      if (isOver()) return;
      const error = toError(cause);
      const { code } = error;
      channel.fail(error);
      // That frame has said so itself, and there may be nothing to answer it with.
      if (code === "browser-unsupported") return;
      channel.open(connectFrame(frame, origin, hello), { type: "refused", code, options: plainOptions(options) });
    }
  };
  const onSilence = (): void => {
    scheme.setPage("other");
    layout.reset();
    channel.ready.wait();
  };
  listenForHello(frame, origin, nonce, signal, (hello, isTooOften) => void greet(hello, isTooOften), onSilence);
  watchSizes(frame, signal, () => {
    scheme.onResize();
    layout.decide();
  });
  watchWindow(signal, layout.decide);
  signal.addEventListener("abort", () => {
    layout.reset();
    frame.remove();
  });
  channel.ready.wait();
  element.append(frame);
  return { frame, scheme, layout };
}

/**
 * Puts the designer that is served at `origin` into `element`.
 * Everything it leaves on the page (frame, listener, port, timers) goes with `destroy`.
 */
function mountDesigner(element: HTMLElement, given: Options, origin: string): Handle {
  const lifetime = new AbortController();
  const { signal } = lifetime;
  const options = { ...given };
  const channel = createChannel(options, (message) => shown?.layout.hear(message));
  let shown: ReturnType<typeof showFrame> | undefined;

  const start = async (): Promise<void> => {
    try {
      // A page that mounts and destroys in one breath, as React's StrictMode does, asks for no session.
      await Promise.resolve();
      if (signal.aborted) return;
      const session = await requestSession(options, "start");
      if (!signal.aborted) shown = showFrame(element, session, options, origin, channel, signal);
    } catch (error) {
      if (!signal.aborted) channel.fail(toError(error));
    }
  };
  void start();

  const destroy = async (): Promise<void> => {
    lifetime.abort();
    channel.close(new CardDesignerError("destroyed", "The designer was destroyed."));
  };
  const leave = async (discard: boolean): Promise<CloseOutcome> => {
    const outcome = await channel.leave(discard);
    void destroy();
    channel.say({ type: "closed", outcome });
    return outcome;
  };
  let leaving: Promise<CloseOutcome> | undefined;

  return {
    ready: channel.ready.promise,
    update: (changes) => {
      Object.assign(options, changes);
      shown?.scheme.check();
      shown?.layout.decide();
      channel.tell({ type: "update", options: plainOptions(options) });
    },
    focus: (edge = "first") => {
      shown?.frame.focus();
      channel.send({ type: "focus", edge });
    },
    submit: channel.submit,
    close: ({ discard = false } = {}) => {
      leaving ??= leave(discard);
      return leaving;
    },
    destroy,
  };
}
