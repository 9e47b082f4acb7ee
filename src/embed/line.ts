import type { ToFrame } from "#contracts/frame-messages.ts";

const maxWaiting = 50;

/** The way to the frame: keeps what is said until there is a port. */
export function createLine() {
  const waiting: ToFrame[] = [];
  let port: MessagePort | undefined;

  const close = (): void => {
    port?.close();
    port = undefined;
  };
  return {
    isOpen: () => port !== undefined,
    send: (message: ToFrame): void => {
      if (port) port.postMessage(message);
      else if (waiting.length < maxWaiting) waiting.push(message);
    },
    open: (opened: MessagePort, start: ToFrame): void => {
      port = opened;
      for (const message of [start, ...waiting.splice(0)]) port.postMessage(message);
    },
    close,
    /** Drops what waits to be sent. */
    forget: (): void => {
      waiting.length = 0;
    },
  };
}
