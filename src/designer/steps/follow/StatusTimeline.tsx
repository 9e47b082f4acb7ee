import type { ReactNode } from "react";
import type { SubmissionState } from "#contracts/submission.ts";
import { useText } from "../../locales/text.tsx";
import { Icon } from "../../ui/Icon.tsx";
import styles from "./StatusTimeline.module.css";
import { timelineOf } from "./status.ts";

/** The four stages of a submission, and which one it has reached. */
export function StatusTimeline({ state }: { readonly state: SubmissionState }): ReactNode {
  const t = useText();
  return (
    <ol className={styles.timeline} aria-label={t("follow.steps")}>
      {timelineOf(state).map((entry) => (
        <li key={entry.title} className={styles.entry} data-state={entry.state}>
          <span className={styles.dot}>
            {entry.state === "done" && <Icon name="check" size={16} />}
            {entry.state === "stopped" && <Icon name="close" size={16} />}
          </span>
          <p className={styles.title}>
            <span>{t(entry.title)}</span>
            <span className="visually-hidden">{` (${t(`follow.state.${entry.state}`)})`}</span>
          </p>
          {entry.help !== null && <p className={styles.help}>{t(entry.help)}</p>}
        </li>
      ))}
    </ol>
  );
}
