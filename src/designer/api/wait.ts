/** Resolves after `ms` milliseconds; rejects with the signal's reason when that comes first. */
export function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

export type Wait = typeof wait;

/** What `answer` becomes, or the signal's reason when that comes first. */
export function unlessAborted<Answer>(answer: Promise<Answer>, signal: AbortSignal | undefined): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal?.reason);
    signal?.addEventListener("abort", stop, { once: true });
    void answer.then(resolve, reject).finally(() => signal?.removeEventListener("abort", stop));
    if (signal?.aborted === true) stop();
  });
}

/** Pause before attempt `attempt` (0 is the first repetition): doubles from `firstMs` to `longestMs`, half of it by chance. */
export function backOffMs(attempt: number, firstMs: number, longestMs: number): number {
  const full = Math.min(firstMs * 2 ** Math.min(attempt, 20), longestMs);
  return full / 2 + (Math.random() * full) / 2;
}
