import { type ReactNode, useRef } from "react";
import type { Change } from "#design/edits.ts";
import { useNumberFormat, useText } from "../../locales/text.tsx";
import { useChangePhoto } from "../../store/use-design-store.tsx";
import { Button } from "../../ui/Button.tsx";
import { Callout } from "../../ui/Callout.tsx";
import styles from "./Checks.module.css";
import { type DesignCheck, textsOf, useChecks } from "./design-checks.ts";

/** The id of the element that says how the card will print. */
export const checksId = "design-checks";

/** Each check: one bold line, one quiet line, one button. */
export function Checks(): ReactNode {
  const checks = useChecks();
  const change = useChangePhoto();
  const list = useRef<HTMLDivElement>(null);
  const applyFix = (fix: Change) => {
    // The button disappears once its check is fixed; the focus stays where the new result is.
    list.current?.focus({ preventScroll: true });
    change(fix);
  };
  return (
    <div ref={list} id={checksId} className={styles.checks} tabIndex={-1}>
      {checks.map((check) => (
        <CheckCallout key={check.id} check={check} onFix={applyFix} />
      ))}
    </div>
  );
}

interface CheckCalloutProps {
  readonly check: DesignCheck;
  readonly onFix: (fix: Change) => void;
}

function CheckCallout({ check, onFix }: CheckCalloutProps): ReactNode {
  const t = useText();
  const number = useNumberFormat();
  const { fix } = check;
  const fixTurns = check.id === "sharpness" && check.fixTurns;
  const { tone, title, fixable, unfixable } = textsOf(check);
  const values =
    check.id === "sharpness"
      ? { dpi: number.format(check.result.dpi), least: number.format(check.result.leastDpi) }
      : undefined;
  const zoomLabel = check.id === "subject" ? "design.check.uncoverLabel" : "design.check.fixLabel";
  const button =
    fix === null ? undefined : (
      <Button
        className={styles.fix}
        aria-label={t(fixTurns ? "design.check.turnLabel" : zoomLabel)}
        onClick={() => onFix(fix)}
      >
        {t("design.check.fix")}
      </Button>
    );
  return (
    <Callout tone={tone} title={t(title)} action={button}>
      {t(fixTurns ? "design.check.tooSoft.turn" : fix === null ? unfixable : fixable, values)}
    </Callout>
  );
}
