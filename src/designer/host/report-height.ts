/** Reports that may follow each other without a calm second between them: more is a layout that chases its own height. */
const maxReportsPerBurst = 60;
const calmMs = 1000;

/**
 * Reports the height of `element` in whole CSS pixels, now and whenever it changes, until the returned function is called.
 * A layout whose height depends on the frame's height stops being followed after 60 reports instead of growing for ever.
 */
export function reportHeight(element: HTMLElement, report: (heightPx: number) => void): () => void {
  let lastPx = 0;
  let lastAt = Number.NEGATIVE_INFINITY;
  let reportsLeft = maxReportsPerBurst;

  const measure = (): void => {
    const heightPx = Math.ceil(element.getBoundingClientRect().height);
    // One pixel less is rounding, not content.
    if (heightPx === lastPx || heightPx === lastPx - 1) return;
    const now = performance.now();
    if (now - lastAt > calmMs) reportsLeft = maxReportsPerBurst;
    lastAt = now;
    if (reportsLeft === 0) return;
    reportsLeft -= 1;
    lastPx = heightPx;
    report(heightPx);
  };

  measure();
  // The observer calls at most once per frame, which is all the coalescing needed.
  const observer = new ResizeObserver(measure);
  observer.observe(element);
  return () => observer.disconnect();
}
