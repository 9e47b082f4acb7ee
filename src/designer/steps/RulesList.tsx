import type { ReactNode } from "react";
import { useLocale, useText } from "../locales/text.tsx";
import { Icon } from "../ui/Icon.tsx";
import styles from "./RulesList.module.css";

/** The issuer's picture rules under their name and version: what is good and what is not allowed, a line for each, as many as it has. */
export function RulesList(): ReactNode {
  const t = useText();
  const { tag } = useLocale();
  const version = t("rules.version");
  const month = monthOf(version, tag);
  return (
    <section className={styles.rules}>
      <h2 className="label">{t("rules.title")}</h2>
      <div className={styles.lists}>
        <Rules kind="good" />
        <Rules kind="not-allowed" />
      </div>
      <p className={styles.version}>
        {month === undefined ? t("rules.of-version", { version }) : t("rules.of-month", { month })}
      </p>
    </section>
  );
}

function Rules({ kind }: { readonly kind: "good" | "not-allowed" }): ReactNode {
  const t = useText();
  const lines = t(`rules.${kind}`).split("\n");
  return (
    <div className={kind === "good" ? undefined : styles.no}>
      <h3 className={styles.kind}>
        <Icon name={kind === "good" ? "check" : "close"} size={16} />
        <span>{t(`rules.${kind}-title`)}</span>
      </h3>
      <ul>
        {lines
          .map((line) => line.trim())
          .filter((line) => line !== "")
          .map((line, index) => (
            <li key={index}>{line}</li>
          ))}
      </ul>
    </div>
  );
}

/** A version that is a month, as ours is, in words: "2026-11" is November 2026. Undefined for any other. */
function monthOf(version: string, tag: string): string | undefined {
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(version) ?? [];
  if (year === undefined || month === undefined) return undefined;
  const format = new Intl.DateTimeFormat(tag, { month: "long", year: "numeric", calendar: "gregory", timeZone: "UTC" });
  return format.format(Date.UTC(Number(year), Number(month) - 1));
}
