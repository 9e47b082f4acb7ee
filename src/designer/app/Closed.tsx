import { type ReactNode, useEffect, useState } from "react";
import { useText } from "../locales/text.tsx";
import { announce } from "../ui/LiveRegion.tsx";
import { Button } from "../ui/Button.tsx";
import { Icon } from "../ui/Icon.tsx";
import { Progress } from "../ui/Progress.tsx";
import styles from "./App.module.css";
import type { ClosedReason } from "./app-state.ts";
import { reloadIfReachable } from "./reload-if-reachable.ts";

const mayHelp: ReadonlySet<ClosedReason> = new Set(["no-answer", "no-connection", "not-loaded", "crashed"]);

/** When there is nothing to design here and now: what happened, and where to go. */
export function Closed({ reason }: { readonly reason: ClosedReason }): ReactNode {
  const t = useText();
  const title = t(`closed.${reason}.title`);
  const help = t(`closed.${reason}.help`);
  useEffect(() => announce(`${title}. ${help}`), [title, help]);
  return (
    <main className={styles.closed}>
      <Icon name={reason === "not-framed" ? "lock" : "info"} size={32} />
      <h1>{title}</h1>
      <p>{help}</p>
      {mayHelp.has(reason) && <Retry />}
    </main>
  );
}

/** Loads the designer again, once its server can be reached: until then this page is better than the browser's own. */
function Retry(): ReactNode {
  const t = useText();
  const [state, setState] = useState<"quiet" | "asking" | "unreachable">("quiet");
  const retry = async (): Promise<void> => {
    if (state === "asking") return;
    setState("asking");
    if (await reloadIfReachable()) return;
    setState("unreachable");
    announce(t("closed.unreachable"));
  };
  return (
    <>
      <Button variant="primary" onClick={() => void retry()}>
        {t("closed.retry")}
      </Button>
      {state === "asking" && <Progress late label={t("closed.asking")} fraction={null} />}
      {state === "unreachable" && <p>{t("closed.unreachable")}</p>}
    </>
  );
}
