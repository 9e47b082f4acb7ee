import { type RefCallback, useCallback, useState, useSyncExternalStore } from "react";

/** Width of an element in CSS pixels, fractions included; 0 before it is laid out. The first value is the element's ref. */
export function useWidth(): [ref: RefCallback<HTMLElement>, widthPx: number] {
  const [widthPx, setWidthPx] = useState(0);
  const measure = useCallback((element: HTMLElement | null) => {
    if (element === null) return;
    const read = () => setWidthPx(element.getBoundingClientRect().width);
    const observer = new ResizeObserver(read);
    observer.observe(element);
    read();
    return () => observer.disconnect();
  }, []);
  return [measure, widthPx];
}

function onPixelRatioChange(listener: () => void): () => void {
  let query: MediaQueryList | null = null;
  const watch = () => {
    query?.removeEventListener("change", changed);
    query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    query.addEventListener("change", changed);
  };
  const changed = () => {
    listener();
    watch();
  };
  watch();
  return () => query?.removeEventListener("change", changed);
}

/** Device pixels per CSS pixel; changes with the screen and with the page's zoom. At most 3, to bound the canvas. */
export function usePixelRatio(): number {
  return useSyncExternalStore(onPixelRatioChange, () => Math.min(devicePixelRatio, 3));
}
