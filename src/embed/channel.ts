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
import { createOutcome, requestSession } from "./requests.ts";

/** How long the frame has for its first message, in milliseconds. */
export const answerTimeoutMs = 20_000;
/** And for its "ready" after that: longer than it tries to reach its server, so that it can say itself what went wrong. */
export const readyTimeoutMs = 90_000;
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
      window.reportError?.(error);
    }
  };
};

/** The port to the frame, for which it calls the page's functions; what is sent before the designer is started is queued. */
const createPort = (page: Options, signal: AbortSignal, hear: (message: ToLoader) => void) => {
  const queue: ToFrame[] = [];
  /** Once the designer is started through it. */
  let port: MessagePort | undefined;
  let asking: AbortController | undefined;
  /** For a designer that is started: one that is not learns it from its start. */
  const tell = (message: ToFrame): void => port?.postMessage(message);
  const giveSession = (id: number): unknown =>
    // It may be another session: whether that is for the same card, the server says to the frame.
    requestSession(page, "refresh", signal).then(
      (session) => tell({ type: "session", id, ...session }),
      ({ code }: CardDesignerError) =>
        tell({ type: "session-failed", id, code: code === "session-ended" ? code : undefined }),
    );
  /** Whether the page takes too long is the frame's to say, which knows what for: its next question ends this one. */
  const answer = async ({ id, what, about }: Extract<ToLoader, { type: "ask" }>): Promise<void> => {
    asking?.abort();
    const question = new AbortController();
    asking = question;
    try {
      const ask = page as Partial<Record<typeof what, (...given: unknown[]) => unknown>>;
      tell({ type: "answer", id, answer: await ask[what]?.(about, { signal: question.signal }) });
    } catch (error) {
      if (question.signal.aborted) return;
      tell({ type: "answer-failed", id, detail: error instanceof Error ? String(error) : what });
      window.reportError?.(error);
    } finally {
      // What has been answered is over.
      if (asking === question) asking = undefined;
    }
  };
  const onMessage = ({ data }: MessageEvent<unknown>): unknown => {
    if (!isToLoader(data)) return undefined;
    if (data.type === "ask") return answer(data);
    return data.type === "fetch-session" ? giveSession(data.id) : hear(data);
  };
  return {
    queue,
    tell,
    send: (message: ToFrame): void => {
      if (port) tell(message);
      else if (queue.length < maxQueued) queue.push(message);
    },
    /** The frame's end of a new message channel, through which this comes first. */
    open: (first: First): MessagePort => {
      const { port1, port2 } = new MessageChannel();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port has none
      port1.postMessage(first);
      if (first.type === "start") {
        port = port1;
        port.onmessage = onMessage;
        for (const message of queue.splice(0)) tell(message);
      }
      return port2;
    },
    /** Whether a designer was started through it. */
    hangUp: (): boolean => {
      const opened = port;
      asking?.abort();
      port?.close();
      port = undefined;
      return !!opened;
    },
  };
};

/** What the page asks of the designer, through `send`. */
const createRequests = (send: (message: ToFrame) => void) => {
  const submitted = createOutcome<Receipt>(() => submitted.settle(new CardDesignerError("no-answer", "No answer.")));
  const closed = createOutcome<CloseOutcome>(() => closed.settle("kept"));
  let submitId = 0;
  /** Why nothing can be asked of the designer. */
  let failure: CardDesignerError | undefined;
  return {
    submitting: submitted,
    closing: closed,
    /** An answer to an earlier request changes nothing. */
    onAnswer: (id: number, outcome: Receipt | CardDesignerError): void => {
      if (id === submitId) submitted.settle(outcome);
    },
    /** Ends what is asked, and rejects whatever is asked from then on, until it is undefined again. */
    refuse: (error?: CardDesignerError): void => {
      failure = error;
      if (!error) return;
      submitted.settle(error);
      closed.settle("kept");
    },
    /** Shared by everyone who asks meanwhile. */
    requestSubmit: async (): Promise<Receipt> => {
      if (failure) throw failure;
      if (submitted.wait(submitTimeoutMs)) send({ type: "submit", id: (submitId += 1) });
      return submitted.promise;
    },
    /** Asks the frame to keep or discard the design. One that cannot be asked may have kept it. */
    leave: async (discard: boolean): Promise<CloseOutcome> => {
      if (failure) return "kept";
      closed.wait(closeTimeoutMs);
      send({ type: "close", discard });
      return closed.promise;
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
  const port = createPort(page, signal, (message) => hear(message));
  const emit = createEmit(page);
  const requests = createRequests(port.send);
  const silent = "Nothing came from the frame: it is blocked, or its server is down.";
  const ready = createOutcome<void>(() => fail(new CardDesignerError("frame-not-answering", silent), true));
  ready.wait();

  /** The designer is there, or cannot be, which ends all that waits for it. */
  const settle = (error?: CardDesignerError, isUnseen?: boolean): void => {
    port.queue.length = 0;
    requests.refuse(error);
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
    if (message.type === "submitted")
      requests.onAnswer(message.id, { submissionId: message.submissionId, state: "stored" });
    else if (message.type === "submit-failed")
      requests.onAnswer(message.id, new CardDesignerError(message.code, message.detail));
    else if (message.type === "closed") requests.closing.settle(message.outcome);
    else if (message.type !== "event") onLayout(message as LayoutMessage);
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
    settle(new CardDesignerError("destroyed", "The frame was destroyed."));
  });

  return {
    ...port,
    ...requests,
    readiness: ready,
    fail,
    say,
    /** The frame is loaded again: the old port leads nowhere. What is queued for the first port is kept. */
    interrupt: (): void => {
      ready.wait();
      showFailure();
      if (port.hangUp())
        requests.submitting.settle(new CardDesignerError("interrupted", "The frame was loaded again."));
    },
  };
};

export type Channel = ReturnType<typeof createChannel>;
