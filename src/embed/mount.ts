import { type FrameHello, frameProtocol } from "#contracts/frame-messages.ts";
import type { SessionCredentials } from "#contracts/session.ts";
import { askForSession } from "./ask-for-session.ts";
import { createConversation } from "./conversation.ts";
import { createFrame, frameTitle, setFrameHeight, showFrameTop } from "./frame.ts";
import { connect, createNonce, listenForHello } from "./handshake.ts";
import { defaultLimits } from "./limits.ts";
import { CardDesignerError, type Handle, type Options } from "./options.ts";
import { plainOptions } from "./plain-options.ts";

const mismatch = () =>
  new CardDesignerError("protocol-mismatch", "The script and the designer are of different versions.");
const destroyed = () => new CardDesignerError("destroyed", "The designer was taken off the page.");

/**
 * Puts the designer that is served at `origin` into `element`.
 * Everything it leaves on the page (frame, listener, port, timers) goes with `destroy`.
 */
export function mountDesigner(element: HTMLElement, options: Options, origin: string, limits = defaultLimits): Handle {
  const life = new AbortController();
  const talk = createConversation(options, limits, {
    setHeight: (heightPx) => frame && setFrameHeight(frame, heightPx),
    showTop: () => frame && showFrameTop(frame),
  });
  let current: Options = options;
  let frame: HTMLIFrameElement | undefined;

  const showFrame = (session: SessionCredentials): void => {
    const nonce = createNonce();
    const shown = createFrame(`${origin}/frame/${session.sessionId}#nonce=${nonce}`, frameTitle(current));
    let unused: SessionCredentials | undefined = session;
    let newest = "";
    const greet = async ({ protocol, boot }: FrameHello): Promise<void> => {
      newest = boot;
      if (protocol !== frameProtocol) throw mismatch();
      talk.interrupt();
      const credentials = unused ?? (await talk.refresh(session.sessionId));
      unused = undefined;
      // While the page fetched a secret, the frame may have been loaded once more: that load gets a port of its own.
      if (life.signal.aborted || boot !== newest) return;
      talk.open(connect(shown, origin, nonce), { type: "start", options: plainOptions(current), ...credentials });
    };
    const hear = (hello: FrameHello): void => {
      greet(hello).catch((error: unknown) => hello.boot === newest && fail(error));
    };
    listenForHello(shown, { origin, nonce, signal: life.signal }, hear);
    talk.ready.expect();
    element.append(shown);
    frame = shown;
  };
  const start = async (): Promise<void> => {
    // A page that mounts and destroys in one breath, as React's StrictMode does, asks for no session.
    await Promise.resolve();
    if (life.signal.aborted) return;
    const session = await askForSession(options, "start", limits.sessionMs);
    if (!life.signal.aborted) showFrame(session);
  };
  const fail = (error: unknown): void => {
    if (life.signal.aborted) return;
    talk.fail(error instanceof CardDesignerError ? error : new CardDesignerError("not-started", String(error)));
  };
  start().catch(fail);

  return {
    ready: talk.ready.promise,
    update: (changes) => {
      current = { ...current, ...changes };
      if (frame) frame.title = frameTitle(current);
      if (talk.isOpen()) talk.send({ type: "update", options: plainOptions(current) });
    },
    focus: (edge = "first") => {
      frame?.focus();
      talk.send({ type: "focus", edge });
    },
    submit: talk.submit,
    destroy: async () => {
      life.abort();
      talk.end(destroyed());
      frame?.remove();
    },
  };
}
