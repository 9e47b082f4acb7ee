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
import { CardDesignerError, type Options, type Receipt } from "./options.ts";
import { askPage, createOutcome, createRequests, noAnswer, requestSession } from "./requests.ts";

/** How long the frame has for its first message, in milliseconds. */
export const answerTimeoutMs = 20_000;
/** And for its "ready" after that: longer than it tries to reach its server, so that it can say itself what went wrong. */
export const readyTimeoutMs = 90_000;
/** What the page asks the cardholder takes time. */
const questionTimeoutMs = 600_000;
/** With what the page asks, and for uploading from a slow phone. */
const submitTimeoutMs = 900_000;
/** To keep a design, or to delete it here and at the server. */
const closeTimeoutMs = 10_000;
/** Messages kept until there is a port. */
const maxQueued = 50;
/** Events whose ids are remembered. */
const maxRemembered = 1000;

/** 128 random bits, as sixteen decimal numbers. */
export const createNonce = (): string => crypto.getRandomValues(new Uint8Array(16)).join("-");

/** What the loader says first through a port: "refused" when it gives up on this load of the frame, which can be loaded again. */
export type First = Extract<ToFrame, { type: "start" | "refused" }>;

/** Delivers each event once, whatever the page's callback does. */
const createEmit = (options: Options): ((event: DesignerEvent) => void) => {
  const seen: string[] = [];
  return (event) => {
    if (seen.includes(event.eventId)) return;
    seen.unshift(event.eventId);
    seen.splice(maxRemembered);
    try {
      options.onEvent?.(event);
    } catch (error) {
      throwLater(error);
    }
  };
};

/** For the page's `error` handlers and its console. */
const throwLater = (error: unknown) =>
  setTimeout(() => {
    throw error;
  });

const answerFetchSession = (
  options: Options,
  id: number,
  send: (message: ToFrame) => void,
  signal: AbortSignal,
): void => {
  // It may be another session: whether that is for the same card, the server says to the frame.
  requestSession(options, "refresh", signal).then(
    (session) => send({ type: "session", id, ...session }),
    () => send({ type: "session-failed", id }),
  );
};

/** Calls the page's own function and says what came of it. */
async function answerQuestion(
  options: Options,
  { id, what, about }: Extract<ToLoader, { type: "ask" }>,
  tell: (message: ToFrame) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    const ask = async (): Promise<unknown> => options[what]?.(about);
    tell({ type: "answer", id, answer: await askPage(what, ask, questionTimeoutMs, signal) });
  } catch (error) {
    if (signal.aborted) return;
    tell({ type: "answer-failed", id, detail: error instanceof Error ? String(error) : what });
    throwLater(error);
  }
}

/** The port to the frame; what is sent before the designer is started is queued. */
const createPort = (hear: (message: ToLoader) => void) => {
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
      port = opened;
      port.postMessage(first);
      isStarted = first.type === "start";
      if (!isStarted) return;
      opened.onmessage = ({ data }: MessageEvent<unknown>) => isToLoader(data) && hear(data);
      for (const message of queue.splice(0)) tell(message);
    },
    /** Whether a designer was started through it. */
    hangUp: (): boolean => {
      const wasStarted = isStarted;
      port?.close();
      isStarted = false;
      return wasStarted;
    },
  };
};

/**
 * The message channel to the frame, kept up through all loads of the frame until `signal`; what it brings goes to `onLayout` and the
 * page's `onEvent`. Calls `showFailure` with true when the frame says nothing, and with false when it does.
 */
export const createChannel = (
  page: Options,
  signal: AbortSignal,
  onLayout: (message: LayoutMessage) => void,
  showFailure: (isShown?: boolean) => void,
) => {
  const port = createPort((message) => hear(message));
  const emit = createEmit(page);
  const submits = createRequests<Receipt>(port.send, submitTimeoutMs);
  const closes = createRequests<CloseOutcome>(port.send, closeTimeoutMs);
  const ready = createOutcome<void>(() => fail(noAnswer("frame-not-answering"), true));

  /** The designer is there, or cannot be, which ends all that waits for it. */
  const settle = (error?: CardDesignerError, isUnseen?: boolean): void => {
    port.queue.length = 0;
    submits.refuse(error);
    closes.refuse(error);
    ready.settle(error);
    showFailure(isUnseen);
  };
  /** The port stays as it is: a slow frame that comes after all is welcome. */
  const fail = (cause: unknown, isUnseen?: boolean): CardDesignerError => {
    const error = cause instanceof CardDesignerError ? cause : new CardDesignerError("not-started", String(cause));
    settle(error, isUnseen);
    say({ type: "problem", code: error.code, detail: error.detail });
    return error;
  };
  const say = (event: DesignerEventInput): void => emit({ eventId: createNonce(), ...event });
  const hear = (message: ToLoader): void => {
    if (message.type === "fetch-session") answerFetchSession(page, message.id, port.tell, signal);
    else if (message.type === "ask") void answerQuestion(page, message, port.tell, signal);
    else if (message.type === "submitted") {
      submits.settle({ submissionId: message.submissionId, state: "stored" }, message.id);
    } else if (message.type === "submit-failed") {
      submits.settle(new CardDesignerError(message.code, message.detail), message.id);
    } else if (message.type === "closed") closes.settle(message.outcome);
    else if (message.type !== "event") onLayout(message);
    else if (isDesignerEvent(message.event)) {
      const { event } = message;
      if (event.type === "ready") settle();
      // A problem before "ready" means that the start has failed; later this reject does nothing.
      if (event.type === "problem") ready.settle(new CardDesignerError(event.code, event.detail));
      emit(event);
    }
  };
  signal.addEventListener("abort", () => {
    port.hangUp();
    settle(new CardDesignerError("destroyed", "The designer was destroyed."));
  });

  return {
    ...port,
    readiness: ready,
    requestSubmit: () => submits.request((id) => ({ type: "submit", id })),
    fail,
    say,
    /** Asks the frame to keep or discard the design. One that cannot be asked may have kept it. */
    leave: (discard: boolean): Promise<CloseOutcome> =>
      closes.request(() => ({ type: "close", discard })).catch(() => "kept"),
    /** The frame is loaded again: the old port leads nowhere. What is queued for the first port is kept. */
    interrupt: (): void => {
      ready.stop();
      showFailure();
      if (port.hangUp()) submits.settle(new CardDesignerError("interrupted", "The designer was loaded again."));
    },
  };
};

export type Channel = ReturnType<typeof createChannel>;
