import { type FrameHello, frameProtocol, isFrameHello, type LoaderConnect } from "#contracts/frame-messages.ts";

/** A frame that is loaded again more often than this is in a loop. */
const maxBoots = 50;

/** 128 random bits. */
export function createNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Calls `onHello` once for each load of the frame that says hello from the right window and origin with the right nonce.
 * Everything else that is posted to this window is ignored.
 */
export function listenForHello(
  frame: HTMLIFrameElement,
  { origin, nonce, signal }: { origin: string; nonce: string; signal: AbortSignal },
  onHello: (hello: FrameHello) => void,
): void {
  const boots = new Set<string>();
  const hear = ({ source, origin: from, data }: MessageEvent<unknown>): void => {
    if (!source || source !== frame.contentWindow || from !== origin) return;
    if (!isFrameHello(data) || data.nonce !== nonce || boots.has(data.boot) || boots.size === maxBoots) return;
    boots.add(data.boot);
    onHello(data);
  };
  window.addEventListener("message", hear, { signal });
}

/** Gives the frame its end of a new channel and returns ours. */
export function connect(frame: HTMLIFrameElement, origin: string, nonce: string): MessagePort {
  const { port1, port2 } = new MessageChannel();
  const answer: LoaderConnect = { fullbleed: "connect", protocol: frameProtocol, nonce };
  frame.contentWindow?.postMessage(answer, origin, [port2]);
  return port1;
}
