import { type FrameHello, frameProtocol, isLoaderConnect, isToFrame } from "#contracts/frame-messages.ts";
import { createHostLink, type HostLink, type HostStart } from "./host-link.ts";

const helloEveryMs = 250;
/** A frame that is loaded again waits for the page's `fetchSession`, which has 60 s, and a little for the way. */
const connectTimeoutMs = 65_000;
const nonceForm = /^#nonce=([A-Za-z0-9_-]{16,128})$/;

/**
 * `not-framed`: opened by itself, or by a page that may not frame it; the person should open it from their bank's page.
 * `no-answer`: framed rightly, but the page did not answer the handshake within 65 s.
 */
export interface HostFailure {
  readonly kind: "not-framed" | "no-answer";
}

/** Origins that may frame the designer, as the server wrote them into the page. */
function readAllowedOrigins(frame: Window): readonly string[] {
  const meta = frame.document.querySelector<HTMLMetaElement>('meta[name="fullbleed-origins"]');
  return meta?.content.split(/\s+/).filter(Boolean) ?? [];
}

/** The allowed origins that the parent can have; browsers that tell the parent's origin narrow it to one. */
function readParentOrigins(frame: Window): readonly string[] {
  const allowed = readAllowedOrigins(frame);
  const told = frame.location.ancestorOrigins?.[0];
  return told === undefined || told === "null" ? allowed : allowed.filter((origin) => origin === told);
}

/**
 * Takes the nonce out of the address, so that it is in no later link or report. The state of the history entry keeps it
 * for a frame that is reloaded by itself.
 */
function takeNonce(frame: Window): string | undefined {
  const nonce = nonceForm.exec(frame.location.hash)?.[1];
  if (nonce === undefined) return readKeptNonce(frame.history.state);
  frame.history.replaceState({ nonce }, "", frame.location.href.split("#")[0]);
  return nonce;
}

function readKeptNonce(state: unknown): string | undefined {
  const kept = typeof state === "object" && state !== null && "nonce" in state ? state.nonce : undefined;
  return typeof kept === "string" ? kept : undefined;
}

/** The first message through the port: what the designer is started with. */
function readStart(port: MessagePort, done: (start: HostStart) => void): void {
  const started = new AbortController();
  const hear = ({ data }: MessageEvent<unknown>): void => {
    if (!isToFrame(data) || data.type !== "start") return;
    started.abort();
    done(data);
  };
  port.addEventListener("message", hear, { signal: started.signal });
  port.start();
}

function shakeHands(
  frame: Window,
  origins: readonly string[],
  nonce: string,
  timeoutMs: number,
): Promise<HostLink | HostFailure> {
  const hello: FrameHello = { fullbleed: "hello", protocol: frameProtocol, nonce, boot: crypto.randomUUID() };
  const { promise, resolve } = Promise.withResolvers<HostLink | HostFailure>();
  const sayHello = (): void => {
    for (const origin of origins) frame.parent.postMessage(hello, origin);
  };
  const hear = ({ source, origin, data, ports: [port] }: MessageEvent<unknown>): void => {
    if (source !== frame.parent || !origins.includes(origin) || !port || !isLoaderConnect(data)) return;
    if (data.nonce !== nonce || data.protocol !== frameProtocol) return;
    stopHello();
    readStart(port, (start) => {
      clearTimeout(deadline);
      resolve(createHostLink(port, start));
    });
  };
  const stopHello = (): void => {
    clearInterval(repeat);
    frame.removeEventListener("message", hear);
  };
  const repeat = setInterval(sayHello, helloEveryMs);
  const deadline = setTimeout(() => {
    stopHello();
    resolve({ kind: "no-answer" });
  }, timeoutMs);
  frame.addEventListener("message", hear);
  sayHello();
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
  return shakeHands(frame, origins, nonce, timeoutMs);
}
