import { type ReactNode, useState } from "react";
import { keptDays } from "../drafts/device-store.ts";
import { useSession } from "../flow/use-session.ts";
import { useText } from "../locales/text.tsx";
import { leaveToHeading } from "../steps/StepHeading.tsx";
import { Button } from "../ui/Button.tsx";
import styles from "./Kept.module.css";

/** What is kept of a card that is not finished, and where, and the way to have none of it any more. Quiet until it is asked for. */
export function Kept(): ReactNode {
  const t = useText();
  const { flow } = useSession();
  const [isDeleting, setIsDeleting] = useState(false);
  const deleteAll = async (): Promise<void> => {
    if (isDeleting) return;
    setIsDeleting(true);
    await flow.deleteDraft();
    setIsDeleting(false);
  };
  return (
    <details className={styles.kept}>
      <summary>{t("kept.title")}</summary>
      <ul>
        <li>{t("kept.device", { days: keptDays })}</li>
        <li>{t("kept.server")}</li>
      </ul>
      <Button ref={leaveToHeading} aria-disabled={isDeleting} onClick={() => void deleteAll()}>
        {t(isDeleting ? "kept.deleting" : "kept.delete")}
      </Button>
    </details>
  );
}
