/** How often messages were let in: whoever has a long piece of work to do is still at it. */
export const breaths = { count: 0 };

/** Lets messages in: a timer would take four milliseconds each time. */
export function nextTask(): Promise<void> {
  breaths.count += 1;
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

// A hand is to be answered within 50.
const workMs = 30;

/** Called between parts of the work, lets messages in when it is time to, and throws the signal's reason then. */
export function createBreathe(signal: AbortSignal | undefined): () => Promise<void> {
  let breathedAt = performance.now();
  return async () => {
    if (performance.now() - breathedAt < workMs) return;
    await nextTask();
    signal?.throwIfAborted();
    breathedAt = performance.now();
  };
}
