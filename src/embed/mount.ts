import { type FrameHello, frameProtocol } from "#contracts/frame-messages.ts";
import type { SessionCredentials } from "#contracts/session.ts";
import { connectFrame, createChannel, createNonce, listenForHello } from "./channel.ts";
import { createFrame, frameTitle } from "./frame.ts";
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

interface Connection {
  readonly origin: string;
  readonly nonce: string;
  readonly signal: AbortSignal;
  readonly channel: ReturnType<typeof createChannel>;
  readonly scheme: ReturnType<typeof createFrameScheme>;
  readonly layout: ReturnType<typeof createFrameLayout>;
  readonly readOptions: () => Options;
}

/** Connects `frame`, which is not on the page yet, each time that the designer is loaded into it. */
function keepConnected(
  frame: HTMLIFrameElement,
  session: SessionCredentials,
  { origin, nonce, signal, channel, scheme, layout, readOptions }: Connection,
): void {
  let unused: SessionCredentials | undefined = session;
  let latestBoot = "";
  const connect = async (hello: FrameHello, isTooOften: boolean): Promise<void> => {
    channel.interrupt();
    layout.reset();
    checkHello(hello);
    if (isTooOften) throw new CardDesignerError("loaded-too-often", "The designer was loaded too often.");
    const credentials = unused ?? (await channel.refreshSession(session.sessionId));
    unused = undefined;
    // While the page fetched a secret, the frame may have been loaded once more: that load gets a port of its own.
    if (signal.aborted || hello.boot !== latestBoot) return;
    channel.open(connectFrame(frame, origin, hello), {
      type: "start",
      options: plainOptions(readOptions()),
      ...credentials,
    });
    scheme.tellAgain();
  };
  const onHello = (hello: FrameHello, isTooOften: boolean): void => {
    latestBoot = hello.boot;
    scheme.setPage("designer");
    connect(hello, isTooOften).catch((cause: unknown) => {
      if (signal.aborted || hello.boot !== latestBoot) return;
      const error = toError(cause);
      channel.fail(error);
      // That frame has said so itself, and there may be nothing to answer it with.
      if (error.code === "browser-unsupported") return;
      const options = plainOptions(readOptions());
      channel.refuse(connectFrame(frame, origin, hello), { type: "refused", code: error.code, options });
    });
  };
  const onSilence = (): void => {
    scheme.setPage("other");
    layout.reset();
    channel.ready.startTimeout();
  };
  listenForHello(frame, { origin, nonce, signal }, { onHello, onSilence });
}

/**
 * Puts the designer that is served at `origin` into `element`.
 * Everything it leaves on the page (frame, listener, port, timers) goes with `destroy`.
 */
function mountDesigner(element: HTMLElement, options: Options, origin: string): Handle {
  const lifetime = new AbortController();
  const { signal } = lifetime;
  const channel = createChannel(options, (message) => layout?.hear(message));
  let current: Options = options;
  let frame: HTMLIFrameElement | undefined;
  let scheme: Connection["scheme"] | undefined;
  let layout: Connection["layout"] | undefined;

  const showFrame = (session: SessionCredentials): void => {
    const nonce = createNonce();
    frame = createFrame(`${origin}/frame/${session.sessionId}#nonce=${nonce}`, frameTitle(current));
    scheme = createFrameScheme(frame, element, {
      readOption: () => current.colorScheme,
      tell: (changed) => channel.isOpen() && channel.send({ type: "scheme", scheme: changed }),
    });
    layout = createFrameLayout(frame, { signal, readOption: () => current.layout, send: channel.send });
    keepConnected(frame, session, { origin, nonce, signal, channel, scheme, layout, readOptions: () => current });
    // What is put above the frame moves it; a frame that is taken off the page has no size any more.
    const observer = new ResizeObserver(() => {
      scheme?.onResize();
      layout?.decide();
    });
    observer.observe(frame);
    observer.observe(document.body);
    signal.addEventListener("abort", () => observer.disconnect());
    channel.ready.startTimeout();
    element.append(frame);
  };
  const start = async (): Promise<void> => {
    // A page that mounts and destroys in one breath, as React's StrictMode does, asks for no session.
    await Promise.resolve();
    if (signal.aborted) return;
    const session = await requestSession(options, "start");
    if (!signal.aborted) showFrame(session);
  };
  start().catch((error: unknown) => !signal.aborted && channel.fail(toError(error)));

  return {
    ready: channel.ready.promise,
    update: (changes) => {
      current = { ...current, ...changes };
      if (frame) frame.title = frameTitle(current);
      scheme?.check();
      layout?.decide();
      if (channel.isOpen()) channel.send({ type: "update", options: plainOptions(current) });
    },
    focus: (edge = "first") => {
      frame?.focus();
      channel.send({ type: "focus", edge });
    },
    submit: channel.submit,
    destroy: async () => {
      lifetime.abort();
      channel.close(new CardDesignerError("destroyed", "The designer was destroyed."));
      frame?.remove();
    },
  };
}
