import { type FrameOptions, isToFrame, type Scheme, type ToFrame, type ToLoader } from "#contracts/frame-messages.ts";
import { languageOf } from "#contracts/locale.ts";
import type { SessionCredentials } from "#contracts/session.ts";
import { type PromiseAndResolvers, withResolvers } from "#contracts/with-resolvers.ts";
import { Problem } from "#contracts/problem.ts";
import { NoAnswer } from "../api/request.ts";
import { reportHeight } from "./report-height.ts";

/** The issuer's page is asked for a new client secret at most this long. */
const fetchSessionTimeoutMs = 60_000;
/** What the page asks the cardholder takes time. */
const questionTimeoutMs = 600_000;
/** Messages that arrive before the designer listens are queued, up to this many. */
const maxQueued = 50;

const maxTexts = 1000;
const maxTextLength = 2000;

export interface HostStart extends SessionCredentials {
  readonly options: FrameOptions;
}

/** What the issuer's page asks of the designer once it runs. */
export type HostMessage = Extract<ToFrame, { type: "update" | "submit" | "focus" | "close" }>;

type Question = Extract<ToLoader, { type: "ask" }>;

/** How the frame lies on the page. */
export type LayoutNews = Extract<ToFrame, { type: "full" | "inline" }>;

/** The designer's connection to the issuer's page. */
export interface HostLink {
  readonly kind: "connected";
  /** What the page started the designer with. The client secret works once. */
  readonly start: HostStart;
  send(message: ToLoader): void;
  /** Calls `listener` for every request of the page, those included that came before anyone listened. */
  onMessage(listener: (message: HostMessage) => void): () => void;
  /** Calls `listener` whenever the page's scheme is another than the frame was loaded with. */
  onScheme(listener: (scheme: Scheme) => void): void;
  /** Calls `listener` whenever the page says how the frame lies. A page with an older loader never does. */
  onLayout(listener: (news: LayoutNews) => void): void;
  /**
   * Asks the page for a new client secret. Rejects with Problem (session-expired) when the page says that the visit is over, and with
   * NoAnswer when it gives none within a minute: the page may be offline for a moment, and only the server knows whether the session
   * has ended.
   */
  fetchSession(): Promise<SessionCredentials>;
  /**
   * Calls `listener` when the page says that the visit is over, at once where it already is; again only after it has given a session
   * since.
   */
  onOver(listener: () => void): void;
  /**
   * Calls a function of the page's, which must be among its options, and gives its answer. Rejects with what the page's developer should
   * know, after ten minutes at the latest. The signal of the function is aborted then, and with this one.
   */
  ask<What extends Question["what"]>(
    what: What,
    about: Extract<Question, { what: What }>["about"],
    signal: AbortSignal,
  ): Promise<unknown>;
  /**
   * Keeps the frame as high as `element`, until the returned function is called.
   * The height of `element` must follow its content, never the viewport (no `vh`, no `height: 100%`).
   */
  reportHeight(element: HTMLElement): () => void;
}

function parseTexts(value: unknown): Record<string, string> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const texts = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string" && entry[1].length <= maxTextLength,
  );
  return Object.fromEntries(texts.slice(0, maxTexts));
}

/** The parts of what a page passed as options that have the agreed shape; the rest is dropped. */
export function parseFrameOptions(options: Readonly<Record<string, unknown>> | FrameOptions): FrameOptions {
  const messages = parseTexts(options.messages);
  const theme = parseTexts(options.theme);
  return {
    ...(typeof options.locale === "string" && languageOf(options.locale) !== "" && { locale: options.locale }),
    ...(messages && { messages }),
    ...(theme && { theme }),
    ...(options.beforeSubmit === true && { beforeSubmit: true }),
    ...(options.pickImage === true && { pickImage: true }),
  };
}

/** Requests for a new client secret: one at a time, shared by everyone who asks meanwhile. */
function createSessionRequests(send: (message: ToLoader) => void, timeoutMs: number) {
  let lastId = 0;
  let pending: PromiseAndResolvers<SessionCredentials> | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** An answer to an earlier request changes nothing. */
  const settle = (id: number, outcome: SessionCredentials | Error): void => {
    if (pending === null || id !== lastId) return;
    clearTimeout(timer);
    if (outcome instanceof Error) pending.reject(outcome);
    else pending.resolve(outcome);
    pending = null;
  };
  const request = (): Promise<SessionCredentials> => {
    if (pending) return pending.promise;
    const id = ++lastId;
    pending = withResolvers<SessionCredentials>();
    timer = setTimeout(() => settle(id, new NoAnswer()), timeoutMs);
    send({ type: "fetch-session", id, why: "refresh" });
    return pending.promise;
  };
  let isOver = false;
  let overListener: (() => void) | undefined;
  return {
    request,
    hear: (message: Extract<ToFrame, { type: "session" | "session-failed" }>): void => {
      if (message.type === "session") {
        isOver = false;
        return settle(message.id, { sessionId: message.sessionId, clientSecret: message.clientSecret });
      }
      const hasEnded = message.code === "session-ended";
      settle(message.id, hasEnded ? new Problem("session-expired") : new NoAnswer());
      if (hasEnded && !isOver) overListener?.();
      isOver ||= hasEnded;
    },
    onOver: (listener: () => void): void => {
      overListener = listener;
      if (isOver) listener();
    },
  };
}

/** Questions to the page's own functions, each with an id that no other load of this frame has used. */
function createQuestions(send: (message: ToLoader) => void, timeoutMs: number) {
  const open = new Map<number, PromiseAndResolvers<unknown>>();
  const ask: HostLink["ask"] = async (what, about, signal) => {
    signal.throwIfAborted();
    const [id = 0] = crypto.getRandomValues(new Uint32Array(1));
    const question = withResolvers<unknown>();
    open.set(id, question);
    const giveUp = (reason: unknown): void => {
      question.reject(reason);
      // At once, before anything else is asked: it ends whatever question is open.
      send({ type: "ask", id, what: "nothing", about: {} });
    };
    const timer = setTimeout(() => giveUp(new Error(`${what} has not answered within ten minutes.`)), timeoutMs);
    const stop = (): void => giveUp(signal.reason);
    signal.addEventListener("abort", stop);
    try {
      send({ type: "ask", id, what, about } as Question);
      return await question.promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      open.delete(id);
    }
  };
  return {
    ask,
    settle: (message: Extract<ToFrame, { type: "answer" | "answer-failed" }>): void => {
      const question = open.get(message.id);
      if (message.type === "answer") question?.resolve(message.answer);
      else question?.reject(new Error(message.detail));
    },
  };
}

/** The link over a port that the handshake has already proved to lead to the issuer's page. */
export function createHostLink(
  port: MessagePort,
  start: HostStart,
  timeoutMs = fetchSessionTimeoutMs,
  questionMs = questionTimeoutMs,
): HostLink {
  const listeners = new Set<(message: HostMessage) => void>();
  const queue: HostMessage[] = [];
  let schemeListener: ((scheme: Scheme) => void) | undefined;
  let scheme: Scheme | undefined;
  let layoutListener: ((news: LayoutNews) => void) | undefined;
  const send = (message: ToLoader): void => port.postMessage(message);
  const sessions = createSessionRequests(send, timeoutMs);
  const questions = createQuestions(send, questionMs);

  const deliver = (message: HostMessage): void => {
    if (listeners.size === 0 && queue.length < maxQueued) queue.push(message);
    for (const listener of listeners) listener(message);
  };
  const onPortMessage = ({ data }: MessageEvent<unknown>): void => {
    if (!isToFrame(data) || data.type === "start" || data.type === "refused") return;
    if (data.type === "scheme") {
      ({ scheme } = data);
      schemeListener?.(data.scheme);
    } else if (data.type === "full" || data.type === "inline") layoutListener?.(data);
    else if (data.type === "session" || data.type === "session-failed") sessions.hear(data);
    else if (data.type === "answer" || data.type === "answer-failed") questions.settle(data);
    else if (data.type === "update") deliver({ ...data, options: parseFrameOptions(data.options) });
    else deliver(data);
  };
  port.addEventListener("message", onPortMessage);
  port.start();

  return {
    kind: "connected",
    start: { ...start, options: parseFrameOptions(start.options) },
    send,
    onMessage(listener) {
      listeners.add(listener);
      for (const message of queue.splice(0)) listener(message);
      return () => void listeners.delete(listener);
    },
    onScheme(listener) {
      schemeListener = listener;
      if (scheme !== undefined) listener(scheme);
    },
    onLayout(listener) {
      layoutListener = listener;
    },
    fetchSession: sessions.request,
    onOver: sessions.onOver,
    ask: questions.ask,
    reportHeight: (element) => reportHeight(element, (heightPx) => send({ type: "height", heightPx })),
  };
}
