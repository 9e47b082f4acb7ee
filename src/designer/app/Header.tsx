import type { ReactNode } from "react";
import type { FlowStep } from "../flow/flow-state.ts";
import { useNumberFormat, useText } from "../locales/text.tsx";
import { classNames } from "../ui/class-names.ts";
import { Icon } from "../ui/Icon.tsx";
import styles from "./Header.module.css";

const steps = ["step.photo", "step.design", "step.preview", "step.send"] as const;
const stepIndex = { pick: 0, design: 1, preview: 2, sending: 3, follow: 3 } as const satisfies Record<FlowStep, number>;

interface HeaderProps {
  readonly issuerName: string;
  readonly step: FlowStep;
  /** The last step is done as well. */
  readonly finished?: boolean;
  /** What stands at the end of it. */
  readonly end?: ReactNode;
}

/** Whose designer this is, and how far the cardholder has come. */
export function Header({ issuerName, step, finished = false, end }: HeaderProps): ReactNode {
  const t = useText();
  const number = useNumberFormat();
  const current = stepIndex[step];
  return (
    <header className={styles.header}>
      <p className={styles.issuer}>
        <span className={styles.logo}>
          <svg
            aria-hidden="true"
            width="16"
            height="16"
            viewBox="0 0 16 16"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.8"
          >
            <rect x="2" y="3.6" width="12" height="8.8" rx="2" />
          </svg>
        </span>
        <span>{issuerName}</span>
      </p>
      <nav aria-label={t("app.steps")}>
        <p className={styles.where}>
          {t("app.step-of", { step: current + 1, steps: steps.length, name: t(steps[current]) })}
        </p>
        <ol className={styles.steps}>
          {steps.map((id, index) => {
            const done = index < current || finished;
            return (
              <li
                key={id}
                className={classNames(styles.step, done && styles.done, index === current && !done && styles.current)}
                aria-current={index === current ? "step" : undefined}
              >
                <span className={styles.number}>
                  {done ? <Icon name="check" size={14} /> : number.format(index + 1)}
                </span>
                <span>{t(id)}</span>
                {done && <span className="visually-hidden">{` (${t("app.step-done")})`}</span>}
              </li>
            );
          })}
        </ol>
      </nav>
      {end}
    </header>
  );
}
