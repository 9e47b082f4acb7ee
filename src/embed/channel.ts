import {
  type CloseOutcome,
  type DesignerEvent,
  type DesignerEventInput,
  isDesignerEvent,
  isToLoader,
  type LayoutMessage,
  type ToFrame,
  type ToLoader,
} from "#contracts/frame-messages.ts";
import { CardDesignerError, type Options } from "./options.ts";
import { askPage, createOutcome, createSubmitRequests, requestSession } from "./requests.ts";

/** How long the frame has for its first message, in milliseconds. */
const answerTimeoutMs = 20_000;
/** And for its "ready" after that: longer than it tries to reach its server, so that it can say itself what went wrong. */
export const readyTimeoutMs = 90_000;
/** What the page asks the cardholder takes time. */
const questionTimeoutMs = 600_000;
/** To keep a design, or to delete it here and at the server. */
const closeTimeoutMs = 10_000;
/** Messages kept until there is a port. */
const maxQueued = 50;
/** Events whose ids are remembered. */
const maxRemembered = 1000;

/** 128 random bits, as sixteen decimal numbers. */
export function createNonce(): string {
  return crypto.getRandomValues(new Uint8Array(16)).join("-");
}

/** What the loader says first through a port: "refused" when it gives up on this load of the frame, which can be loaded again. */
export type First = Extract<ToFrame, { type: "start" | "refused" }>;

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
      throwLater(error);
    }
  };
}

/** For the page's `error` handlers and its console. */
function throwLater(error: unknown): void {
  setTimeout(() => {
    throw error;
  });
}

async function answerFetchSession(options: Options, id: number, send: (message: ToFrame) => void): Promise<void> {
  // It may be another session: whether that is for the same card, the server says to the frame.
  const session = await requestSession(options, "refresh").catch(() => null);
  send(session ? { type: "session", id, ...session } : { type: "session-failed", id });
}

/** Calls the page's own function and says what came of it. */
async function answerQuestion(
  options: Options,
  { id, what, about }: Extract<ToLoader, { type: "ask" }>,
  tell: (message: ToFrame) => void,
): Promise<void> {
  try {
    tell({ type: "answer", id, answer: await askPage(what, () => options[what]?.(about), questionTimeoutMs) });
  } catch (error) {
    tell({ type: "answer-failed", id, detail: String(error) });
    throwLater(error);
  }
}

/** The port to the frame; what is sent before the designer is started is queued. */
function createPort(hear: (message: ToLoader) => void) {
  const queue: ToFrame[] = [];
  let port: MessagePort | undefined;
  let isStarted = false;
  /** For a designer that is started: one that is not learns it from its start. */
  const tell = (message: ToFrame): void => {
    if (isStarted) port?.postMessage(message);
  };
  return {
    queue,
    tell,
    send: (message: ToFrame): void => {
      if (isStarted) tell(message);
      else if (queue.length < maxQueued) queue.push(message);
    },
    open: (opened: MessagePort, first: First): void => {
      opened.onmessage = ({ data }: MessageEvent<unknown>) => isToLoader(data) && hear(data);
      port = opened;
      isStarted = true;
      tell(first);
      isStarted = first.type === "start";
      if (isStarted) for (const message of queue.splice(0)) tell(message);
    },
    /** Whether a designer was started through it. */
    close: (): boolean => {
      const wasStarted = isStarted;
      port?.close();
      port = undefined;
      isStarted = false;
      return wasStarted;
    },
  };
}

/** `Handle.ready`, and the time that the frame has for it. */
function createReady(onLate: (error: CardDesignerError) => void) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new CardDesignerError("frame-not-answering", "The designer did not answer.");
  const { promise, settle } = createOutcome<void>();
  // A page that listens to `onEvent` alone is told there: no unhandled rejection on top.
  promise.catch(() => {});
  const stop = (): void => clearTimeout(timer);
  return {
    promise,
    stop,
    /** Starts the time, or starts it again. */
    wait: (ms = answerTimeoutMs): void => {
      stop();
      timer = setTimeout(onLate, ms, late);
    },
    settle: (error?: CardDesignerError): void => {
      stop();
      settle(error);
    },
  };
}

/** The message channel to the frame, kept up through all loads of the frame; what it brings goes to `onLayout` and the page's `onEvent`. */
export function createChannel(options: Options, onLayout: (message: LayoutMessage) => void) {
  const port = createPort((message) => hear(message));
  const emit = createEmit(options);
  const { submit, settle, refuse } = createSubmitRequests(port.send);
  const ready = createReady((error) => fail(error));

  const stop = (error: CardDesignerError): void => {
    port.queue.length = 0;
    refuse(error);
    settle(error);
    ready.settle(error);
  };
  /** The port stays as it is: a slow frame that comes after all is welcome. */
  const fail = (error: CardDesignerError): void => {
    stop(error);
    say({ type: "problem", code: error.code, detail: error.detail });
  };
  const say = (event: DesignerEventInput): void => emit({ eventId: `loader-${createNonce()}`, ...event });
  const closing = createOutcome<CloseOutcome>();
  const hear = (message: ToLoader): void => {
    if (message.type === "fetch-session") void answerFetchSession(options, message.id, port.send);
    else if (message.type === "ask") void answerQuestion(options, message, port.tell);
    else if (message.type === "submitted") {
      settle({ submissionId: message.submissionId, state: "stored" }, message.id);
    } else if (message.type === "submit-failed") {
      settle(new CardDesignerError(message.code, message.detail), message.id);
    } else if (message.type === "closed") closing.settle(message.outcome);
    else if (message.type !== "event") onLayout(message);
    else if (isDesignerEvent(message.event)) {
      const { event } = message;
      if (event.type === "ready") {
        refuse();
        ready.settle();
      }
      // A problem before "ready" means that the start has failed; later this reject does nothing.
      if (event.type === "problem") ready.settle(new CardDesignerError(event.code, event.detail));
      emit(event);
    }
  };

  return {
    ready,
    submit,
    tell: port.tell,
    send: port.send,
    fail,
    say,
    /** Asks the frame to keep or discard the design. */
    leave: (discard: boolean): Promise<CloseOutcome> => {
      port.tell({ type: "close", discard });
      setTimeout(closing.settle, closeTimeoutMs, "kept");
      return closing.promise;
    },
    open: port.open,
    /** The frame is loaded again: the old port leads nowhere. What is queued for the first port is kept. */
    interrupt: (): void => {
      ready.stop();
      if (port.close()) settle(new CardDesignerError("interrupted", "The designer was loaded again."));
    },
    close: (error: CardDesignerError): void => {
      port.close();
      stop(error);
    },
  };
}

export type Channel = ReturnType<typeof createChannel>;
