/** The reason with which work is stopped because newer work of its kind has begun. */
export const replaced = new DOMException("replaced", "AbortError");

/** One kind of work of which only the latest counts: starting it again stops what was running. */
export interface LatestTask {
  /** Runs `work` with a signal of its own. */
  start<Answer>(work: (signal: AbortSignal) => Promise<Answer>): Promise<Answer>;
  stop(): void;
}

export function createLatestTask(): LatestTask {
  let controller: AbortController | null = null;
  const end = (reason?: unknown): void => {
    controller?.abort(reason);
    controller = null;
  };
  return {
    stop: () => end(),
    start: (work) => {
      end(replaced);
      controller = new AbortController();
      return work(controller.signal);
    },
  };
}
