import type { ReactNode } from "react";
import { useText } from "../locales/text.tsx";
import { Icon } from "../ui/Icon.tsx";
import styles from "./RulesList.module.css";

const rules = [
  { id: "rules.yours", allowed: true },
  { id: "rules.people", allowed: true },
  { id: "rules.brands", allowed: false },
  { id: "rules.offence", allowed: false },
  { id: "rules.numbers", allowed: false },
] as const;

/** The issuer's picture rules, in the issuer's words where it gave any. */
export function RulesList(): ReactNode {
  const t = useText();
  return (
    <ul className={styles.rules}>
      {rules.map(({ id, allowed }) => (
        <li key={id} className={allowed ? undefined : styles.no}>
          <Icon name={allowed ? "check" : "close"} size={18} />
          <span>{t(id)}</span>
        </li>
      ))}
    </ul>
  );
}
