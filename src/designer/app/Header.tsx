import { type ReactNode, useState } from "react";
import type { IssuerLogo } from "#contracts/session.ts";
import type { FlowStep } from "../flow/flow-state.ts";
import { useNumberFormat, useText } from "../locales/text.tsx";
import { classNames } from "../ui/class-names.ts";
import { Icon } from "../ui/Icon.tsx";
import styles from "./Header.module.css";

const steps = ["step.photo", "step.design", "step.preview", "step.send"] as const;
const stepIndex = { pick: 0, design: 1, preview: 2, sending: 3, follow: 3 } as const satisfies Record<FlowStep, number>;

interface HeaderProps {
  readonly issuerName: string;
  readonly logo?: IssuerLogo | undefined;
  readonly step: FlowStep;
  /** The last step is done as well. */
  readonly finished?: boolean;
  /** What stands at the end of it. */
  readonly end?: ReactNode;
}

/** Whose designer this is, and how far the cardholder has come. */
export function Header({ issuerName, logo, step, finished = false, end }: HeaderProps): ReactNode {
  const t = useText();
  const number = useNumberFormat();
  const current = stepIndex[step];
  return (
    <header className={styles.header}>
      <IssuerBrand name={issuerName} logo={logo} />
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

/** The issuer's logo on the scheme's ground; its name beside it, or in its place, where the logo does not say it or cannot be shown. */
function IssuerBrand({ name, logo }: { readonly name: string; readonly logo: IssuerLogo | undefined }): ReactNode {
  const [failed, setFailed] = useState(false);
  const isShown = logo !== undefined && !failed;
  const alone = isShown && logo.wordless !== true;
  return (
    <p className={styles.issuer}>
      {isShown ? (
        (["light", "dark"] as const).map((scheme) => (
          // One that is not displayed is not loaded.
          <img
            key={scheme}
            className={classNames(styles.logo, styles[scheme])}
            src={logo[scheme]}
            alt={alone ? name : ""}
            loading="lazy"
            onError={() => setFailed(true)}
          />
        ))
      ) : (
        <span className={styles.mark}>
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
      )}
      {!alone && <span className={styles.name}>{name}</span>}
    </p>
  );
}
