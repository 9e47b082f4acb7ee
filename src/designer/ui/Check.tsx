import type { ComponentPropsWithRef, ReactNode } from "react";
import styles from "./Check.module.css";

interface CheckProps extends Omit<ComponentPropsWithRef<"input">, "type" | "onChange"> {
  readonly onChange: (checked: boolean) => void;
  readonly children: ReactNode;
}

/** A native checkbox whose whole line can be pressed. */
export function Check({ onChange, children, ...rest }: CheckProps): ReactNode {
  return (
    <label className={styles.check}>
      <input type="checkbox" {...rest} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{children}</span>
    </label>
  );
}
