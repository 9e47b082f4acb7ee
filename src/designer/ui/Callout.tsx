import type { ReactNode, Ref } from "react";
import styles from "./Callout.module.css";
import { classNames } from "./class-names.ts";
import { Icon, type IconName } from "./Icon.tsx";

type Tone = "ok" | "warn" | "problem" | "note";

const icons: Readonly<Record<Tone, IconName>> = { ok: "check", warn: "warning", problem: "problem", note: "info" };

interface CalloutProps {
  readonly tone: Tone;
  /** One bold line. */
  readonly title: string;
  /** One quiet line. */
  readonly children?: ReactNode;
  /** One button, or more of them in a row (`hasWideAction`), which is shown below. */
  readonly action?: ReactNode;
  /** The button that puts it aside: at the end of the row. */
  readonly dismiss?: ReactNode;
  readonly hasWideAction?: boolean;
  /** The words are a button, which the element of this id describes. */
  readonly press?: { readonly describedBy: string; readonly onPress: (button: HTMLElement) => void } | undefined;
  readonly boxRef?: Ref<HTMLDivElement>;
  readonly pressRef?: Ref<HTMLButtonElement>;
}

/** A tinted box beside the card, for a check or a notice. */
export function Callout(props: CalloutProps): ReactNode {
  const { tone, title, children, action, dismiss, hasWideAction, press, boxRef, pressRef } = props;
  const hasButton = action !== undefined || dismiss !== undefined;
  return (
    <div
      ref={boxRef}
      className={classNames(
        styles.callout,
        styles[tone],
        hasButton && styles.withAction,
        hasWideAction === true && styles.withWideAction,
      )}
      data-tone={tone}
    >
      <Icon name={icons[tone]} />
      {press === undefined ? (
        <strong>{title}</strong>
      ) : (
        <button
          ref={pressRef}
          type="button"
          className={styles.words}
          aria-describedby={press.describedBy}
          onClick={({ currentTarget }) => press.onPress(currentTarget)}
        >
          <strong>{title}</strong>
          <span>{children}</span>
        </button>
      )}
      {hasButton && (
        <div className={styles.end}>
          <div className={styles.actions}>{action}</div>
          {dismiss}
        </div>
      )}
      {press === undefined && children !== undefined && <p>{children}</p>}
    </div>
  );
}
