import { setTimeout as sleep } from "node:timers/promises";

export interface Loop {
  wake(): void;
  /** Resolves when the pass that is running has ended; no other begins. */
  stop(): Promise<void>;
}

/**
 * Runs `pass` again and again: at once after `wake`, otherwise after the milliseconds that it returned.
 * One that fails goes to `onError` and is run again after `retryMs`.
 */
export function startLoop(pass: () => Promise<number>, retryMs: number, onError: (cause: unknown) => void): Loop {
  let stopping = false;
  let awake = Promise.withResolvers<void>();

  async function rest(ms: number): Promise<void> {
    const timer = new AbortController();
    const pause = sleep(ms, undefined, { signal: timer.signal }).catch(() => undefined);
    await Promise.race([pause, awake.promise]);
    timer.abort();
  }

  async function run(): Promise<void> {
    while (!stopping) {
      awake = Promise.withResolvers<void>();
      const ms = await pass().catch((cause: unknown) => {
        onError(cause);
        return retryMs;
      });
      if (!stopping) await rest(ms);
    }
  }

  const running = run();
  const wake = () => awake.resolve();
  return {
    wake,
    async stop() {
      stopping = true;
      wake();
      await running;
    },
  };
}
