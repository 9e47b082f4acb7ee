interface Shared<Result> {
  readonly answer: Promise<Result>;
  readonly ending: AbortController;
  readers: number;
}

/** For the same key, what is called for is called for once at a time. */
export type SharedCalls<Result> = (
  key: string,
  gone: AbortSignal,
  call: (allGone: AbortSignal) => Promise<Result>,
) => Promise<Result>;

/** Whoever asks while the same is being asked gets that answer, of which nothing is kept; `allGone` once all who wait for it have gone. */
export function createSharedCalls<Result>(): SharedCalls<Result> {
  const running = new Map<string, Shared<Result>>();
  const forget = (key: string, shared: Shared<Result>): void => {
    if (running.get(key) === shared) running.delete(key);
  };
  return async (key, gone, call) => {
    let shared = running.get(key);
    if (shared === undefined) {
      const ending = new AbortController();
      const begun: Shared<Result> = {
        ending,
        readers: 0,
        answer: call(ending.signal).finally(() => forget(key, begun)),
      };
      shared = begun;
      running.set(key, begun);
    }
    const joined = shared;
    joined.readers += 1;
    const leave = (): void => {
      joined.readers -= 1;
      if (joined.readers > 0) return;
      forget(key, joined);
      joined.ending.abort(gone.reason);
    };
    if (gone.aborted) leave();
    else gone.addEventListener("abort", leave, { once: true });
    return joined.answer;
  };
}
