import { type ReactNode, useState } from "react";
import { useStore } from "zustand/react";
import { photoOf } from "#design/design.ts";
import { makeDesignFile } from "../drafts/design-file.ts";
import { keptDays } from "../drafts/device-store.ts";
import { designFileEnding } from "../flow/first-flow.ts";
import { useSession } from "../flow/use-session.tsx";
import { useText } from "../locales/text.tsx";
import { leaveToHeading } from "../steps/StepHeading.tsx";
import { openPhotoOf } from "../store/design-store.ts";
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
      <div className={styles.buttons}>
        <SaveCopy />
        <Button ref={leaveToHeading} aria-disabled={isDeleting} onClick={() => void deleteAll()}>
          {t(isDeleting ? "kept.deleting" : "kept.delete")}
        </Button>
      </div>
    </details>
  );
}

/** Of what lies on the card, as a file that opens the same card again. */
function SaveCopy(): ReactNode {
  const t = useText();
  const { design } = useSession();
  const photo = useStore(design, openPhotoOf);
  const isThere = useStore(design, (state) => state.isBegun && (photoOf(state.design) === null || photo !== null));
  if (!isThere) return null;
  const save = (): void => {
    design.getState().settle();
    const link = document.createElement("a");
    link.href = URL.createObjectURL(makeDesignFile({ design: design.getState().design, photo }));
    link.download = `card${designFileEnding}`;
    link.click();
    // By then the browser has it, or has asked where it is to go.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  };
  return <Button onClick={save}>{t("kept.save")}</Button>;
}
