import { type FrameOptions, isToFrame, type ToFrame, type ToLoader } from "#contracts/frame-messages.ts";
import type { SessionCredentials } from "#contracts/session.ts";
import { NoConnection } from "../api/request.ts";
import { keepFrameOptions } from "./frame-options.ts";
import { reportHeight } from "./report-height.ts";

/** The issuer's page is asked for a new client secret at most this long. */
const fetchSessionTimeoutMs = 60_000;
/** Messages that arrive before the designer listens are kept, up to this many. */
const maxWaiting = 50;

export interface HostStart extends SessionCredentials {
  readonly options: FrameOptions;
}

/** What the issuer's page asks of the designer once it runs. */
export type HostMessage = Extract<ToFrame, { type: "update" | "submit" | "focus" }>;

/** The designer's one line to the issuer's page. */
export interface HostLink {
  readonly kind: "connected";
  /** What the page started the designer with. The client secret works once. */
  readonly start: HostStart;
  send(message: ToLoader): void;
  /** Calls `listener` for every request of the page, those included that came before anyone listened. */
  onMessage(listener: (message: HostMessage) => void): () => void;
  /**
   * Asks the page for a new client secret. Rejects with NoConnection when it gives none within a minute: the page may be
   * offline for a moment, and only the server knows whether the session has ended.
   */
  fetchSession(): Promise<SessionCredentials>;
  /**
   * Keeps the frame as high as `element`, until the returned function is called.
   * The height of `element` must follow its content, never the viewport (no `vh`, no `height: 100%`).
   */
  reportHeight(element: HTMLElement): () => void;
}

interface Reply {
  readonly id: number;
  readonly credentials: SessionCredentials | null;
}

/** Requests for a new client secret: one at a time, shared by everyone who asks meanwhile. */
function createSessionRequests(send: (message: ToLoader) => void, timeoutMs: number) {
  let lastId = 0;
  let running: { readonly promise: Promise<SessionCredentials>; readonly answer: (reply: Reply) => void } | null = null;

  const ask = (): Promise<SessionCredentials> => {
    if (running) return running.promise;
    const id = ++lastId;
    const { promise, resolve, reject } = Promise.withResolvers<SessionCredentials>();
    const settle = (credentials: SessionCredentials | null): void => {
      clearTimeout(timer);
      running = null;
      if (credentials) resolve(credentials);
      else reject(new NoConnection());
    };
    const timer = setTimeout(() => settle(null), timeoutMs);
    running = { promise, answer: (reply) => reply.id === id && settle(reply.credentials) };
    send({ type: "fetch-session", id, why: "refresh" });
    return promise;
  };
  return { ask, answer: (reply: Reply) => running?.answer(reply) };
}

/** The line over a port that the handshake has already proved to lead to the issuer's page. */
export function createHostLink(port: MessagePort, start: HostStart, timeoutMs = fetchSessionTimeoutMs): HostLink {
  const listeners = new Set<(message: HostMessage) => void>();
  const waiting: HostMessage[] = [];
  const send = (message: ToLoader): void => port.postMessage(message);
  const sessions = createSessionRequests(send, timeoutMs);

  const deliver = (message: HostMessage): void => {
    if (listeners.size === 0 && waiting.length < maxWaiting) waiting.push(message);
    for (const listener of listeners) listener(message);
  };
  const hear = ({ data }: MessageEvent<unknown>): void => {
    if (!isToFrame(data) || data.type === "start") return;
    if (data.type === "session") {
      sessions.answer({ id: data.id, credentials: { sessionId: data.sessionId, clientSecret: data.clientSecret } });
    } else if (data.type === "session-failed") sessions.answer({ id: data.id, credentials: null });
    else if (data.type === "update") deliver({ ...data, options: keepFrameOptions(data.options) });
    else deliver(data);
  };
  port.addEventListener("message", hear);
  port.start();

  return {
    kind: "connected",
    start: { ...start, options: keepFrameOptions(start.options) },
    send,
    onMessage(listener) {
      listeners.add(listener);
      for (const message of waiting.splice(0)) listener(message);
      return () => void listeners.delete(listener);
    },
    fetchSession: sessions.ask,
    reportHeight: (element) => reportHeight(element, (heightPx) => send({ type: "height", heightPx })),
  };
}
