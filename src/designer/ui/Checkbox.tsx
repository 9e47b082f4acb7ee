import type { ComponentPropsWithRef, ReactNode } from "react";
import styles from "./Checkbox.module.css";

interface CheckboxProps extends Omit<ComponentPropsWithRef<"input">, "type" | "onChange"> {
  readonly onChange: (checked: boolean) => void;
  readonly children: ReactNode;
}

/** A native checkbox whose whole line can be pressed. */
export function Checkbox({ onChange, children, ...rest }: CheckboxProps): ReactNode {
  return (
    <label className={styles.checkbox}>
      <input type="checkbox" {...rest} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{children}</span>
    </label>
  );
}
