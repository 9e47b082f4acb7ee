import { isCredentials, type ToFrame } from "#contracts/frame-messages.ts";
import type { SessionCredentials } from "#contracts/session.ts";
import { CardDesignerError, type Options } from "./options.ts";

// The id goes into the frame's address, so it may hold nothing that means something there.
const sessionIdForm = /^[\w-]{1,128}$/;
const secretForm = /^[^]{1,200}$/;
const sessionTimeoutMs = 60_000;

/**
 * What the page's own function answers. Rejects with what it throws, when it takes longer than `timeoutMs`, or with `signal`.
 */
export const askPage = <Answer>(
  name: string,
  ask: () => Promise<Answer>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Answer> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new AbortController();
  return new Promise<Answer>((resolve, reject) => {
    timer = setTimeout(reject, timeoutMs, new Error(`${name} did not answer.`));
    signal.addEventListener("abort", reject, over);
    ask().then(resolve, reject);
  }).finally(() => {
    over.abort();
    clearTimeout(timer);
  });
};

/**
 * Asks the page for a session, or for a new client secret of the session `expectedId`, and checks what it answers. Rejects with
 * `session-ended` when it says that the visit is over, and with `session-unavailable` when it throws, takes longer than 60 s or answers
 * something else; the error's `detail` says which.
 */
export async function requestSession(
  options: Pick<Options, "fetchSession">,
  why: "start" | "refresh",
  signal: AbortSignal,
  expectedId?: string,
): Promise<SessionCredentials> {
  let code = "session-unavailable";
  try {
    const answer = await askPage("fetchSession", async () => options.fetchSession(why), sessionTimeoutMs, signal);
    if (answer === "over") code = "session-ended";
    if (!isCredentials(answer) || !sessionIdForm.test(answer.sessionId) || !secretForm.test(answer.clientSecret))
      throw new Error(`It gave ${answer && answer !== "over" ? "no sessionId, clientSecret" : answer}.`);
    const { sessionId, clientSecret } = answer;
    if (sessionId !== (expectedId ?? sessionId)) throw new Error("It gave another session.");
    return { sessionId, clientSecret };
  } catch (cause) {
    throw new CardDesignerError(code, `fetchSession: ${cause as Error}`);
  }
}

/** A promise, what settles it (an error rejects it), and the time that there is for it. */
export const createOutcome = <Value>(onLate: () => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let end: (outcome: Value | CardDesignerError) => void;
  const promise = new Promise<Value>((resolve, reject) => {
    end = (outcome) => (outcome instanceof CardDesignerError ? reject(outcome) : resolve(outcome));
  });
  // A page that listens to `onEvent` alone is told there: no unhandled rejection on top.
  promise.catch(() => {});
  const stop = (): void => clearTimeout(timer);
  return {
    promise,
    stop,
    /** Starts the time, or starts it again. */
    wait: (ms: number): void => {
      stop();
      timer = setTimeout(onLate, ms);
    },
    settle: (outcome: Value | CardDesignerError): void => {
      stop();
      end(outcome);
    },
  };
};

/** The page's requests of one kind: one at a time, shared by everyone who asks meanwhile. `create` makes the message that has this number. */
export const createRequests = <Answer>(send: (message: ToFrame) => void, timeoutMs: number) => {
  let lastId = 0;
  let pending: ReturnType<typeof createOutcome<Answer>> | undefined;
  let refusal: CardDesignerError | undefined;

  /** What the frame answered to request `id`, by default the last; an answer to an earlier one changes nothing. */
  const settle = (outcome: Answer | CardDesignerError, id = lastId): void => {
    if (id !== lastId) return;
    pending?.settle(outcome);
    pending = undefined;
  };
  return {
    settle,
    request: async (create: (id: number) => ToFrame): Promise<Answer> => {
      if (refusal) throw refusal;
      if (!pending) {
        pending = createOutcome(() => settle(noAnswer("no-answer")));
        pending.wait(timeoutMs);
        lastId += 1;
        send(create(lastId));
      }
      return pending.promise;
    },
    /** Rejects this request and every later one with this, until it is undefined again. */
    refuse: (error?: CardDesignerError): void => {
      refusal = error;
      if (error) settle(error);
    },
  };
};

/** For what the designer was to say within a time, and has not. */
export const noAnswer = (code: "no-answer" | "frame-not-answering"): CardDesignerError =>
  new CardDesignerError(code, "The designer did not answer.");
