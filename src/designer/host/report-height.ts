/** More reports than this without a calm second between them come from a layout that follows the frame's own height. */
const maxReportsPerBurst = 60;
const calmMs = 1000;

/**
 * Reports the height of `element` in whole CSS pixels, now and whenever it changes, until the returned function is called.
 * A layout whose height depends on the frame's would change it for ever, so it gets 60 reports: the last of them waits for
 * a calm second, so that a layout that does come to rest ends with its true height. A new width starts the count again:
 * it comes from a window that is being resized, not from such a layout.
 */
export function reportHeight(element: HTMLElement, report: (heightPx: number) => void): () => void {
  const burst = { reportsLeft: maxReportsPerBurst, widthsPx: new Set<number>(), lastAt: Number.NEGATIVE_INFINITY };
  let lastPx = 0;
  let calmTimer: ReturnType<typeof setTimeout> | undefined;

  const send = (heightPx: number): void => {
    burst.reportsLeft -= 1;
    burst.lastAt = performance.now();
    lastPx = heightPx;
    report(heightPx);
  };
  const measure = (): void => {
    const { width, height } = element.getBoundingClientRect();
    const heightPx = Math.ceil(height);
    // One pixel less is rounding, not content.
    if (heightPx === lastPx || heightPx === lastPx - 1) return;
    if (performance.now() - burst.lastAt > calmMs) burst.widthsPx.clear();
    if (!burst.widthsPx.has(width)) burst.reportsLeft = maxReportsPerBurst;
    burst.widthsPx.add(width);
    burst.lastAt = performance.now();
    clearTimeout(calmTimer);
    if (burst.reportsLeft > 1) send(heightPx);
    else if (burst.reportsLeft === 1)
      calmTimer = setTimeout(() => send(Math.ceil(element.getBoundingClientRect().height)), calmMs);
  };

  measure();
  // The observer calls at most once per frame, which is all the coalescing needed.
  const observer = new ResizeObserver(measure);
  observer.observe(element);
  return () => {
    clearTimeout(calmTimer);
    observer.disconnect();
  };
}
