import { type FrameHello, frameProtocol } from "#contracts/frame-messages.ts";
import type { SessionCredentials } from "#contracts/session.ts";
import { connectFrame, createChannel, createNonce, listenForHello } from "./channel.ts";
import { createFrame, frameTitle, setFrameHeight, showFrameTop } from "./frame.ts";
import {
  type CardDesigner,
  CardDesignerError,
  type Handle,
  type LoadOptions,
  type Options,
  plainOptions,
  timeouts,
} from "./options.ts";
import { requestSession } from "./requests.ts";

const mounted = new WeakMap<HTMLElement, Handle>();

/**
 * The card designer served at `origin`; null on a server, where there is no page to put it on.
 * Rejects with `origin-unknown` when neither the caller nor the script's own address says where the designer is.
 */
export async function loadCardDesigner({ origin }: LoadOptions = {}): Promise<CardDesigner | null> {
  if (typeof window === "undefined") return null;
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

const mismatch = () =>
  new CardDesignerError("protocol-mismatch", "The script and the designer are of different versions.");

/** Throws when this page and that frame cannot work together. */
function checkHello({ protocol, lacks }: FrameHello): void {
  const missing = lacks ?? ("MessageChannel" in window ? undefined : "This browser lacks MessageChannel.");
  if (missing !== undefined) throw new CardDesignerError("browser-unsupported", missing);
  if (protocol !== frameProtocol) throw mismatch();
}

const destroyed = () => new CardDesignerError("destroyed", "The designer was taken off the page.");

/**
 * Puts the designer that is served at `origin` into `element`.
 * Everything it leaves on the page (frame, listener, port, timers) goes with `destroy`.
 */
function mountDesigner(element: HTMLElement, options: Options, origin: string): Handle {
  const lifetime = new AbortController();
  const channel = createChannel(options, timeouts, {
    setHeight: (heightPx) => frame && setFrameHeight(frame, heightPx),
    showTop: () => frame && showFrameTop(frame),
  });
  let current: Options = options;
  let frame: HTMLIFrameElement | undefined;

  const showFrame = (session: SessionCredentials): void => {
    const nonce = createNonce();
    const shown = createFrame(`${origin}/frame/${session.sessionId}#nonce=${nonce}`, frameTitle(current));
    let unused: SessionCredentials | undefined = session;
    let latestBoot = "";
    const connect = async (hello: FrameHello): Promise<void> => {
      latestBoot = hello.boot;
      checkHello(hello);
      channel.interrupt();
      const credentials = unused ?? (await channel.refreshSession(session.sessionId));
      unused = undefined;
      // While the page fetched a secret, the frame may have been loaded once more: that load gets a port of its own.
      if (lifetime.signal.aborted || hello.boot !== latestBoot) return;
      const port = connectFrame(shown, origin, nonce);
      channel.open(port, { type: "start", options: plainOptions(current), ...credentials });
    };
    listenForHello(shown, { origin, nonce, signal: lifetime.signal }, (hello) => {
      connect(hello).catch((error: unknown) => hello.boot === latestBoot && fail(error));
    });
    channel.ready.startTimeout();
    element.append(shown);
    frame = shown;
  };
  const start = async (): Promise<void> => {
    // A page that mounts and destroys in one breath, as React's StrictMode does, asks for no session.
    await Promise.resolve();
    if (lifetime.signal.aborted) return;
    const session = await requestSession(options, "start", timeouts.sessionMs);
    if (!lifetime.signal.aborted) showFrame(session);
  };
  const fail = (error: unknown): void => {
    if (lifetime.signal.aborted) return;
    channel.fail(error instanceof CardDesignerError ? error : new CardDesignerError("not-started", String(error)));
  };
  start().catch(fail);

  return {
    ready: channel.ready.promise,
    update: (changes) => {
      current = { ...current, ...changes };
      if (frame) frame.title = frameTitle(current);
      if (channel.isOpen()) channel.send({ type: "update", options: plainOptions(current) });
    },
    focus: (edge = "first") => {
      frame?.focus();
      channel.send({ type: "focus", edge });
    },
    submit: channel.submit,
    destroy: async () => {
      lifetime.abort();
      channel.close(destroyed());
      frame?.remove();
    },
  };
}
