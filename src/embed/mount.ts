import {
  type CloseOutcome,
  type FrameHello,
  frameProtocol,
  isFrameHello,
  type LoaderConnect,
} from "#contracts/frame-messages.ts";
import type { SessionCredentials } from "#contracts/session.ts";
import { answerTimeoutMs, type Channel, type First, createChannel, createNonce, readyTimeoutMs } from "./channel.ts";
import { createFrame } from "./frame.ts";
import { createFrameLayout, watchWindow } from "./layout.ts";
import {
  type CardDesigner,
  CardDesignerError,
  type Handle,
  keepChanges,
  type KeptOptions,
  type LoadOptions,
  type Options,
  plainOptions,
} from "./options.ts";
import { requestSession } from "./requests.ts";
import { createFrameScheme } from "./scheme.ts";

/** A designer says hello before the browser says that it is loaded: what has not by then is most often something that blocks it. */
const silenceTimeoutMs = 8_000;
/** A frame that is loaded again more often than this is in a loop. */
const maxBoots = 50;

/** A place knows the designer that was mounted into it last, whichever script of ours has done it. */
type Place = HTMLElement & { fullbleed?: Handle };

/** Throws when this page and that frame cannot work together. */
const checkHello = (
  { protocol, lacks, asks }: FrameHello,
  { beforeSubmit }: KeptOptions,
  isTooOften: boolean,
): void => {
  if (lacks) throw new CardDesignerError("browser-unsupported", lacks);
  // One that cannot ask would send without asking.
  if (protocol !== frameProtocol || (beforeSubmit && !asks))
    throw new CardDesignerError("protocol-mismatch", "The frame is of another version.");
  if (isTooOften) throw new CardDesignerError("loaded-too-often", "The frame was loaded too often.");
};

/**
 * Calls `onHello` for each load of the frame in which the designer says hello from the right window and origin with the right nonce;
 * everything else that is posted to this window is ignored. Calls `onSilence` for each load that has not said hello: another page
 * in the designer's place, or a designer that is slow.
 */
const listenForHello = (
  frame: HTMLIFrameElement,
  origin: string,
  nonce: string,
  signal: AbortSignal,
  onHello: (hello: FrameHello, isTooOften: boolean) => unknown,
  onSilence: () => void,
): void => {
  let boots = 0;
  let latestBoot = "";
  // Hello and the browser's own event for the same load come in either order: 1 after hello, -1 after the event.
  let ahead = 0;
  const onMessage = ({ source, origin: sender, data }: MessageEvent<unknown>): void => {
    if (!source || source !== frame.contentWindow || sender !== origin) return;
    if (!isFrameHello(data) || data.nonce !== nonce || data.boot === latestBoot) return;
    latestBoot = data.boot;
    boots += 1;
    ahead = ahead < 0 ? 0 : 1;
    onHello(data, boots > maxBoots);
  };
  const onLoad = (): void => {
    ahead = ahead > 0 ? 0 : -1;
    if (ahead) onSilence();
  };
  addEventListener("message", onMessage, { signal });
  frame.addEventListener("load", onLoad, { signal });
};

/** What the page has put into the place for a start that fails: a button in it calls `onRetry`. */
const showNote = (place: HTMLElement, isShown: boolean | undefined, onRetry: () => void): void => {
  const note = place.querySelector<HTMLElement>("[data-failed]");
  if (!note) return;
  note.hidden = !isShown;
  note.onclick = ({ target }) => {
    if ((target as Element).closest("button")) onRetry();
  };
};

/** Puts a frame for `session` into `element`, and connects it each time that the designer is loaded into it. */
const showFrame = (
  element: HTMLElement,
  session: SessionCredentials,
  given: Options,
  options: KeptOptions,
  origin: string,
  channel: Channel,
  signal: AbortSignal,
) => {
  const nonce = createNonce();
  const frame = createFrame(`${origin}/frame/${session.sessionId}#nonce=${nonce}`, options.title);
  const scheme = createFrameScheme(frame, element, options, channel.tell);
  const layout = createFrameLayout(frame, options, channel.send);
  let unused: SessionCredentials | undefined = session;
  let latest: FrameHello | undefined;

  /** Gives the frame one end of a new message channel. */
  const connect = ({ protocol }: FrameHello, first: Omit<First, "options">): void => {
    const port = channel.open({ ...first, options: plainOptions(options) } as First);
    frame.contentWindow?.postMessage({ fullbleed: "connect", protocol, nonce } satisfies LoaderConnect, origin, [port]);
  };
  const greet = async (hello: FrameHello, isTooOften: boolean): Promise<void> => {
    // While the page fetched a secret, the frame may have been loaded once more: that load gets a port of its own.
    const isOver = (): boolean => signal.aborted || hello !== latest;
    latest = hello;
    scheme.setPage(true);
    channel.interrupt();
    layout.reset();
    try {
      checkHello(hello, options, isTooOften);
      const credentials = unused ?? (await requestSession(given, "refresh", signal, session.sessionId));
      unused = undefined;
      if (isOver()) return;
      connect(hello, { type: "start", ...credentials });
      channel.readiness.wait(readyTimeoutMs);
      scheme.tellAgain();
    } catch (cause) {
      if (isOver()) return;
      const { code } = channel.fail(cause);
      // That frame has said so itself, and there may be nothing to answer it with.
      if (code !== "browser-unsupported") connect(hello, { type: "refused", code } as First);
    }
  };
  listenForHello(frame, origin, nonce, signal, greet, () => {
    scheme.setPage(false);
    layout.reset();
    channel.readiness.wait(silenceTimeoutMs);
  });
  const check = (): void => {
    scheme.onResize();
    layout.decide();
  };
  const observer = new ResizeObserver(check);
  for (const watched of [frame, document.body]) observer.observe(watched);
  watchWindow(signal, layout.decide);
  signal.addEventListener("abort", () => {
    observer.disconnect();
    layout.reset();
    frame.remove();
  });
  channel.readiness.wait(answerTimeoutMs);
  element.append(frame);
  return { frame, hear: layout.hear, check };
};

/**
 * Puts the designer that is served at `origin` into `element`.
 * Everything it leaves on the page (frame, listener, port, timers) goes with `destroy`.
 */
const mountDesigner = (element: HTMLElement, given: Options, origin: string): Handle => {
  const { title, beforeSubmit, pickImage } = given;
  const options = { title, beforeSubmit: beforeSubmit && true, pickImage: pickImage && true } as KeptOptions;
  keepChanges(options, given);
  let lifetime: AbortController;
  let channel!: Channel;
  let shown: ReturnType<typeof showFrame> | undefined;
  let leaving: Promise<CloseOutcome> | undefined;

  /** Begins, or begins anew: nothing of the start before is left. */
  const start = async (): Promise<void> => {
    lifetime = new AbortController();
    const { signal } = lifetime;
    const opened = createChannel(given, signal, (message) => shown?.hear(message), showFailure);
    channel = opened;
    shown = undefined;
    try {
      // A page that mounts and destroys in one breath, as React's StrictMode does, asks for no session.
      await leaving;
      if (signal.aborted) return;
      const session = await requestSession(given, "start", signal);
      if (!signal.aborted) shown = showFrame(element, session, given, options, origin, opened, signal);
    } catch (error) {
      if (!signal.aborted) opened.fail(error, true);
    }
  };
  const showFailure = (isShown?: boolean): void =>
    showNote(element, isShown, () => {
      // A note of the page's outlives the designer.
      if (lifetime.signal.aborted) return;
      lifetime.abort();
      void start().then(() => shown?.frame.focus());
    });
  void start();

  const destroy = async (): Promise<void> => lifetime.abort();
  const leave = async (discard: boolean): Promise<CloseOutcome> => {
    const outcome = await channel.leave(discard);
    if (!lifetime.signal.aborted) {
      void destroy();
      channel.say({ type: "closed", outcome });
    }
    return outcome;
  };

  return {
    get ready() {
      return channel.readiness.promise;
    },
    update: (changes) => {
      keepChanges(options, changes);
      shown?.check();
      channel.tell({ type: "update", options: plainOptions(options) });
    },
    focus: (edge = "first") => {
      shown?.frame.focus();
      channel.send({ type: "focus", edge });
    },
    submit: () => channel.requestSubmit(),
    close: ({ discard } = {}) => {
      leaving ??= leave(!!discard);
      return leaving;
    },
    destroy,
  };
};

/**
 * The card designer served at `origin`.
 * Rejects with `origin-unknown` when neither the caller nor the script's own address says where the designer is.
 */
export async function loadCardDesigner({ origin }: LoadOptions = {}): Promise<CardDesigner> {
  if (!origin) throw new CardDesignerError("origin-unknown", "Give { origin }.");
  const designerOrigin = new URL(origin).origin;
  return {
    mount(element, options) {
      // What a framework has not rendered yet, or a selector has not found.
      if (!element?.append) throw new CardDesignerError("place-missing", "mount needs an element.");
      const place: Place = element;
      void place.fullbleed?.destroy();
      place.fullbleed = mountDesigner(element, options, designerOrigin);
      return place.fullbleed;
    },
  };
}
