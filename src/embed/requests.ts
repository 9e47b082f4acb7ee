import { isCredentials, type ToFrame } from "#contracts/frame-messages.ts";
import type { SessionCredentials } from "#contracts/session.ts";
import { CardDesignerError, type Options } from "./options.ts";

// The id goes into the frame's address, so it may hold nothing that means something there.
const sessionIdForm = /^[\w-]{1,128}$/;
const maxSecretLength = 200;
const sessionTimeoutMs = 60_000;

/**
 * What the page's own function answers. Rejects with what it throws, at once or later, when it takes longer than `timeoutMs`, or with
 * `signal`.
 */
export function askPage<Answer>(
  name: string,
  ask: () => Answer | Promise<Answer>,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Answer> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return new Promise<Answer>((resolve, reject) => {
    timer = setTimeout(reject, timeoutMs, new Error(`${name} did not answer.`));
    signal?.addEventListener("abort", reject);
    (async () => ask())().then(resolve, reject);
  }).finally(() => clearTimeout(timer));
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
    if (
      !isCredentials(answer) ||
      !sessionIdForm.test(answer.sessionId) ||
      !answer.clientSecret ||
      answer.clientSecret.length > maxSecretLength ||
      (expectedId && answer.sessionId !== expectedId)
    )
      throw new Error("fetchSession gave no session.");
    return { sessionId: answer.sessionId, clientSecret: answer.clientSecret };
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

/** The page's requests of one kind: one at a time, shared by everyone who asks meanwhile. `create` makes the message that has this number. */
export function createRequests<Answer>(send: (message: ToFrame) => void, timeoutMs: number) {
  let lastId = 0;
  let pending: ReturnType<typeof createOutcome<Answer>> | undefined;
  let refusal: CardDesignerError | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** What the frame answered to request `id`, by default the last; an answer to an earlier one changes nothing. */
  const settle = (outcome: Answer | CardDesignerError, id = lastId): void => {
    if (id !== lastId) return;
    clearTimeout(timer);
    pending?.settle(outcome);
    pending = undefined;
  };
  return {
    settle,
    request: async (create: (id: number) => ToFrame): Promise<Answer> => {
      if (refusal) throw refusal;
      if (!pending) {
        pending = createOutcome();
        timer = setTimeout(settle, timeoutMs, new CardDesignerError("no-answer", "The designer did not answer."));
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
}
