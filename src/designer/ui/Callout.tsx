import type { ReactNode } from "react";
import styles from "./Callout.module.css";
import { classNames } from "./class-names.ts";
import { Icon, type IconName } from "./Icon.tsx";

type Tone = "ok" | "warn" | "problem" | "note";

const icons: Readonly<Record<Tone, IconName>> = { ok: "check", warn: "warning", problem: "problem", note: "info" };

interface CalloutProps {
  readonly tone: Tone;
  /** One bold line. */
  readonly title: ReactNode;
  /** One quiet line. */
  readonly children?: ReactNode;
  /** One button, or more of them in a row (`hasWideAction`), which a phone shows below. */
  readonly action?: ReactNode;
  readonly hasWideAction?: boolean;
}

/** A tinted box beside the card, for a check or a notice. */
export function Callout({ tone, title, children, action, hasWideAction }: CalloutProps): ReactNode {
  return (
    <div
      className={classNames(
        styles.callout,
        styles[tone],
        action !== undefined && styles.withAction,
        hasWideAction === true && styles.withWideAction,
      )}
      data-tone={tone}
    >
      <Icon name={icons[tone]} />
      <strong>{title}</strong>
      {action !== undefined && <div className={styles.end}>{action}</div>}
      {children !== undefined && <p>{children}</p>}
    </div>
  );
}
