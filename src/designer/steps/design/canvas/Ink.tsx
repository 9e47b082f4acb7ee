import { type ReactNode, useEffect, useRef } from "react";
import styles from "./Ink.module.css";
import type { InkView } from "./ink.ts";

/** What is being drawn, and the point of the pen; there while something can be drawn. */
export function Ink({ view }: { readonly view: InkView }): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const point = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (host.current !== null && point.current !== null) return view.attach(host.current, point.current);
  }, [view]);
  return (
    <>
      <div ref={host} className={styles.ink} data-ink />
      <span ref={point} className={styles.point} />
    </>
  );
}
