/** Of everything that is counted by key so many keys are kept, those that were seen last: a flood of others costs no more memory. */
export const mostKeys = 10_000;

/** Makes the key the one that was seen last, and forgets the one that has not been seen for longest when there are too many. */
export function keepLast<Value>(map: Map<string, Value>, key: string, value: Value, most = mostKeys): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= most) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}

type Done = (error: Error | null, result?: { current: number; ttl: number }) => void;

/** A store for @fastify/rate-limit: requests in windows of time, each of which begins with a key's first. */
export class WindowCounts {
  readonly #counts = new Map<string, { readonly since: number; count: number }>();

  get size(): number {
    return this.#counts.size;
  }

  incr(key: string, done: Done, windowMs: number): void {
    const now = Date.now();
    const before = this.#counts.get(key);
    // The package's own store would wait for the clock to catch up when it has been set back.
    const isOver = before === undefined || now < before.since || now - before.since >= windowMs;
    const own = isOver ? { since: now, count: 0 } : before;
    own.count += 1;
    keepLast(this.#counts, key, own);
    done(null, { current: own.count, ttl: own.since + windowMs - now });
  }

  child(): WindowCounts {
    return new WindowCounts();
  }
}

const mostGuesses = 10;
const guessWindowMs = 60_000;

/** Wrong secrets of the last minute by key: ten are answered, the next are refused. */
export function createGuesses() {
  const guesses = new Map<string, readonly number[]>();
  const listLast = (key: string, now: number): readonly number[] =>
    (guesses.get(key) ?? []).filter((at) => at <= now && now - at < guessWindowMs);
  return {
    size: () => guesses.size,
    /** Milliseconds until one more is answered; 0: now. */
    waitMs(key: string): number {
      const now = Date.now();
      const last = listLast(key, now);
      const first = last.at(-mostGuesses);
      if (first === undefined) return 0;
      keepLast(guesses, key, last);
      return first + guessWindowMs - now;
    },
    add(key: string): void {
      const now = Date.now();
      keepLast(guesses, key, [...listLast(key, now), now].slice(-mostGuesses));
    },
  };
}
