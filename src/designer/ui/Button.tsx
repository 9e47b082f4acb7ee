import type { ComponentPropsWithRef, ReactNode } from "react";
import styles from "./Button.module.css";
import { classNames } from "./class-names.ts";
import { Icon, type IconName } from "./Icon.tsx";

interface ButtonProps extends ComponentPropsWithRef<"button"> {
  /** `primary`: the one thing to do next. `icon`: the icon alone; give it an `aria-label`. */
  readonly variant?: "primary" | "secondary" | "quiet" | "icon";
  readonly icon?: IconName | undefined;
  /** As wide as the column. */
  readonly wide?: boolean;
}

/** A native button, at least 44 by 44 px. Its words have an element of their own: see `findSharedWords`. */
export function Button({
  variant = "secondary",
  icon,
  wide = false,
  className,
  children,
  ...rest
}: ButtonProps): ReactNode {
  return (
    <button
      type="button"
      {...rest}
      className={classNames(styles.button, styles[variant], wide && styles.wide, className)}
    >
      {icon !== undefined && <Icon name={icon} />}
      {children !== undefined && <span>{children}</span>}
    </button>
  );
}
