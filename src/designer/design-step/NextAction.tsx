import type { ReactNode } from "react";
import { useText } from "#designer/locales/text.tsx";
import { announce } from "#designer/ui/LiveRegion.tsx";
import { Button } from "#designer/ui/Button.tsx";
import { findingsId } from "./Findings.tsx";
import styles from "./Panel.module.css";
import { useAdvice } from "./use-advice.ts";

/** On to the print preview, unless the crop cannot be printed; then the button says why. */
export function NextAction({ onPreview }: { readonly onPreview: () => void }): ReactNode {
  const t = useText();
  const refused = useAdvice().some((advice) => advice.refused);
  const sayWhy = () => announce((document.getElementById(findingsId)?.innerText ?? "").replaceAll(/\s*\n\s*/g, ". "));
  return (
    <Button
      variant="primary"
      wide
      className={styles.next}
      aria-disabled={refused}
      aria-describedby={refused ? findingsId : undefined}
      onClick={refused ? sayWhy : onPreview}
    >
      {t("design.next")}
    </Button>
  );
}
