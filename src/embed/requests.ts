import { isCredentials } from "#contracts/frame-messages.ts";
import type { SessionCredentials } from "#contracts/session.ts";
import { CardDesignerError, type Options } from "./options.ts";

// It goes into the frame's address, so it may hold nothing that means something there.
const idForm = /^[\w-]{1,128}$/;
const secretForm = /^[^]{1,200}$/;
const sessionTimeoutMs = 60_000;

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
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new AbortController();
  try {
    const answer = await new Promise<SessionCredentials | "over">((resolve, reject) => {
      timer = setTimeout(reject, sessionTimeoutMs, new Error("No answer."));
      signal.addEventListener("abort", reject, over);
      // What it throws at once is a rejection too.
      (async () => options.fetchSession(why))().then(resolve, reject);
    });
    if (answer === "over") {
      code = "session-ended";
      throw new Error('It answered "over".');
    }
    if (!isCredentials(answer) || !idForm.test(answer.sessionId) || !secretForm.test(answer.clientSecret))
      throw new Error(`It answered ${answer ? "no sessionId, clientSecret" : answer}.`);
    const { sessionId, clientSecret } = answer;
    if (sessionId !== (expectedId ?? sessionId)) throw new Error("It answered another session.");
    return { sessionId, clientSecret };
  } catch (cause) {
    throw new CardDesignerError(code, `fetchSession: ${cause as Error}`);
  } finally {
    over.abort();
    clearTimeout(timer);
  }
}

/** What is waited for, once or again and again: a promise, what settles it (an error rejects it), and the time that there is for it. */
export const createOutcome = <Value>(onLate: () => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let end: ((outcome: Value | CardDesignerError) => void) | undefined;
  const its = {
    /** Of the last `wait`. */
    promise: undefined as unknown as Promise<Value>,
    /** Starts the time, or starts it again; without any the promise may take as long as it likes. True where the promise is a new one. */
    wait: (ms?: number): boolean => {
      clearTimeout(timer);
      if (ms) timer = setTimeout(onLate, ms);
      if (end) return false;
      its.promise = new Promise<Value>((resolve, reject) => {
        end = (outcome) => (outcome instanceof CardDesignerError ? reject(outcome) : resolve(outcome));
      });
      // A page that listens to `onEvent` alone is told there: no unhandled rejection on top.
      its.promise.catch(() => {});
      return true;
    },
    settle: (outcome: Value | CardDesignerError): void => {
      clearTimeout(timer);
      end?.(outcome);
      end = undefined;
    },
  };
  return its;
};
