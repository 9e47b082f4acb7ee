import type { ReactNode } from "react";
import { useFirstSession } from "../flow/use-session.tsx";
import { useLocale } from "../locales/text.tsx";
import styles from "./CardName.module.css";

/** What the issuer calls this card, and perhaps says of it: in the cardholder's language or, where it has none in that, in English. */
export function CardName({ withIntro = false }: { readonly withIntro?: boolean }): ReactNode {
  const { productTexts = {} } = useFirstSession();
  const { name, intro } = productTexts[useLocale().language] ?? productTexts["en"] ?? {};
  if (name === undefined) return null;
  return (
    <p className={styles.card}>
      <bdi className={styles.name}>{name}</bdi>
      {withIntro && intro !== undefined && <bdi>{intro}</bdi>}
    </p>
  );
}
