import type { CardDesignerError } from "./options.ts";

/** `Handle.ready`, with a deadline that `expect` starts anew. */
export function createReady(timeoutMs: number, onLate: () => void) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // A page that listens to `onEvent` alone is told there: no unhandled rejection on top.
  promise.catch(() => {});

  return {
    promise,
    expect: (): void => {
      clearTimeout(timer);
      timer = setTimeout(onLate, timeoutMs);
    },
    succeed: (): void => {
      clearTimeout(timer);
      resolve();
    },
    fail: (error: CardDesignerError): void => {
      clearTimeout(timer);
      reject(error);
    },
  };
}
