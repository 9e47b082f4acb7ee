import { type RefObject, useLayoutEffect, useState, useSyncExternalStore } from "react";

/** Width of an element in CSS pixels, fractions included; 0 before it is laid out. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [widthPx, setWidthPx] = useState(0);
  useLayoutEffect(() => {
    if (element.current === null) return;
    setWidthPx(element.current.getBoundingClientRect().width);
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setWidthPx(entry.contentRect.width);
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return widthPx;
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
