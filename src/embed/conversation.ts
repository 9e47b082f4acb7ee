import {
  type DesignerEvent,
  isDesignerEvent,
  isToLoader,
  type ToFrame,
  type ToLoader,
} from "#contracts/frame-messages.ts";
import type { SessionCredentials } from "#contracts/session.ts";
import { askForSession } from "./ask-for-session.ts";
import { createNonce } from "./handshake.ts";
import type { Limits } from "./limits.ts";
import { createLine } from "./line.ts";
import { CardDesignerError, type Options } from "./options.ts";
import { createReady } from "./ready.ts";
import { createSubmitRequest } from "./submit-request.ts";
import { createTell } from "./tell.ts";

/** What the frame may ask of its place on the page. */
interface Place {
  setHeight(heightPx: number): void;
  showTop(): void;
}

type Start = Extract<ToFrame, { type: "start" }>;

const notAnswering = () => new CardDesignerError("frame-not-answering", "The designer's frame does not answer.");
const interrupted = () =>
  new CardDesignerError("interrupted", "The designer was loaded again. Its events say what became of the design.");

/** What is said with the frame over its port, through all loads of the frame, and how it reaches the page. */
export function createConversation(options: Options, limits: Limits, place: Place) {
  const line = createLine();
  const tell = createTell(options.onEvent?.bind(options));
  const submits = createSubmitRequest(line.send, limits.submitMs);
  const ready = createReady(limits.answerMs, () => fail(notAnswering()));

  const giveUp = (error: CardDesignerError): void => {
    line.forget();
    submits.refuse(error);
    ready.fail(error);
  };
  const end = (error: CardDesignerError): void => {
    line.close();
    giveUp(error);
  };
  /** The line stays as it is: a slow frame that comes after all is welcome. */
  const fail = (error: CardDesignerError): void => {
    giveUp(error);
    tell({ eventId: `loader-${createNonce()}`, type: "problem", code: error.code, detail: error.detail });
  };
  const refresh = (sessionId: string): Promise<SessionCredentials> =>
    askForSession(options, "refresh", limits.sessionMs, sessionId);

  const answerFetchSession = (id: number, sessionId: string): Promise<void> =>
    refresh(sessionId).then(
      (session) => line.send({ type: "session", id, ...session }),
      () => line.send({ type: "session-failed", id }),
    );
  const hearEvent = (event: DesignerEvent): void => {
    if (event.type === "ready") {
      submits.refuse(undefined);
      ready.succeed();
    }
    // Before "ready" it says why there will be none; later `ready` has long resolved.
    if (event.type === "problem") ready.fail(new CardDesignerError(event.code, event.detail));
    tell(event);
  };
  const hear = (message: ToLoader, sessionId: string): void => {
    if (message.type === "height") place.setHeight(message.heightPx);
    else if (message.type === "top") place.showTop();
    else if (message.type === "fetch-session") void answerFetchSession(message.id, sessionId);
    else if (message.type === "submitted") {
      submits.answer(message.id, { submissionId: message.submissionId, state: "stored" });
    } else if (message.type === "submit-failed") {
      submits.answer(message.id, new CardDesignerError(message.code, message.detail));
    } else if (isDesignerEvent(message.event)) {
      hearEvent(message.event);
    }
  };
  const open = (port: MessagePort, start: Start): void => {
    port.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      if (isToLoader(data)) hear(data, start.sessionId);
    });
    port.start();
    line.open(port, start);
    ready.expect();
  };
  /** The frame was loaded again: the old port leads nowhere. What still waits for its first port is not lost. */
  const interrupt = (): void => {
    if (!line.isOpen()) return;
    line.close();
    submits.interrupt(interrupted());
  };
  return { ready, submit: submits.ask, send: line.send, isOpen: line.isOpen, refresh, open, interrupt, fail, end };
}
