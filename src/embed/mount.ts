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
  type Changes,
  CardDesignerError,
  type Handle,
  type KeptOptions,
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
function checkHello({ protocol, lacks, asks }: FrameHello, { beforeSubmit }: KeptOptions): void {
  const missing = lacks ?? ("MessageChannel" in window ? "" : "This browser lacks MessageChannel.");
  if (missing) throw new CardDesignerError("browser-unsupported", missing);
  // One that cannot ask would send without asking.
  if (protocol !== frameProtocol || (beforeSubmit && !asks))
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
  onHello: (hello: FrameHello, isTooOften: boolean) => unknown,
  onSilence: () => void,
): void {
  const boots = new Set<string>();
  // Hello and the browser's own event for the same load come in either order: 1 after hello, -1 after the event.
  let ahead = 0;
  const onMessage = ({ source, origin: sender, data }: MessageEvent<unknown>): void => {
    if (!source || source !== frame.contentWindow || sender !== origin) return;
    if (!isFrameHello(data) || data.nonce !== nonce || boots.has(data.boot)) return;
    const isTooOften = boots.size === maxBoots;
    if (!isTooOften) boots.add(data.boot);
    ahead = ahead < 0 ? 0 : 1;
    onHello(data, isTooOften);
  };
  const onLoad = (): void => {
    const isGreeted = ahead > 0;
    ahead = isGreeted ? 0 : -1;
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
  given: Options,
  options: KeptOptions,
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
      checkHello(hello, options);
      if (isTooOften) throw new CardDesignerError("loaded-too-often", "The designer was loaded too often.");
      const credentials = unused ?? (await requestSession(given, "refresh", session.sessionId));
      unused = undefined;
      if (isOver()) return;
      const start = { type: "start", options: plainOptions(options), ...credentials } as const;
      channel.open(connectFrame(frame, origin, hello), start);
      channel.readiness.wait(readyTimeoutMs);
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
    channel.readiness.wait();
  };
  listenForHello(frame, origin, nonce, signal, greet, onSilence);
  watchSizes(frame, signal, () => {
    scheme.onResize();
    layout.decide();
  });
  watchWindow(signal, layout.decide);
  signal.addEventListener("abort", () => {
    layout.reset();
    frame.remove();
  });
  channel.readiness.wait();
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
  const options = { title: given.title, beforeSubmit: given.beforeSubmit && true } as KeptOptions;
  // The page's functions stay where they are: some object of a class may have them.
  const keep = (changes: Changes): void => {
    for (const name of ["locale", "messages", "theme", "colorScheme", "layout"] as const)
      if (name in changes) (options as Record<string, unknown>)[name] = changes[name];
  };
  keep(given);
  const channel = createChannel(given, signal, (message) => shown?.layout.hear(message));
  let shown: ReturnType<typeof showFrame> | undefined;

  const start = async (): Promise<void> => {
    try {
      // A page that mounts and destroys in one breath, as React's StrictMode does, asks for no session.
      await Promise.resolve();
      if (signal.aborted) return;
      const session = await requestSession(given, "start");
      if (!signal.aborted) shown = showFrame(element, session, given, options, origin, channel, signal);
    } catch (error) {
      if (!signal.aborted) channel.fail(toError(error));
    }
  };
  void start();

  const destroy = async (): Promise<void> => {
    lifetime.abort();
    channel.end(new CardDesignerError("destroyed", "The designer was destroyed."));
  };
  const leave = async (discard: boolean): Promise<CloseOutcome> => {
    const outcome = await channel.leave(discard);
    if (!signal.aborted) {
      void destroy();
      channel.say({ type: "closed", outcome });
    }
    return outcome;
  };
  let leaving: Promise<CloseOutcome> | undefined;

  return {
    ready: channel.readiness.promise,
    update: (changes) => {
      keep(changes);
      shown?.scheme.check();
      shown?.layout.decide();
      channel.tell({ type: "update", options: plainOptions(options) });
    },
    focus: (edge = "first") => {
      shown?.frame.focus();
      channel.send({ type: "focus", edge });
    },
    submit: channel.submit,
    close: ({ discard } = {}) => {
      leaving ??= leave(!!discard);
      return leaving;
    },
    destroy,
  };
}
