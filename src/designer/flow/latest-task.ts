/**
 * One kind of work of which only the latest counts: starting it again stops what was running. Whoever stops work says what
 * that leaves behind; stopped work says and does nothing more, since something else may have begun meanwhile.
 */
export interface LatestTask {
  /** Runs `work` with a signal of its own. */
  start<Answer>(work: (signal: AbortSignal) => Promise<Answer>): Promise<Answer>;
  stop(): void;
}

export function createLatestTask(): LatestTask {
  let controller: AbortController | null = null;
  const stop = (): void => {
    controller?.abort();
    controller = null;
  };
  return {
    stop,
    start: (work) => {
      stop();
      controller = new AbortController();
      return work(controller.signal);
    },
  };
}
