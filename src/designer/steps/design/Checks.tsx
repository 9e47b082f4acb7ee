import { type ReactNode, useRef, useState } from "react";
import { useNumberFormat, useText } from "../../locales/text.tsx";
import { useDesignStoreApi } from "../../store/use-design-store.tsx";
import { Button } from "../../ui/Button.tsx";
import { leaveToHeading } from "../StepHeading.tsx";
import { Callout } from "../../ui/Callout.tsx";
import type { Fix } from "./check-fixes.ts";
import { fixLabelOf, moreOf, titleOf } from "./check-texts.ts";
import styles from "./Checks.module.css";
import { type MendableCheck, useMendableChecks } from "./use-checks.ts";

/** The id of the element that says how the card will print. */
export const checksId = "design-checks";

/** Each check: one bold line, one quiet line, one button. A phone shows the worst, and the others when they are asked for. */
export function Checks(): ReactNode {
  const t = useText();
  const checks = useMendableChecks();
  const store = useDesignStoreApi();
  const list = useRef<HTMLDivElement>(null);
  const [isUnfolded, setIsUnfolded] = useState(false);
  const applyFix = ({ edit }: Fix) => {
    // The button disappears once its check is fixed; the focus stays where the new result is.
    list.current?.focus({ preventScroll: true });
    store.getState().edit(edit);
  };
  return (
    <div className={styles.checks}>
      <div
        ref={list}
        id={checksId}
        className={styles.list}
        data-unfolded={isUnfolded}
        aria-busy={checks.some(({ fix }) => fix === undefined)}
        tabIndex={-1}
      >
        {checks.map((each) => (
          <CheckCallout key={each.check.id} {...each} onFix={applyFix} />
        ))}
      </div>
      {checks.length > 1 && (
        <Button
          ref={leaveToHeading}
          variant="quiet"
          wide
          className={styles.more}
          aria-expanded={isUnfolded}
          aria-controls={checksId}
          onClick={() => setIsUnfolded(!isUnfolded)}
        >
          {isUnfolded ? t("design.check.fewer") : t("design.check.others", { count: checks.length - 1 })}
        </Button>
      )}
    </div>
  );
}

interface CheckCalloutProps extends MendableCheck {
  readonly onFix: (fix: Fix) => void;
}

function CheckCallout({ check, fix, onFix }: CheckCalloutProps): ReactNode {
  const t = useText();
  const number = useNumberFormat();
  const button = !fix ? undefined : (
    <Button className={styles.fix} aria-label={t(fixLabelOf(check, fix))} onClick={() => onFix(fix)}>
      {t("design.check.fix")}
    </Button>
  );
  return (
    <Callout tone={check.tone} title={titleOf(check, t)} action={button}>
      {moreOf(check, fix, t, number)}
    </Callout>
  );
}
