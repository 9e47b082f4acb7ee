/**
 * Aborts with the first of the signals, and for its reason: `AbortSignal.any`, which the oldest browsers do not have.
 * It holds on to all of them until then, so one has to end by itself: a timeout, or a controller that is aborted at last.
 */
export function anySignal(signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  const controller = new AbortController();
  for (const signal of signals) {
    if (signal?.aborted === true) controller.abort(signal.reason);
    signal?.addEventListener("abort", () => controller.abort(signal.reason), { signal: controller.signal });
  }
  return controller.signal;
}
