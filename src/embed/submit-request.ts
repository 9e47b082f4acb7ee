import type { ToFrame } from "#contracts/frame-messages.ts";
import { CardDesignerError, type Receipt } from "./options.ts";

interface Pending {
  readonly id: number;
  readonly promise: Promise<Receipt>;
  readonly settle: (outcome: Receipt | CardDesignerError) => void;
}

/** The page's requests to send: one at a time, shared by everyone who asks meanwhile. */
export function createSubmitRequest(send: (message: ToFrame) => void, timeoutMs: number) {
  let lastId = 0;
  let pending: Pending | undefined;
  let refusal: CardDesignerError | undefined;

  const begin = (): Pending => {
    const { promise, resolve, reject } = Promise.withResolvers<Receipt>();
    const settle: Pending["settle"] = (outcome) => {
      clearTimeout(timer);
      pending = undefined;
      if (outcome instanceof CardDesignerError) reject(outcome);
      else resolve(outcome);
    };
    const late = new CardDesignerError("no-answer", "The designer did not answer in time.");
    const timer = setTimeout(() => settle(late), timeoutMs);
    return { id: ++lastId, promise, settle };
  };

  return {
    ask: async (): Promise<Receipt> => {
      if (refusal) throw refusal;
      if (!pending) {
        pending = begin();
        send({ type: "submit", id: pending.id });
      }
      return pending.promise;
    },
    answer: (id: number, outcome: Receipt | CardDesignerError): void => {
      if (pending?.id === id) pending.settle(outcome);
    },
    /** Whoever waits is told that no answer will come. */
    interrupt: (error: CardDesignerError): void => pending?.settle(error),
    /** Whoever waits or asks from now on is told so; null takes it back. */
    refuse: (error: CardDesignerError | undefined): void => {
      refusal = error;
      if (error) pending?.settle(error);
    },
  };
}
