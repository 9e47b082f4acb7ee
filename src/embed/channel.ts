import {
  type DesignerEvent,
  type FrameHello,
  isDesignerEvent,
  isFrameHello,
  isToLoader,
  type LayoutMessage,
  type LoaderConnect,
  type ToFrame,
  type ToLoader,
} from "#contracts/frame-messages.ts";
import { CardDesignerError, type Options } from "./options.ts";
import { createPending, createSubmitRequests, requestSession } from "./requests.ts";

/** How long the frame has for its first message, in milliseconds. */
const answerTimeoutMs = 20_000;
/** And for its "ready" after that: longer than it tries to reach its server, so that it can say itself what went wrong. */
const readyTimeoutMs = 90_000;
/** A frame that is loaded again more often than this is in a loop. */
const maxBoots = 50;
/** Messages kept until there is a port. */
const maxQueued = 50;
/** Events whose ids are remembered. */
const maxRemembered = 1000;

/** 128 random bits, as sixteen decimal numbers. */
export function createNonce(): string {
  return crypto.getRandomValues(new Uint8Array(16)).join("-");
}

/** What can be loaded into the frame. */
interface Loads {
  /** The designer: once for each load that says hello from the right window and origin with the right nonce. */
  onHello(hello: FrameHello, isTooOften: boolean): void;
  /** A page that has not said hello: another in the designer's place, or a designer that is slow. */
  onSilence(): void;
}

/** Follows every load of the frame, from before it is on the page. Everything else that is posted to this window is ignored. */
export function listenForHello(
  frame: HTMLIFrameElement,
  { origin, nonce, signal }: { origin: string; nonce: string; signal: AbortSignal },
  { onHello, onSilence }: Loads,
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
export function connectFrame(
  frame: HTMLIFrameElement,
  origin: string,
  { nonce, protocol }: Pick<FrameHello, "nonce" | "protocol">,
): MessagePort {
  const { port1, port2 } = new MessageChannel();
  const connect: LoaderConnect = { fullbleed: "connect", protocol, nonce };
  frame.contentWindow?.postMessage(connect, origin, [port2]);
  return port1;
}

type Start = Extract<ToFrame, { type: "start" }>;
type Refusal = Extract<ToFrame, { type: "refused" }>;

/** The port to the frame that `open` starts; what is sent before there is one is queued. */
function createQueuedPort(onMessage: (message: ToLoader) => void) {
  const queue: ToFrame[] = [];
  let port: MessagePort | undefined;
  let isStarted = false;
  return {
    isOpen: () => isStarted,
    send: (message: ToFrame): void => {
      if (isStarted) port?.postMessage(message);
      else if (queue.length < maxQueued) queue.push(message);
    },
    open: (opened: MessagePort, start: Start): void => {
      opened.onmessage = ({ data }: MessageEvent<unknown>) => {
        if (isToLoader(data)) onMessage(data);
      };
      port = opened;
      isStarted = true;
      for (const message of [start, ...queue.splice(0)]) port.postMessage(message);
    },
    /** Gives up on this load of the frame, which says so to the cardholder and can be loaded again. */
    refuse: (opened: MessagePort, refusal: Refusal): void => {
      port = opened;
      port.postMessage(refusal);
    },
    close: (): void => {
      port?.close();
      port = undefined;
      isStarted = false;
    },
    clearQueue: (): void => {
      queue.length = 0;
    },
  };
}

/** Delivers each event once, whatever the page's callback does. */
function createEmit(options: Options): (event: DesignerEvent) => void {
  const seen = new Set<string>();
  return (event) => {
    if (seen.has(event.eventId)) return;
    seen.add(event.eventId);
    const [oldest = ""] = seen;
    if (seen.size > maxRemembered) seen.delete(oldest);
    try {
      options.onEvent?.(event);
    } catch (error) {
      setTimeout(() => {
        throw error;
      });
    }
  };
}

/** The message channel to the frame, kept up through all loads of the frame; what it brings goes to `onLayout` and the page's `onEvent`. */
export function createChannel(options: Options, onLayout: (message: LayoutMessage) => void) {
  const port = createQueuedPort((message) => handleMessage(message));
  const emit = createEmit(options);
  const submits = createSubmitRequests(port.send);
  // `Handle.ready`, with a timeout for the frame's hello; that for its "ready" is another.
  const late = new CardDesignerError("frame-not-answering", "The designer did not answer.");
  const ready = createPending<void>(answerTimeoutMs, () => fail(late));
  // A page that listens to `onEvent` alone is told there: no unhandled rejection on top.
  ready.promise.catch(() => {});

  const rejectAll = (error: CardDesignerError): void => {
    port.clearQueue();
    submits.refuse(error);
    ready.reject(error);
  };
  /** The port stays as it is: a slow frame that comes after all is welcome. */
  const fail = (error: CardDesignerError): void => {
    rejectAll(error);
    emit({ eventId: `loader-${createNonce()}`, type: "problem", code: error.code, detail: error.detail });
  };

  const answerFetchSession = async (id: number): Promise<void> => {
    // It may be another session: whether that is for the same card, the server says to the frame.
    const session = await requestSession(options, "refresh").catch(() => null);
    port.send(session ? { type: "session", id, ...session } : { type: "session-failed", id });
  };
  const handleEvent = (event: DesignerEvent): void => {
    if (event.type === "ready") {
      submits.accept();
      ready.resolve();
    }
    // A problem before "ready" means that the start has failed; later this reject does nothing.
    if (event.type === "problem") ready.reject(new CardDesignerError(event.code, event.detail));
    emit(event);
  };
  const handleMessage = (message: ToLoader): void => {
    if (message.type === "fetch-session") void answerFetchSession(message.id);
    else if (message.type === "submitted") {
      submits.settle(message.id, { submissionId: message.submissionId, state: "stored" });
    } else if (message.type === "submit-failed") {
      submits.settle(message.id, new CardDesignerError(message.code, message.detail));
    } else if (message.type !== "event") onLayout(message);
    else if (isDesignerEvent(message.event)) handleEvent(message.event);
  };

  return {
    ready,
    submit: submits.submit,
    send: port.send,
    isOpen: port.isOpen,
    refreshSession: (sessionId: string) => requestSession(options, "refresh", sessionId),
    fail,
    open: (opened: MessagePort, start: Start): void => {
      port.open(opened, start);
      ready.startTimeout(readyTimeoutMs);
    },
    refuse: port.refuse,
    /** The frame is loaded again: the old port leads nowhere. What is queued for the first port is kept. */
    interrupt: (): void => {
      ready.stopTimeout();
      if (port.isOpen()) submits.interrupt();
      port.close();
    },
    close: (error: CardDesignerError): void => {
      port.close();
      rejectAll(error);
    },
  };
}
