import type { ReactNode } from "react";
import { useText } from "../locales/text.tsx";
import { Button } from "../ui/Button.tsx";
import { Icon } from "../ui/Icon.tsx";
import styles from "./App.module.css";
import type { ClosedReason } from "./app-state.ts";

const mayHelp: ReadonlySet<ClosedReason> = new Set(["no-connection", "crashed"]);

/** When there is nothing to design here and now: what happened, and where to go. */
export function Closed({ reason }: { readonly reason: ClosedReason }): ReactNode {
  const t = useText();
  return (
    <main className={styles.closed}>
      <Icon name={reason === "not-framed" ? "lock" : "info"} size={32} />
      <h1>{t(`closed.${reason}.title`)}</h1>
      <p>{t(`closed.${reason}.help`)}</p>
      {mayHelp.has(reason) && (
        <Button variant="primary" onClick={() => location.reload()}>
          {t("closed.retry")}
        </Button>
      )}
    </main>
  );
}
