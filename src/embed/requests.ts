import { isCredentials, type ToFrame } from "#contracts/frame-messages.ts";
import type { SessionCredentials } from "#contracts/session.ts";
import { CardDesignerError, type Options, type Receipt } from "./options.ts";

// The id goes into the frame's address, so it may hold nothing that means something there.
const sessionIdForm = /^[\w-]{1,128}$/;
const secretForm = /^[^]{1,200}$/;
const sessionTimeoutMs = 60_000;
/** Uploading from a slow phone included. */
const submitTimeoutMs = 300_000;

/** What the page's own function answers. Rejects with what it throws, at once or later, or when it takes longer than `timeoutMs`. */
export async function askPage<Answer>(
  name: string,
  ask: () => Answer | Promise<Answer>,
  timeoutMs: number,
): Promise<Answer> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${name} did not answer.`)), timeoutMs);
  });
  try {
    return await Promise.race([timeout, (async () => ask())()]);
  } finally {
    clearTimeout(timer);
  }
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
  try {
    const answer = await askPage("fetchSession", () => options.fetchSession(why), sessionTimeoutMs);
    if (!isCredentials(answer) || !sessionIdForm.test(answer.sessionId) || !secretForm.test(answer.clientSecret))
      throw new Error("fetchSession answered no session.");
    const { sessionId, clientSecret } = answer;
    if (expectedId && sessionId !== expectedId) throw new Error("fetchSession answered another session.");
    return { sessionId, clientSecret };
  } catch (cause) {
    throw new CardDesignerError("session-unavailable", "The page gave no session.", { cause });
  }
}

/** A promise, and what settles it: an error rejects it. */
export function createOutcome<Value>() {
  let settle: (outcome: Value | CardDesignerError) => void = () => {};
  const promise = new Promise<Value>((resolve, reject) => {
    settle = (outcome) => (outcome instanceof CardDesignerError ? reject(outcome) : resolve(outcome));
  });
  return { promise, settle };
}

/** The page's requests to send the design: one at a time, shared by everyone who asks meanwhile. */
export function createSubmitRequests(send: (message: ToFrame) => void) {
  let lastId = 0;
  let pending: ReturnType<typeof createOutcome<Receipt>> | undefined;
  let refusal: CardDesignerError | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** What the frame answered to request `id`, by default the last; an answer to an earlier one changes nothing. */
  const settle = (outcome: Receipt | CardDesignerError, id = lastId): void => {
    if (id !== lastId) return;
    clearTimeout(timer);
    pending?.settle(outcome);
    pending = undefined;
  };
  return {
    settle,
    submit: async (): Promise<Receipt> => {
      if (refusal) throw refusal;
      if (!pending) {
        pending = createOutcome();
        timer = setTimeout(settle, submitTimeoutMs, new CardDesignerError("no-answer", "The designer did not answer."));
        lastId += 1;
        send({ type: "submit", id: lastId });
      }
      return pending.promise;
    },
    /** Rejects every later request with this, until it is undefined again. */
    refuse: (error?: CardDesignerError): void => {
      refusal = error;
    },
  };
}
