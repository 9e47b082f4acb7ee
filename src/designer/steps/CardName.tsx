import type { ReactNode } from "react";
import { useFirstSession } from "../flow/use-session.ts";
import styles from "./CardName.module.css";

/** What the issuer calls this card, and perhaps says of it: in the session's language, whatever the page is in. */
export function CardName({ withIntro = false }: { readonly withIntro?: boolean }): ReactNode {
  const { name, intro } = useFirstSession().productTexts ?? {};
  if (name === undefined) return null;
  return (
    <p className={styles.card}>
      <bdi className={styles.name}>{name}</bdi>
      {withIntro && intro !== undefined && <bdi>{intro}</bdi>}
    </p>
  );
}
