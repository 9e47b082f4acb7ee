import { type FrameHello, frameProtocol, isFrameHello, type LoaderConnect } from "#contracts/frame-messages.ts";
import type { SessionCredentials } from "#contracts/session.ts";
import { type Channel, createChannel, createNonce, type First } from "./channel.ts";
import { createFrame } from "./frame.ts";
import { createFrameLayout } from "./layout.ts";
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

/**
 * Puts a frame for `session` into `element` and connects it each time that the designer is loaded into it and says hello from the
 * right window and origin with the right nonce. Everything else that is posted to this window is ignored.
 */
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
  const layout = createFrameLayout(frame, options, channel.send, signal);
  const boots = new Set<string>();
  let unused: SessionCredentials | undefined = session;
  // Hello and the browser's own event for the same load come in either order.
  let isAhead: "hello" | "load" | undefined;
  let latestBoot = "";

  /** Gives the frame one end of a new message channel, and says through the other what comes first. */
  const answer = (protocol: number, first: First): void => {
    const { port1, port2 } = new MessageChannel();
    const connect: LoaderConnect = { fullbleed: "connect", protocol, nonce };
    frame.contentWindow?.postMessage(connect, origin, [port2]);
    channel.open(port1, first);
  };
  const greet = async (hello: FrameHello): Promise<void> => {
    const { boot, protocol } = hello;
    const isExpected = boots.size < maxBoots;
    if (isExpected) boots.add(boot);
    // While the page fetched a secret, the frame may have been loaded once more: that load gets a port of its own.
    const isOver = (): boolean => signal.aborted || boot !== latestBoot;
    latestBoot = boot;
    scheme.setPage("designer");
    channel.interrupt();
    layout.reset();
    try {
      checkHello(hello);
      if (!isExpected) throw new CardDesignerError("loaded-too-often", "The designer was loaded too often.");
      const credentials = unused ?? (await requestSession(options, "refresh", session.sessionId));
      unused = undefined;
      if (isOver()) return;
      answer(protocol, { type: "start", options: plainOptions(options), ...credentials });
      scheme.tellAgain();
    } catch (cause) {
      if (isOver()) return;
      const error = toError(cause);
      const { code } = error;
      channel.fail(error);
      // That frame has said so itself, and there may be nothing to answer it with.
      if (code !== "browser-unsupported") answer(protocol, { type: "refused", code, options: plainOptions(options) });
    }
  };
  const onMessage = ({ source, origin: sender, data }: MessageEvent<unknown>): void => {
    if (!source || source !== frame.contentWindow || sender !== origin) return;
    if (!isFrameHello(data) || data.nonce !== nonce || boots.has(data.boot)) return;
    isAhead = isAhead === "load" ? undefined : "hello";
    void greet(data);
  };
  const onLoad = (): void => {
    const isGreeted = isAhead === "hello";
    isAhead = isGreeted ? undefined : "load";
    if (isGreeted) return;
    // Another page is in the designer's place, or the designer is slow.
    scheme.setPage("other");
    layout.reset();
    channel.wait();
  };
  addEventListener("message", onMessage, { signal });
  frame.addEventListener("load", onLoad, { signal });
  // What is put above the frame moves it; a frame that is taken off the page has no size any more.
  const observer = new ResizeObserver(() => {
    scheme.onResize();
    layout.decide();
  });
  observer.observe(frame);
  observer.observe(document.body);
  signal.addEventListener("abort", () => {
    observer.disconnect();
    frame.remove();
  });
  channel.wait();
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

  return {
    ready: channel.ready,
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
    destroy: async () => {
      lifetime.abort();
      channel.close(new CardDesignerError("destroyed", "The designer was destroyed."));
    },
  };
}
