import type { ToFrame } from "#contracts/frame-messages.ts";
import type { SessionCredentials } from "#contracts/session.ts";
import { withResolvers } from "#contracts/with-resolvers.ts";
import { CardDesignerError, type Options, type Receipt } from "./options.ts";

/** A promise that is settled from outside, with a timeout. */
export interface Pending<Value> {
  readonly promise: Promise<Value>;
  /** Starts the time until `onTimeout` is called, or starts it again. */
  startTimeout(ms?: number): void;
  stopTimeout(): void;
  resolve(value: Value): void;
  reject(error: unknown): void;
}

/** The timeout only calls `onTimeout`; settling it stops the timeout. */
export function createPending<Value>(timeoutMs: number, onTimeout: () => void): Pending<Value> {
  const { promise, resolve, reject } = withResolvers<Value>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    promise,
    startTimeout: (ms = timeoutMs) => {
      clearTimeout(timer);
      timer = setTimeout(onTimeout, ms);
    },
    stopTimeout: () => clearTimeout(timer),
    resolve: (value) => {
      clearTimeout(timer);
      resolve(value);
    },
    reject: (error) => {
      clearTimeout(timer);
      reject(error);
    },
  };
}

// The id goes into the frame's address, so it may hold nothing that means something there.
const sessionIdForm = /^[\w-]{1,128}$/;
const secretForm = /^[^]{1,200}$/;
const sessionTimeoutMs = 60_000;
/** Uploading from a slow phone included. */
const submitTimeoutMs = 300_000;

function hasForm(value: unknown, form: RegExp): value is string {
  return typeof value === "string" && form.test(value);
}

function readCredentials(
  answer: Partial<SessionCredentials> | null | undefined,
  expectedId?: string,
): SessionCredentials {
  const { sessionId, clientSecret } = answer ?? {};
  if (!hasForm(sessionId, sessionIdForm) || !hasForm(clientSecret, secretForm)) {
    throw new Error("fetchSession answered no session.");
  }
  if (expectedId && sessionId !== expectedId) throw new Error("fetchSession answered another session.");
  return { sessionId, clientSecret };
}

/**
 * Asks the page for a session, or for a new client secret of the session `expectedId`, and checks what it answers.
 * Rejects with `session-unavailable` when it throws, takes longer than 60 s or answers something else.
 */
export async function requestSession(
  options: Pick<Options, "fetchSession">,
  why: "start" | "refresh",
  expectedId?: string,
): Promise<SessionCredentials> {
  const late = new Error("fetchSession did not answer.");
  const pending = createPending<SessionCredentials>(sessionTimeoutMs, () => pending.reject(late));
  pending.startTimeout();
  // An async function, since the page's own may throw at once or answer without a promise.
  const fetchSession = async (): Promise<SessionCredentials> => options.fetchSession(why);
  fetchSession().then(pending.resolve, pending.reject);
  try {
    return readCredentials(await pending.promise, expectedId);
  } catch (cause) {
    throw new CardDesignerError("session-unavailable", "The page gave no session.", { cause });
  }
}

/** The page's requests to send the design: one at a time, shared by everyone who asks meanwhile. */
export function createSubmitRequests(send: (message: ToFrame) => void) {
  let lastId = 0;
  let pending: Pending<Receipt> | undefined;
  let refusal: CardDesignerError | undefined;

  const settle = (outcome: Receipt | CardDesignerError): void => {
    const settled = pending;
    pending = undefined;
    if (outcome instanceof CardDesignerError) settled?.reject(outcome);
    else settled?.resolve(outcome);
  };
  const late = () => settle(new CardDesignerError("no-answer", "The designer did not answer."));

  return {
    submit: async (): Promise<Receipt> => {
      if (refusal) throw refusal;
      if (!pending) {
        pending = createPending(submitTimeoutMs, late);
        pending.startTimeout();
        lastId += 1;
        send({ type: "submit", id: lastId });
      }
      return pending.promise;
    },
    /** What the frame answered to request `id`; an answer to an earlier one changes nothing. */
    settle: (id: number, outcome: Receipt | CardDesignerError): void => {
      if (id === lastId) settle(outcome);
    },
    /** Rejects the pending request: no answer will come. */
    interrupt: (): void => {
      const detail = "The designer was loaded again.";
      settle(new CardDesignerError("interrupted", detail));
    },
    /** Rejects the pending request, and every later one until `accept()`. */
    refuse: (error: CardDesignerError): void => {
      refusal = error;
      settle(error);
    },
    accept: (): void => {
      refusal = undefined;
    },
  };
}
