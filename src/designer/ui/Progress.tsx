import { type ReactNode, useId } from "react";
import { classNames } from "./class-names.ts";
import styles from "./Progress.module.css";

interface ProgressProps {
  readonly label: string;
  /** 0 to 1; null when it cannot be known. */
  readonly fraction: number | null;
  readonly action?: ReactNode;
  /** Shows only once it has lasted longer than 300 ms. */
  readonly late?: boolean;
}

/** A native progress bar with its words and, where it can be stopped, a button. */
export function Progress({ label, fraction, action, late = false }: ProgressProps): ReactNode {
  const id = useId();
  return (
    <div className={classNames(styles.progress, late && styles.late)}>
      <div className={styles.line}>
        <span id={id}>{label}</span>
        {action}
      </div>
      <progress className={styles.bar} aria-labelledby={id} max={1} value={fraction ?? undefined} />
    </div>
  );
}
