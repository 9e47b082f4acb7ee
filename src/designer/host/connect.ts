import {
  type FrameHello,
  type FrameOptions,
  frameProtocol,
  isLoaderConnect,
  isToFrame,
} from "#contracts/frame-messages.ts";
import { withResolvers } from "#contracts/with-resolvers.ts";
import { createHostLink, type HostLink, parseFrameOptions } from "./host-link.ts";
import { randomId } from "./random-id.ts";

const helloEveryMs = 250;
/** A frame that is loaded again waits until the page's `fetchSession` has answered: 60 s at most, and a little for the way. */
const connectTimeoutMs = 65_000;
const nonceForm = /^#nonce=([A-Za-z0-9_-]{16,128})$/;

/**
 * `not-framed`: opened by itself, or by a page that may not frame it; the person should open it from their bank's page.
 * `no-answer`: framed rightly, but the page did not answer the handshake within 65 s.
 * `refused`: the page answered that it cannot start the designer now. When the frame is loaded again it is asked once more.
 * `session-ended`: it answered that the person's visit is over.
 */
export type HostFailure =
  | { readonly kind: "not-framed" | "no-answer" }
  | { readonly kind: "refused" | "session-ended"; readonly options: FrameOptions };

/** Origins that may frame the designer, as the server wrote them into the page. */
function readAllowedOrigins(frame: Window): readonly string[] {
  const meta = frame.document.querySelector<HTMLMetaElement>('meta[name="fullbleed-origins"]');
  return meta?.content.split(/\s+/).filter(Boolean) ?? [];
}

/** The allowed origins that the parent can have; browsers that tell the parent's origin narrow it to one. */
function readParentOrigins(frame: Window): readonly string[] {
  const allowed = readAllowedOrigins(frame);
  const parentOrigin = frame.location.ancestorOrigins?.[0];
  if (parentOrigin === undefined || parentOrigin === "null") return allowed;
  return allowed.filter((origin) => origin === parentOrigin);
}

/**
 * Takes the nonce out of the address, so that it is in no later link or report. The state of the history entry keeps it
 * for a frame that is reloaded by itself.
 */
function takeNonce(frame: Window): string | undefined {
  const nonce = nonceForm.exec(frame.location.hash)?.[1];
  if (nonce === undefined) return readStoredNonce(frame.history.state);
  frame.history.replaceState({ nonce }, "", frame.location.href.split("#")[0]);
  return nonce;
}

function readStoredNonce(state: unknown): string | undefined {
  const nonce = typeof state === "object" && state !== null && "nonce" in state ? state.nonce : undefined;
  return typeof nonce === "string" ? nonce : undefined;
}

/** Waits for the first message through the port: what the designer is started with, or that it is not. */
function readStart(port: MessagePort, onAnswer: (answer: HostLink | HostFailure) => void): void {
  const listening = new AbortController();
  const onMessage = ({ data }: MessageEvent<unknown>): void => {
    if (!isToFrame(data) || (data.type !== "start" && data.type !== "refused")) return;
    listening.abort();
    if (data.type === "start") onAnswer(createHostLink(port, data));
    else {
      const kind = data.code === "session-ended" ? "session-ended" : "refused";
      onAnswer({ kind, options: parseFrameOptions(data.options) });
    }
  };
  port.addEventListener("message", onMessage, { signal: listening.signal });
  port.start();
}

function handshake(
  frame: Window,
  origins: readonly string[],
  nonce: string,
  timeoutMs: number,
): Promise<HostLink | HostFailure> {
  const hello: FrameHello = { fullbleed: "hello", protocol: frameProtocol, nonce, boot: randomId(), asks: true };
  const { promise, resolve } = withResolvers<HostLink | HostFailure>();
  const postHello = (): void => {
    for (const origin of origins) frame.parent.postMessage(hello, origin);
  };
  const onMessage = ({ source, origin, data, ports: [port] }: MessageEvent<unknown>): void => {
    if (source !== frame.parent || !origins.includes(origin) || !port || !isLoaderConnect(data)) return;
    if (data.nonce !== nonce || data.protocol !== frameProtocol) return;
    stopListening();
    readStart(port, (answer) => {
      clearTimeout(timeout);
      resolve(answer);
    });
  };
  const stopListening = (): void => {
    clearInterval(helloTimer);
    frame.removeEventListener("message", onMessage);
  };
  const helloTimer = setInterval(postHello, helloEveryMs);
  const timeout = setTimeout(() => {
    stopListening();
    resolve({ kind: "no-answer" });
  }, timeoutMs);
  frame.addEventListener("message", onMessage);
  postHello();
  return promise;
}

/**
 * Connects the designer's frame to the loader on the issuer's page. Call it once per page load.
 * Never rejects: what can be expected to fail is a value (`HostFailure`).
 */
export async function connectToHost(
  frame: Window = window,
  timeoutMs = connectTimeoutMs,
): Promise<HostLink | HostFailure> {
  const nonce = takeNonce(frame);
  const origins = readParentOrigins(frame);
  if (frame.parent === frame || !nonce || origins.length === 0) return { kind: "not-framed" };
  return handshake(frame, origins, nonce, timeoutMs);
}
