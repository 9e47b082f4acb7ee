import { type ReactNode, useEffect, useRef } from "react";
import styles from "./Ink.module.css";
import type { InkView } from "./ink.ts";

/** What is being drawn, and the point of the pen. */
export function Ink({ view }: { readonly view: InkView }): ReactNode {
  const finished = useRef<HTMLCanvasElement>(null);
  const end = useRef<HTMLCanvasElement>(null);
  const point = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const canvases = [finished.current, end.current].filter((canvas) => canvas !== null);
    return point.current === null ? undefined : view.attach(canvases, point.current);
  }, [view]);
  return (
    <>
      <canvas ref={finished} className={styles.ink} width={0} height={0} data-ink="finished" />
      <canvas ref={end} className={styles.ink} width={0} height={0} data-ink="end" />
      <span ref={point} className={styles.point} />
    </>
  );
}
